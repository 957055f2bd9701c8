// Telephone numbers in one form, whoever wrote them: people in a registry, switches in their reports. Two that are the
// same number become the same text; nothing is looked up, and nobody is refused who can be called.

/** How numbers are dialled in a country. */
type Plan = {
  /** Calling code. */
  code: string
  /** Dialled before a number of another country. */
  abroad: string
  /** Dialled before a number of another town, and no part of it; '' where there is none. */
  trunk: string
  /** A whole national number, without its trunk prefix: what is shorter is known in its town or its switch alone. */
  whole: RegExp
}

/** ITU-T E.164 national significant numbers, as the plans of these countries have them. */
const PLANS = {
  // Mobiles; 400 and 800; towns of two (10, 2x) and of three digits.
  CN: {
    code: '86',
    abroad: '00',
    trunk: '0',
    whole: /^(1[3-9]\d{9}|[48]00\d{7}|(10|2\d)\d{8}|[3-9]\d{2}\d{7,8})$/,
  },
  HK: { code: '852', abroad: '00', trunk: '', whole: /^[2-9]\d{7}$/ },
  MO: { code: '853', abroad: '00', trunk: '', whole: /^[268]\d{7}$/ },
  TW: { code: '886', abroad: '00', trunk: '0', whole: /^([2-8]\d{7,8}|9\d{8})$/ },
  SG: { code: '65', abroad: '00', trunk: '', whole: /^[3689]\d{7}$/ },
  MY: { code: '60', abroad: '00', trunk: '0', whole: /^(1\d{8,9}|[3-9]\d{7,8})$/ },
  JP: { code: '81', abroad: '010', trunk: '0', whole: /^[1-9]\d{8,9}$/ },
  KR: { code: '82', abroad: '00', trunk: '0', whole: /^[1-9]\d{7,9}$/ },
  US: { code: '1', abroad: '011', trunk: '1', whole: /^[2-9]\d{2}[2-9]\d{6}$/ },
  CA: { code: '1', abroad: '011', trunk: '1', whole: /^[2-9]\d{2}[2-9]\d{6}$/ },
  GB: { code: '44', abroad: '00', trunk: '0', whole: /^[1-9]\d{8,9}$/ },
  DE: { code: '49', abroad: '00', trunk: '0', whole: /^[1-9]\d{6,12}$/ },
  FR: { code: '33', abroad: '00', trunk: '0', whole: /^[1-9]\d{8}$/ },
  AU: { code: '61', abroad: '0011', trunk: '0', whole: /^[2-478]\d{8}$/ },
} as const satisfies Record<string, Plan>

export type Country = keyof typeof PLANS
export const COUNTRIES = Object.keys(PLANS) as readonly Country[]
export const USUAL_COUNTRY: Country = 'CN'

/** Numbers where a trunk prefix is never left away within the country: without it they are of the same town. */
const NEEDS_TRUNK: Partial<Record<Country, RegExp>> = {
  // 5201234 and 65201234 are of a town; 10 12345678 is not dialled without its 0 either. Mobiles and 400 are whole.
  CN: /^(?!1[3-9]|[48]00)/,
  TW: /^/,
  JP: /^/,
  KR: /^(?!1[5-9])/,
  GB: /^/,
  DE: /^/,
  FR: /^/,
  MY: /^/,
  AU: /^(?!13|18)/,
}

/** Why something is no number. */
export type NumberFault = 'letters' | 'direction' | 'digits' | 'length'

export const NUMBER_FAULTS: Readonly<Record<NumberFault, string>> = {
  letters: 'a telephone number has digits, blanks and + ( ) - . / alone',
  direction: 'a telephone number has no invisible or direction marks',
  digits: 'a telephone number has digits',
  length: 'a telephone number has 20 digits at most',
}

export type SaidNumber =
  /** `+8613800001111` where it is whole, `CN:5201234` where it is known in a town or a switch alone. */
  | { number: string }
  /** The caller does not show it, or the network does not know it. */
  | { withheld: true }
  | { refused: NumberFault }

/** What networks and switches say instead of a number. */
const WITHHELD =
  /^(anonymous|unknown|withheld|private|restricted|unavailable|blocked|no ?number|null|none|-+|未知(号码)?|匿名|隐藏号码?)?$/i

/** Invisible characters, and those that turn the direction of a text: what is read is not what is stored. */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u
/** A SIP or tel address: what stands for the number in it. */
const ADDRESS = /^(?:sips?|tel):([^@;?]+)/i
const EXTENSION = /\s*(?:转|轉|分机|ext\.?|x|;ext=)\s*\d{1,8}$/i
const LENGTH_MAX = 20

/** Reads a number as a person or a switch of `country` writes it. Never throws. */
export function readNumber(text: string | null | undefined, country: Country): SaidNumber {
  const said = (text ?? '').trim()
  if (INVISIBLE.test(said)) return { refused: 'direction' }
  const user = ADDRESS.exec(said)?.[1] ?? said
  if (WITHHELD.test(user)) return { withheld: true }
  const plain = user.normalize('NFKC').replace(EXTENSION, '')
  if (!/^[\d+\s().\-/\u2010-\u2015\u2212#*]*$/u.test(plain)) return { refused: 'letters' }
  // +44 (0)20 …: the prefix is dialled within the country alone.
  const digits = plain.replace(/^(\+\s*\d[\d\s.-]*)\(0\)/, '$1').replace(/[^\d+]/g, '')
  if (!/^\+?\d+$/.test(digits)) return { refused: 'digits' }
  if (digits.length > LENGTH_MAX) return { refused: 'length' }
  return { number: oneForm(digits, country) }
}

/** The number in one form; null where none can be read, which is no fault of whoever wrote it. */
export function numberOrNull(text: string | null | undefined, country: Country): string | null {
  const said = readNumber(text, country)
  return 'number' in said ? said.number : null
}

function oneForm(digits: string, country: Country): string {
  const plan: Plan = PLANS[country]
  if (digits.startsWith('+')) return international(digits.slice(1))
  if (digits.startsWith(plan.abroad) && digits.length > plan.abroad.length + 6)
    return international(digits.slice(plan.abroad.length))
  return international(national(digits, country) ?? '') || `${country}:${digits}`
}

/** With the calling code and without +; undefined for what is no whole number of the country. */
function national(digits: string, country: Country): string | undefined {
  const { code, trunk, whole }: Plan = PLANS[country]
  const isWhole = (rest: string): boolean => whole.test(rest)
  if (trunk !== '' && digits.startsWith(trunk) && isWhole(digits.slice(trunk.length)))
    return code + digits.slice(trunk.length)
  if (isWhole(digits) && NEEDS_TRUNK[country]?.test(digits) !== true) return code + digits
  // Switches leave the + away.
  const rest = digits.slice(code.length)
  return digits.startsWith(code) && isWhole(rest) ? code + rest : undefined
}

/** Calling codes whose trunk prefix is written behind them by mistake: +86 0631 … */
const TRUNKED = new Map(
  Object.values(PLANS)
    .filter(({ trunk }) => trunk === '0')
    .map(({ code, whole }) => [code, whole] as const),
)

function international(digits: string): string {
  if (digits === '') return ''
  for (const [code, whole] of TRUNKED) {
    const rest = digits.slice(code.length + 1)
    if (digits.startsWith(`${code}0`) && whole.test(rest)) return `+${code}${rest}`
  }
  return `+${digits}`
}

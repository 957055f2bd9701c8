// What is hidden of people until somebody says why they need it (pure): which fields those are, and what is left of
// them. One table: what is not in it is shown, what is in it is hidden wherever it stands.

/** Enough to tell two numbers apart on a screen, and too little to call one. */
export function maskNumber(number: string): string {
  const isLong = number.length >= ENDS_SHOWN_FROM
  return isLong ? `${number.slice(0, 3)}${STARS}${number.slice(-4)}` : STARS
}

/** The district, as far as the first letters of an address name it. */
export const maskAddress = (address: string): string =>
  address.length > 2 * ADDRESS_SHOWN ? `${address.slice(0, ADDRESS_SHOWN)}${STARS}` : STARS

const hide = (): string => STARS

const STARS = '****'
/** So many letters a number needs for its end to be shown: of a shorter one that would be nearly all. */
export const ENDS_SHOWN_FROM = 11
const ADDRESS_SHOWN = 6

/** The fields by name, wherever they stand. How one gets in (door codes) is part of the address. */
export const MASKS = {
  phone: maskNumber,
  address: maskAddress,
  accessNotes: hide,
  medicalNotes: hide,
  email: hide,
  idNumber: maskNumber,
} as const satisfies Record<string, (text: string) => string>

export type MaskedField = keyof typeof MASKS

const isMaskedField = (name: string): name is MaskedField => Object.hasOwn(MASKS, name)

/** Whether a text is what is left of one: nobody may store that in its place. */
export const isMasked = (text: string): boolean => text.includes(STARS)

/**
 * The same value with all such fields hidden. `known` are texts that whoever asks has said themselves: to hear them
 * back tells them nothing. What holds nothing to hide is returned as it is.
 */
export function masked(value: unknown, known: ReadonlySet<string> = NOTHING): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => masked(item, known))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  let changed: Record<string, unknown> | undefined
  for (const [name, inner] of Object.entries(value)) {
    const shown = isMaskedField(name) ? hidden(name, inner, known) : masked(inner, known)
    if (shown === inner) continue
    changed ??= { ...value }
    changed[name] = shown
  }
  return changed ?? value
}

const NOTHING: ReadonlySet<string> = new Set()

function hidden(name: MaskedField, value: unknown, known: ReadonlySet<string>): unknown {
  if (typeof value !== 'string' || value === '' || known.has(value)) return value
  return MASKS[name](value)
}

/** The texts of such fields in what somebody sends. */
export function saidIn(value: unknown, said: Set<string> = new Set()): Set<string> {
  if (typeof value !== 'object' || value === null) return said
  for (const [name, inner] of Object.entries(value)) {
    if (isMaskedField(name) && typeof inner === 'string') said.add(inner)
    else saidIn(inner, said)
  }
  return said
}

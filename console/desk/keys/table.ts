// Every key of the desk in one table: the handlers, the hints on the buttons and the list of `?` are made of it.

export type KeyGroup = 'queue' | 'file' | 'call' | 'desk'

/** `keys` as the browser names them, letters small; the first one is shown on the button. */
export type DeskKey = { keys: readonly string[]; group: KeyGroup }

export const DESK_KEYS = {
  accept: { keys: ['a', 'Enter'], group: 'queue' },
  acknowledge: { keys: ['y'], group: 'queue' },
  next: { keys: ['ArrowDown'], group: 'queue' },
  previous: { keys: ['ArrowUp'], group: 'queue' },
  leave: { keys: ['Escape'], group: 'queue' },

  callElder: { keys: ['b'], group: 'file' },
  callContact: { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], group: 'file' },
  writeCall: { keys: ['c'], group: 'file' },
  message: { keys: ['m'], group: 'file' },
  tickStep: { keys: ['s'], group: 'file' },
  dispatch: { keys: ['d'], group: 'file' },
  arrive: { keys: ['v'], group: 'file' },
  handOver: { keys: ['h'], group: 'file' },
  note: { keys: ['n'], group: 'file' },
  resolve: { keys: ['r'], group: 'file' },
  followUp: { keys: ['f'], group: 'file' },
  reopen: { keys: ['o'], group: 'file' },
  takeOver: { keys: ['t'], group: 'file' },
  release: { keys: ['l'], group: 'file' },
  reveal: { keys: ['u'], group: 'file' },

  takeCall: { keys: ['p'], group: 'call' },
  openCaller: { keys: ['g'], group: 'call' },
  raiseFromCall: { keys: ['e'], group: 'call' },
  dismissCall: { keys: ['x'], group: 'call' },

  pause: { keys: ['w'], group: 'desk' },
  shift: { keys: ['j'], group: 'desk' },
  notices: { keys: ['q'], group: 'desk' },
  mute: { keys: ['z'], group: 'desk' },
  keys: { keys: ['?'], group: 'desk' },
} as const satisfies Record<string, DeskKey>

export type KeyId = keyof typeof DESK_KEYS

export const KEY_GROUPS: readonly KeyGroup[] = ['queue', 'file', 'call', 'desk']

export const keyIds = (group: KeyGroup): KeyId[] =>
  (Object.keys(DESK_KEYS) as KeyId[]).filter(id => DESK_KEYS[id].group === group)

const BY_KEY: ReadonlyMap<string, KeyId> = new Map(
  (Object.keys(DESK_KEYS) as KeyId[]).flatMap(id => DESK_KEYS[id].keys.map(key => [key, id] as const)),
)

/** What a key means; undefined for one that means nothing here. */
export const keyIdOf = (key: string): KeyId | undefined => BY_KEY.get(key)

const DRAWN: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
}

/** A key as it is printed on the keyboard. */
export const drawnKey = (key: string): string => DRAWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)

/** The keys of an action, for the list: `A` `Enter`, and `1–9` in place of nine keys. */
export function drawnKeys(id: KeyId): string[] {
  const { keys } = DESK_KEYS[id]
  if (keys.length <= 2) return keys.map(drawnKey)
  return [`${drawnKey(keys[0] ?? '')}–${drawnKey(keys.at(-1) ?? '')}`]
}

/** What is printed on a key, and where it lies. */
export type Named = { key: string; code: string }

/**
 * The key that was meant. While a Chinese input method is on, the browser may say `Process` and nothing more: then the
 * place of the key counts. A full-width `？` is the same question.
 */
export function meantKey({ key, code }: Named): string {
  if (key === '？') return '?'
  if (key === 'Process' || key === 'Unidentified') return letterAt(code) ?? key
  return key.length === 1 ? key.toLowerCase() : key
}

const letterAt = (code: string): string | undefined =>
  /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1]?.toLowerCase()

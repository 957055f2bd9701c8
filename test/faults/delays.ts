// How late, and because of what (pure).

/** Something that was done to the hub, while it lasted; epoch ms. */
export type Trouble = { name: string; from: number; until: number }

/** How long one press had to wait, from when on; ms. */
export type Delay = { eventId: string; from: number; delayMs: number }

export type Late = { eventId: string; delayMs: number; during: readonly string[] }

/** Milliseconds. */
export type Delays = {
  p50: number
  p99: number
  max: number
  /** The worst, with what was going on. */
  worst: readonly Late[]
  /** The worst that each kind of trouble caused while nothing else went on. */
  alone: readonly { kind: string; delayMs: number }[]
}

/** What happens within this time after a trouble is still its doing: a lease runs out, a process starts. */
const AFTERMATH_MS = 5_000
const WORST_SHOWN = 10

export function delaysOf(delays: readonly Delay[], troubles: readonly Trouble[]): Delays {
  const late = delays.toSorted((a, b) => b.delayMs - a.delayMs)
  const rank = (share: number) => Math.round(late[late.length - Math.ceil(share * late.length)]?.delayMs ?? 0)
  return {
    p50: rank(0.5),
    p99: rank(0.99),
    max: rank(1),
    worst: late.slice(0, WORST_SHOWN).map(delay => lateOf(delay, troubles)),
    alone: worstAlone(late, troubles),
  }
}

const lateOf = ({ eventId, from, delayMs }: Delay, troubles: readonly Trouble[]): Late => ({
  eventId,
  delayMs,
  during: troubles
    .filter(trouble => trouble.from <= from + delayMs && from <= trouble.until + AFTERMATH_MS)
    .map(({ name }) => name),
})

/** `late`: the latest first. */
function worstAlone(late: readonly Delay[], troubles: readonly Trouble[]): Delays['alone'] {
  const worst = new Map<string, number>()
  for (const delay of late) {
    const [name, another] = lateOf(delay, troubles).during
    const kind = name === undefined ? 'calm' : name.replace(/-\d+ /, ' ')
    if (another === undefined && !worst.has(kind)) worst.set(kind, delay.delayMs)
  }
  return [...worst].map(([kind, delayMs]) => ({ kind, delayMs }))
}

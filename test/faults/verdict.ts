// What the faults did to what was promised (pure): acknowledged and lost, doubled, out of order, and how late.

import { judge } from '../../simulators/oracle/judge.ts'
import { sightingOf } from '../../simulators/oracle/sighting.ts'
import type { Console, Shown } from './load/console.ts'
import type { Press } from './load/device.ts'

/** Something that was done to the hub, while it lasted; epoch ms. */
export type Trouble = { name: string; from: number; until: number }

export type Late = { eventId: string; delayMs: number; during: readonly string[] }

export type Verdict = {
  /** Nothing acknowledged was lost, nothing doubled, and every console was shown everything in order. */
  ok: boolean
  pressed: number
  acknowledged: number
  /** Acknowledged, and on no console's feed. */
  lost: readonly string[]
  /** Events that stand on the feed as more than one finding. */
  doubled: readonly string[]
  /** Findings that stand on more than one place of the feed. */
  repeatedFindings: readonly string[]
  /** Where a console was not shown what came next: a gap, a step back, a reset. */
  disorder: readonly string[]
  /** From the acknowledgement to the first console, ms. */
  delays: { p50: number; p99: number; max: number }
  /** The worst of them, with what was going on. */
  worst: readonly Late[]
  /** From the press to its acknowledgement: how long a device had to try. */
  worstAcknowledgementMs: number
}

export type Evidence = {
  presses: readonly Press[]
  consoles: readonly Pick<Console, 'name' | 'since' | 'shown' | 'resets'>[]
  troubles: readonly Trouble[]
}

/** What happens within this time after a trouble is still its doing: a lease runs out, a process starts. */
const AFTERMATH_MS = 5_000
const WORST_SHOWN = 10

/** Judges what is there now; call it when everything that was acknowledged had time to come. */
export function verdictOn({ presses, consoles, troubles }: Evidence): Verdict {
  const sightings = consoles.flatMap(({ shown }) =>
    shown.flatMap(({ entry, alarm, shownAt }) => sightingOf({ entry, alarm }, shownAt) ?? []),
  )
  const expectations = presses.map(({ eventId, deviceId, pressedAt, acknowledgedAt }) => ({
    deviceId,
    kind: 'sos' as const,
    eventId,
    notBefore: acknowledgedAt ?? pressedAt,
    deadline: Number.NEGATIVE_INFINITY, // whoever asks has waited
  }))
  const { verdicts } = judge({ expectations, sightings, now: Number.POSITIVE_INFINITY })
  const acknowledged = new Set(presses.filter(press => press.acknowledgedAt).map(({ eventId }) => eventId))
  const idsOf = (outcome: string) =>
    verdicts.filter(one => one.outcome === outcome).map(({ expectation }) => expectation.eventId ?? '')
  const lost = idsOf('missing').filter(eventId => acknowledged.has(eventId))
  const doubled = idsOf('doubled')
  const repeatedFindings = repeatsOf(consoles.flatMap(({ shown }) => shown))
  const disorder = consoles.flatMap(disorderOf)
  const late = verdicts.flatMap(({ delayMs, expectation: { eventId = '', notBefore } }) =>
    delayMs === undefined
      ? []
      : [{ eventId, delayMs, during: during(troubles, notBefore, notBefore + delayMs) }],
  )
  late.sort((a, b) => b.delayMs - a.delayMs)
  const answered = presses.map(({ pressedAt, acknowledgedAt = pressedAt }) => acknowledgedAt - pressedAt)
  return {
    ok: lost.length + doubled.length + repeatedFindings.length + disorder.length === 0,
    pressed: presses.length,
    acknowledged: acknowledged.size,
    lost,
    doubled,
    repeatedFindings,
    disorder,
    delays: { p50: rank(late, 0.5), p99: rank(late, 0.99), max: rank(late, 1) },
    worst: late.slice(0, WORST_SHOWN),
    worstAcknowledgementMs: Math.max(0, ...answered),
  }
}

function repeatsOf(shown: readonly Shown[]): string[] {
  const places = new Map<string, Set<number>>()
  for (const { seq, entry } of shown) {
    if (entry.findingId === undefined) continue
    const at = places.get(entry.findingId) ?? new Set()
    places.set(entry.findingId, at.add(seq))
  }
  return [...places].filter(([, at]) => at.size > 1).map(([id]) => id)
}

/** Whoever may see everything is shown every place, in order, each once, however often the line breaks. */
function disorderOf({ name, since, shown, resets }: Evidence['consoles'][number]): string[] {
  const found: string[] = []
  let last = since
  for (const { seq } of shown) {
    if (seq !== last + 1) found.push(`${name} was shown ${seq} after ${last}`)
    last = seq
  }
  if (resets() > 0) found.push(`${name} had to begin anew ${resets()} times`)
  return found
}

const during = (troubles: readonly Trouble[], from: number, until: number): string[] =>
  troubles
    .filter(trouble => trouble.from <= until && from <= trouble.until + AFTERMATH_MS)
    .map(({ name }) => name)

/** Nearest rank of what is sorted from the latest on. */
function rank(late: readonly Late[], share: number): number {
  return Math.round(late[late.length - Math.ceil(share * late.length)]?.delayMs ?? 0)
}

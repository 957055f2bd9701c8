// What the faults did to what was promised (pure): acknowledged and lost, doubled, out of order, and how late.

import { judge } from '../../simulators/oracle/judge.ts'
import { sightingOf } from '../../simulators/oracle/sighting.ts'
import { type Delays, delaysOf, type Trouble } from './delays.ts'
import type { Console, Shown } from './load/console.ts'
import type { Press } from './load/device.ts'

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
  /** From the press to its acknowledgement: how long a device had to try. */
  acknowledgement: Delays
  /** From the acknowledgement until a console was told at all, be it of what nobody could record yet. */
  told: Delays
  /** From the acknowledgement to the first console that shows it recorded. */
  shown: Delays
}

export type Evidence = {
  presses: readonly Press[]
  consoles: readonly Pick<Console, 'name' | 'since' | 'shown' | 'unrecorded' | 'resets'>[]
  troubles: readonly Trouble[]
}

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
  const firstTold = earliest(consoles.flatMap(({ unrecorded }) => unrecorded))
  const shown = verdicts.flatMap(({ delayMs, expectation: { eventId = '', notBefore: from } }) =>
    delayMs === undefined ? [] : [{ eventId, from, delayMs }],
  )
  const told = shown.map(({ eventId, from, delayMs }) => {
    const toldMs = Math.max(0, (firstTold.get(eventId) ?? Number.POSITIVE_INFINITY) - from)
    return { eventId, from, delayMs: Math.min(delayMs, toldMs) }
  })
  const answered = presses.flatMap(({ eventId, pressedAt: from, acknowledgedAt }) =>
    acknowledgedAt === undefined ? [] : [{ eventId, from, delayMs: acknowledgedAt - from }],
  )
  return {
    ok: lost.length + doubled.length + repeatedFindings.length + disorder.length === 0,
    pressed: presses.length,
    acknowledged: acknowledged.size,
    lost,
    doubled,
    repeatedFindings,
    disorder,
    acknowledgement: delaysOf(answered, troubles),
    told: delaysOf(told, troubles),
    shown: delaysOf(shown, troubles),
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

/** When each event was first told of. */
function earliest(told: readonly { eventId: string | undefined; shownAt: number }[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const { eventId, shownAt } of told) {
    if (eventId !== undefined) first.set(eventId, Math.min(shownAt, first.get(eventId) ?? shownAt))
  }
  return first
}

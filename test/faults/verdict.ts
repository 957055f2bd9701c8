// What the faults did to what was promised (pure): acknowledged and lost, doubled, out of order, and how late.

import { judge } from '../../simulators/oracle/judge.ts'
import { sightingOf } from '../../simulators/oracle/sighting.ts'
import type { Console, Shown } from './load/console.ts'
import type { Press } from './load/device.ts'

/** Something that was done to the hub, while it lasted; epoch ms. */
export type Trouble = { name: string; from: number; until: number }

export type Delays = { p50: number; p99: number; max: number }
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
  delays: Delays
  /** The worst of them, with what was going on. */
  worst: readonly Late[]
  /** The same until a console was told at all, be it of something that nobody could record yet. */
  toldDelays: Delays
  worstTold: readonly Late[]
  /** From the press to its acknowledgement: how long a device had to try. */
  worstAcknowledgementMs: number
}

export type Evidence = {
  presses: readonly Press[]
  consoles: readonly Pick<Console, 'name' | 'since' | 'shown' | 'unrecorded' | 'resets'>[]
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
  const told = earliest(consoles.flatMap(({ unrecorded }) => unrecorded))
  const delays = verdicts.flatMap(({ delayMs, expectation: { eventId = '', notBefore } }) => {
    if (delayMs === undefined) return []
    const toldMs = Math.max(0, (told.get(eventId) ?? Number.POSITIVE_INFINITY) - notBefore)
    return [{ eventId, from: notBefore, shownMs: delayMs, toldMs: Math.min(delayMs, toldMs) }]
  })
  const shownLate = latestFirst(delays.map(({ shownMs: delayMs, ...one }) => ({ ...one, delayMs })))
  const toldLate = latestFirst(delays.map(({ toldMs: delayMs, ...one }) => ({ ...one, delayMs })))
  const answered = presses.map(({ pressedAt, acknowledgedAt = pressedAt }) => acknowledgedAt - pressedAt)
  return {
    ok: lost.length + doubled.length + repeatedFindings.length + disorder.length === 0,
    pressed: presses.length,
    acknowledged: acknowledged.size,
    lost,
    doubled,
    repeatedFindings,
    disorder,
    delays: delaysOf(shownLate),
    worst: worstOf(shownLate, troubles),
    toldDelays: delaysOf(toldLate),
    worstTold: worstOf(toldLate, troubles),
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

/** When each event was first told of. */
function earliest(told: readonly { eventId: string | undefined; shownAt: number }[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const { eventId, shownAt } of told) {
    if (eventId !== undefined) first.set(eventId, Math.min(shownAt, first.get(eventId) ?? shownAt))
  }
  return first
}

type Delay = { eventId: string; from: number; delayMs: number }

const latestFirst = (delays: readonly Delay[]): Delay[] => delays.toSorted((a, b) => b.delayMs - a.delayMs)

/** Nearest rank of what is sorted from the latest on. */
function delaysOf(late: readonly Delay[]): Delays {
  const rank = (share: number) => Math.round(late[late.length - Math.ceil(share * late.length)]?.delayMs ?? 0)
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) }
}

const worstOf = (late: readonly Delay[], troubles: readonly Trouble[]): Late[] =>
  late.slice(0, WORST_SHOWN).map(({ eventId, from, delayMs }) => {
    const during = troubles.filter(it => it.from <= from + delayMs && from <= it.until + AFTERMATH_MS)
    return { eventId, delayMs, during: during.map(({ name }) => name) }
  })

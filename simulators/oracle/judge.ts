// The oracle's judgement: what was owed against what an operator's feed showed. Pure.

import { type FindingKind, type Severity, severityRank } from '../../model/finding.ts'
import type { Expectation } from '../scenarios/episode.ts'

/** A finding as the feed showed it. */
export type Sighting = {
  /** Its place on the feed: the same place again is a replay, not a second alarm. */
  seq: number
  deviceId: string
  kind: FindingKind
  severity: Severity
  eventId?: string
  /** Of vital signs: which one. */
  metric?: string
  /** When it came in, by the same clock as the expectations. */
  seenAt: number
}

/** `pending`: not there yet, and not yet due. */
export type Outcome = 'on_time' | 'late' | 'doubled' | 'missing' | 'pending'

export type Verdict = {
  expectation: Expectation
  outcome: Outcome
  /** All that answer it, oldest first: one, unless it is doubled, missing or a condition that got worse. */
  sightings: readonly Sighting[]
  /** From the reason to the feed; absent when nothing came. */
  delayMs?: number
}

export type Judgement = {
  verdicts: Verdict[]
  /** Of devices under watch, and answering nothing that was owed. */
  unexpected: Sighting[]
}

/** A condition's alarm answers its expectation until this long after the deadline; then it is unexpected. */
export const CONDITION_LATEST_MS = 120_000

/** Judges by what is known at `now`. The order of the lists is of no importance. */
export function judge(input: {
  expectations: readonly Expectation[]
  sightings: readonly Sighting[]
  now: number
}): Judgement {
  const sightings = withoutReplays(input.sightings)
  const byEventId = Map.groupBy(sightings, ({ eventId }) => eventId)
  const byCondition = Map.groupBy(
    sightings.filter(({ eventId }) => eventId === undefined),
    conditionOf,
  )
  const answered = new Set<Sighting>()
  const verdicts = input.expectations.map(expectation => {
    const found =
      expectation.eventId === undefined
        ? (byCondition.get(conditionOf(expectation)) ?? []).filter(
            s => !answered.has(s) && answers(s, expectation),
          )
        : (byEventId.get(expectation.eventId) ?? [])
    for (const sighting of found) answered.add(sighting)
    return verdictOn(expectation, found, input.now)
  })
  return { verdicts, unexpected: sightings.filter(sighting => !answered.has(sighting)) }
}

function verdictOn(expectation: Expectation, sightings: readonly Sighting[], now: number): Verdict {
  const [first] = sightings
  if (first === undefined) {
    return { expectation, outcome: now > expectation.deadline ? 'missing' : 'pending', sightings }
  }
  return {
    expectation,
    outcome: outcomeOf(expectation, sightings),
    sightings,
    delayMs: delayOf(first, expectation),
  }
}

function outcomeOf(expectation: Expectation, sightings: readonly Sighting[]): Outcome {
  if (isDoubled(expectation, sightings)) return 'doubled'
  return (sightings[0] as Sighting).seenAt > expectation.deadline ? 'late' : 'on_time'
}

/** A pressed key has exactly one finding. A condition may speak again of another vital sign, or graver than before. */
function isDoubled({ eventId }: Expectation, sightings: readonly Sighting[]): boolean {
  if (eventId !== undefined) return sightings.length > 1
  const gravest = new Map<string | undefined, number>()
  for (const { metric, severity } of sightings) {
    const rank = severityRank(severity)
    if (rank <= (gravest.get(metric) ?? -1)) return true
    gravest.set(metric, rank)
  }
  return false
}

const delayOf = ({ seenAt }: Sighting, { notBefore }: Expectation): number => Math.max(0, seenAt - notBefore)

const conditionOf = ({ deviceId, kind }: { deviceId: string; kind: FindingKind }): string =>
  `${deviceId} ${kind}`

const answers = ({ seenAt }: Sighting, { notBefore, deadline }: Expectation): boolean =>
  notBefore <= seenAt && seenAt <= deadline + CONDITION_LATEST_MS

/** One sighting a place of the feed, in the feed's order. */
function withoutReplays(sightings: readonly Sighting[]): Sighting[] {
  const bySeq = new Map<number, Sighting>()
  for (const sighting of sightings) {
    const known = bySeq.get(sighting.seq)
    if (known === undefined || sighting.seenAt < known.seenAt) bySeq.set(sighting.seq, sighting)
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

// Findings on their way to the timeline (a plain value that only its functions change): which of them take too long,
// and which of those were told to consoles. It knows no socket and no database.

import { severityRank } from '../../model/finding.ts'
import type { FollowedFinding } from './findings.ts'

/** A finding that is not on the timeline after this time is told to consoles as it is. */
export const LATE_AFTER_MS = 2_000
/** Findings on their way, at most. Above it the oldest is let go: what comes now is what nobody has heard of. */
export const WAITING_MAX = 10_000
/** Findings that were on the timeline lately; the feed may be faster than the log they came from. */
const RECORDED_KEPT = 5_000
/** A console that comes is told so many, the gravest first. */
export const TOLD_TO_NEWCOMERS = 500

/** `areaPath` is where the alarm would be, null when that cannot be known now. */
export type Told = FollowedFinding & { areaPath: string | null }
type Waiting = FollowedFinding & { sinceMs: number; told: Told | undefined }

export type WaitingFindings = {
  /** Takes a finding that was made at `nowMs`; of those that are no emergency, or recorded, none. `full`: one was let go. */
  take(followed: FollowedFinding, nowMs: number): 'taken' | 'passed_over' | 'full'
  /** It, or what stands in for it, is on the timeline. Returns its id when consoles were told of it. */
  recorded(findingId: string): string | undefined
  /** Not told yet and waiting for too long at `nowMs`, the gravest first, at most `limit`. */
  late(nowMs: number, limit: number): FollowedFinding[]
  /** Notes that consoles are told. False when it waits no longer: then they must not be, nothing would take it back. */
  told(told: Told): boolean
  /** What a console that comes has to know, the gravest first. */
  toTell(): Told[]
  /** How many were told, and since when the oldest of them waits. */
  standing(): { told: number; oldestSinceMs: number | undefined }
}

export function createWaiting(): WaitingFindings {
  const waiting = new Map<string, Waiting>()
  /** Ids of findings by those of their stand-ins. */
  const standsFor = new Map<string, string>()
  const known = new Set<string>()

  function noteKnown(findingId: string): void {
    known.add(findingId)
    const [oldest] = known
    if (known.size > RECORDED_KEPT && oldest !== undefined) known.delete(oldest)
  }

  function end(findingId: string): Waiting | undefined {
    const one = waiting.get(findingId)
    waiting.delete(findingId)
    if (one) standsFor.delete(one.standInId)
    return one
  }

  return {
    take({ finding, standInId }, nowMs) {
      const { id, ended, severity } = finding
      if (ended || severity === 'notice') return 'passed_over'
      if (known.has(id) || known.has(standInId) || waiting.has(id)) return 'passed_over'
      waiting.set(id, { finding, standInId, sinceMs: nowMs, told: undefined })
      standsFor.set(standInId, id)
      const [oldest] = waiting.keys()
      if (waiting.size <= WAITING_MAX || oldest === undefined) return 'taken'
      end(oldest)
      return 'full'
    },
    recorded(findingId) {
      noteKnown(findingId)
      return end(standsFor.get(findingId) ?? findingId)?.told?.finding.id
    },
    late(nowMs, limit) {
      const found: Waiting[] = []
      // In the order in which they came: from the first that is not late, none is.
      for (const one of waiting.values()) {
        if (nowMs - one.sinceMs < LATE_AFTER_MS) break
        if (!one.told) found.push(one)
      }
      return found.sort(byGravity).slice(0, limit)
    },
    told(told) {
      const one = waiting.get(told.finding.id)
      if (one) one.told = told
      return one !== undefined
    },
    toTell: () =>
      [...waiting.values()]
        .flatMap(({ told }) => told ?? [])
        .sort(byGravity)
        .slice(0, TOLD_TO_NEWCOMERS),
    standing() {
      const told = [...waiting.values()].filter(one => one.told)
      return { told: told.length, oldestSinceMs: told[0]?.sinceMs }
    },
  }
}

const byGravity = ({ finding: a }: FollowedFinding, { finding: b }: FollowedFinding): number =>
  severityRank(b.severity) - severityRank(a.severity) || a.receivedAt - b.receivedAt

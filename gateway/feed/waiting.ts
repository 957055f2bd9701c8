// Findings on their way to the timeline (a plain value that only its functions change): which of them take too long,
// and which of those were told to consoles. It knows no socket and no database.

import { type Finding, severityRank } from '../../model/finding.ts'

/** A finding that is not on the timeline after this time is told to consoles as it is. */
export const LATE_AFTER_MS = 2_000
/** Findings on their way, at most. Above it the oldest is let go: what comes now is what nobody has heard of. */
export const WAITING_MAX = 10_000
/** Findings that were on the timeline lately; the feed may be faster than the log they came from. */
const RECORDED_KEPT = 5_000
/** A console that comes is told so many, the gravest first. */
export const TOLD_TO_NEWCOMERS = 500

/** `areaPath` is where the alarm would be, null when that cannot be known now. */
export type Told = { finding: Finding; areaPath: string | null }
type Waiting = { finding: Finding; sinceMs: number; told: Told | undefined }

export type WaitingFindings = {
  /** Takes a finding that was made at `nowMs`; of those that are no emergency, or recorded, none. `full`: one was let go. */
  take(finding: Finding, nowMs: number): 'taken' | 'passed_over' | 'full'
  /** It stands on the timeline under `findingId`. Returns the ids of findings that consoles were told of. */
  recorded(findingId: string): string[]
  /** Not told yet and waiting for too long at `nowMs`, the gravest first, at most `limit`. */
  late(nowMs: number, limit: number): Finding[]
  /** The hub told consoles. */
  told(told: Told): void
  /** What a console that comes has to know, the gravest first. */
  toTell(): Told[]
  /** How many were told, and since when the oldest of them waits. */
  standing(): { told: number; oldestSinceMs: number | undefined }
}

export function createWaiting(): WaitingFindings {
  const waiting = new Map<string, Waiting>()
  const known = new Set<string>()

  function noteKnown(findingId: string): void {
    known.add(findingId)
    const [oldest] = known
    if (known.size > RECORDED_KEPT && oldest !== undefined) known.delete(oldest)
  }

  function end(findingId: string): string[] {
    const told = waiting.get(findingId)?.told
    waiting.delete(findingId)
    return told ? [findingId] : []
  }

  return {
    take(finding, nowMs) {
      if (finding.ended || finding.severity === 'notice') return 'passed_over'
      if (known.has(finding.id) || waiting.has(finding.id)) return 'passed_over'
      waiting.set(finding.id, { finding, sinceMs: nowMs, told: undefined })
      const [oldest] = waiting.keys()
      if (waiting.size <= WAITING_MAX || oldest === undefined) return 'taken'
      waiting.delete(oldest)
      return 'full'
    },
    recorded(findingId) {
      noteKnown(findingId)
      if (waiting.size === 0) return []
      if (waiting.has(findingId) || !findingId.startsWith(STAND_IN)) return end(findingId)
      return [...waiting.keys()].filter(id => findingId.endsWith(`-${id}`)).flatMap(end)
    },
    late(nowMs, limit) {
      const found: Finding[] = []
      // In the order in which they came: from the first that is not late, none is.
      for (const { finding, sinceMs, told } of waiting.values()) {
        if (nowMs - sinceMs < LATE_AFTER_MS) break
        if (!told) found.push(finding)
      }
      return found.sort(byGravity).slice(0, limit)
    },
    told(told) {
      const one = waiting.get(told.finding.id)
      if (one) one.told = told
    },
    toTell: () =>
      [...waiting.values()]
        .flatMap(({ told }) => told ?? [])
        .sort((a, b) => byGravity(a.finding, b.finding))
        .slice(0, TOLD_TO_NEWCOMERS),
    standing() {
      const told = [...waiting.values()].filter(one => one.told)
      return { told: told.length, oldestSinceMs: told[0]?.sinceMs }
    },
  }
}

/** A finding that the database refuses is recorded as one that stands for it, whose id ends with its own. */
const STAND_IN = 'unreadable-'

const byGravity = (a: Finding, b: Finding): number =>
  severityRank(b.severity) - severityRank(a.severity) || a.receivedAt - b.receivedAt

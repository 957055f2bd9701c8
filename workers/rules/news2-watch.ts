// The score of an elder over what is fresh: what it is, when it is told, and when it has recovered. It counts what is
// believed of each vital sign, so it waits for a second reading as each of them does, and invents nothing: what is not
// known is named as missing.

import type { Severity } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import type { Raised } from '../rule.ts'
import { NEVER_MEASURED, SCORE_LIMITS } from './news2.ts'
import { beliefOf } from './vital-belief.ts'
import { type Judge, type Judges, pointsOf } from './vital-judge.ts'
import { beforeOf, isFresh, type Memory, newestOf, takenAt } from './vital-memory.ts'
import { type Basis, GOOD_READINGS, NOTHING_TOLD, rankOf, remembered } from './vital-watch.ts'

/** A score this far below the limit that it reached has recovered, or it would be told again and again. */
export const SCORE_RECOVERED_BY = 2

/** What was told of the score; the fields are those of `Watch`. */
export type ScoreWatch = { r: number; n: 0 | 1; g: number; t: EpochMs }

export type ScoreSeen = {
  judges: Judges
  memory: Memory
  /** When the score is taken: nothing older than its age limit counts. */
  now: EpochMs
  at: EpochMs
  lateMs: number
  basis: Basis
  /** A new reading came, not just time. */
  isReading: boolean
  /** The gravest that single limits have told by now (as `Watch.r`): that needs no second voice. */
  toldByLimits: number
}

export type FollowedScore = { watch: ScoreWatch | undefined; finding?: Raised | undefined }

/** The points of what is believed and fresh at `now`. */
export function scoreOf(judges: Judges, memory: Memory, now: EpochMs): number {
  let score = 0
  for (let i = 0; i < judges.length; i++) {
    if (isFresh(memory, i, now)) score += believedPoints(judges[i] as Judge, memory, i)
  }
  return score
}

/** Takes the score of now. */
export function followScore(watch: ScoreWatch | undefined, seen: ScoreSeen): FollowedScore {
  const score = scoreOf(seen.judges, seen.memory, seen.now)
  const limit = SCORE_LIMITS.find(({ at }) => score >= at)
  const rank = limit === undefined ? 0 : rankOf(limit.severity)
  const { r, n, g } = remembered(watch ?? NOTHING_TOLD, seen.at)
  const t = seen.at
  if (limit !== undefined && rank > r) {
    if (rank <= seen.toldByLimits) return { watch: { r: rank, n, g: 0, t } }
    const isNotice = limit.severity === 'notice'
    return { watch: { r: rank, n: isNotice ? 1 : n, g: 0, t }, finding: findingOf(seen, { score, limit }) }
  }
  if (watch === undefined || !seen.isReading) return { watch }
  const isBetter = score <= limitOf(r) - SCORE_RECOVERED_BY
  if (!isBetter) return { watch: { r, n, g: 0, t } }
  if (g + 1 < GOOD_READINGS) return { watch: { r, n, g: g + 1, t } }
  if (rank > 0) return { watch: { r: rank, n, g: 0, t } }
  return { watch: undefined, finding: n === 1 ? endOf(seen, score) : undefined }
}

/** The score from which a rank on is told. */
const limitOf = (rank: number): number =>
  SCORE_LIMITS.find(({ severity }) => rankOf(severity) === rank)?.at ?? Number.POSITIVE_INFINITY

function believedPoints(judge: Judge, memory: Memory, i: number): number {
  const { value } = beliefOf(judge, newestOf(memory, i), beforeOf(memory, i))
  return value === undefined ? 0 : pointsOf(judge, value)
}

function findingOf(
  seen: ScoreSeen,
  { score, limit }: { score: number; limit: { at: number; severity: Severity } },
): Raised {
  const { at, lateMs, basis } = seen
  const evidence = {
    basis: 'score',
    metric: 'news2',
    score,
    limitScore: limit.at,
    parameters: parametersOf(seen),
    missing: missingOf(seen),
    ...basis,
  }
  return { kind: 'vitals', severity: limit.severity, at, lateMs, evidence }
}

/** What was counted, in the order of JUDGED_VITALS. */
function parametersOf({ judges, memory, now }: ScoreSeen): object[] {
  return judges.flatMap((judge, i) => {
    if (!isFresh(memory, i, now)) return []
    const { value } = beliefOf(judge, newestOf(memory, i), beforeOf(memory, i))
    return {
      metric: judge.name,
      value: value ?? newestOf(memory, i),
      points: believedPoints(judge, memory, i),
      ageMs: Math.max(0, now - takenAt(memory, i)),
      ...(value === undefined && { unconfirmed: true }),
      ...(judge.isOwn && { ownLimits: true }),
    }
  })
}

const missingOf = ({ judges, memory, now }: ScoreSeen): string[] => [
  ...judges.filter((_, i) => !isFresh(memory, i, now)).map(({ name }) => name),
  ...NEVER_MEASURED,
]

function endOf(seen: ScoreSeen, score: number): Raised {
  const { at, lateMs } = seen
  const evidence = { basis: 'score', metric: 'news2', score, missing: missingOf(seen) }
  return { kind: 'vitals', severity: 'notice', at, lateMs, evidence, ended: true }
}

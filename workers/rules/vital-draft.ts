// What is done to an elder's vital signs in a step, whatever began it: a sample, time that passes, or new limits.

import type { EpochMs } from '../../model/units.ts'
import { followScore, type ScoreSeen } from './news2-watch.ts'
import { beliefOf } from './vital-belief.ts'
import type { Judge, Judges } from './vital-judge.ts'
import { beforeOf, confirmed, newestOf } from './vital-memory.ts'
import { NO_READING } from './vital-reading.ts'
import { type Draft, noteSign, tell, watched } from './vital-state.ts'
import {
  type Basis,
  raiseIfWorse,
  rankOf,
  type Seen,
  settled,
  unlessInOrder,
  WAIT_PER_TICK_MS,
} from './vital-watch.ts'

/** A sign, and the time that a finding about it has. */
export type Sign = { i: number; judges: Judges; at: EpochMs; lateMs: number }

/** What is known and believed of a sign. */
export function seenOf({ memory }: Draft, { i, judges, at, lateMs }: Sign): Seen {
  const judge = judges[i] as Judge
  const newest = newestOf(memory, i)
  return { judge, newest, belief: beliefOf(judge, newest, beforeOf(memory, i)), at, lateMs }
}

/** Takes the score, after the limits have had their say. */
export function judgeScore(draft: Draft, seen: Omit<ScoreSeen, 'memory' | 'toldByLimits'>): void {
  const toldByLimits = whatLimitsTold(draft)
  const { watch, finding } = followScore(draft.score, { ...seen, memory: draft.memory, toldByLimits })
  draft.score = watch
  tell(draft, finding)
}

/** In this step; while a limit holds that was told before, a mere notice says nothing new either. */
function whatLimitsTold(draft: Draft): number {
  const now = draft.findings.map(({ severity }) => rankOf(severity))
  const holds = watched(draft).some(({ watch }) => watch.r > 0)
  return Math.max(holds ? rankOf('notice') : 0, ...now)
}

/** Adds the time since the last look to all that waits. */
export function passTime(draft: Draft, now: EpochMs): void {
  const { since } = draft
  draft.since = now
  if (since === undefined) return
  const passedMs = Math.min(Math.max(0, now - since), WAIT_PER_TICK_MS)
  for (const { name, watch } of watched(draft)) {
    if (watch.w !== undefined) draft.watches[name] = { ...watch, w: watch.w + passedMs }
  }
}

/** A reading that waited holds. */
export function confirm(draft: Draft, sign: Sign, basis: Basis): void {
  const { name } = sign.judges[sign.i] as Judge
  const watch = draft.watches[name]
  if (watch === undefined) return
  draft.memory = confirmed(draft.memory, sign.i)
  const seen = seenOf(draft, sign)
  // Samples of other signs have shown meanwhile that it is too old to count.
  const isGone = seen.newest === NO_READING
  noteSign(
    draft,
    name,
    isGone ? { watch: unlessInOrder(settled(watch)) } : raiseIfWorse(settled(watch), seen, basis),
  )
}

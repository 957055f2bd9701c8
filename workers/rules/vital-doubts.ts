// Readings that wait to be believed: time confirms them, and a band that comes off takes them along.

import type { EpochMs } from '../../model/units.ts'
import type { Context, Step } from '../rule.ts'
import { confirm, judgeScore, passTime } from './vital-draft.ts'
import { judgesFor } from './vital-judge.ts'
import { forgotten, takenAt } from './vital-memory.ts'
import { type Draft, draftOf, finished, noteSign, type VitalsState, watched } from './vital-state.ts'
import { type Basis, settled, UNREFUTED_MS, unlessInOrder, type Watch } from './vital-watch.ts'

/** Time passes: what nothing has contradicted for long enough holds. Undefined when nothing waits. */
export function waitOn(state: VitalsState, now: EpochMs, context: Context): Step<VitalsState> | undefined {
  if (state.t === undefined) return undefined
  const judges = judgesFor(context.thresholds)
  const draft = draftOf(state, state.k, context)
  passTime(draft, now)
  const ripe = watched(draft).filter(({ watch }) => watch.w !== undefined && watch.w >= UNREFUTED_MS)
  for (const { i, watch } of ripe) confirm(draft, { i, judges, ...timesOf(draft, i, watch) }, basisOf(watch))
  const last = ripe.at(-1)
  if (last !== undefined) {
    const { at, lateMs } = timesOf(draft, last.i, last.watch)
    judgeScore(draft, { judges, now, at, lateMs, basis: basisOf(last.watch), isReading: false })
  }
  return finished(draft)
}

const timesOf = ({ memory }: Draft, i: number, { l = 0 }: Watch): { at: EpochMs; lateMs: number } => ({
  at: takenAt(memory, i),
  lateMs: l,
})

const basisOf = ({ w = 0 }: Watch): Basis => ({ confirmedBy: 'unrefuted', waitedMs: w })

/**
 * A band that comes off, or lies on the table, reads oddly: what waits and was taken before `at` is forgotten.
 * Undefined when nothing waits.
 */
export function takeOff(state: VitalsState, at: EpochMs): Step<VitalsState> | undefined {
  if (state.t === undefined) return undefined
  const draft = draftOf(state, state.k)
  for (const { i, name, watch } of watched(draft)) {
    if (watch.w === undefined || at < takenAt(draft.memory, i)) continue
    draft.memory = forgotten(draft.memory, i)
    noteSign(draft, name, { watch: unlessInOrder(settled(watch)) })
  }
  return finished(draft)
}

// The readings of a sample against what is usual for the elder, who must be at rest: walking is no illness.

import type { Input } from '../rule.ts'
import { deviationOf, isDue, isUnusual, learn } from './baseline.ts'
import { followDeviation } from './baseline-watch.ts'
import { newestOf } from './vital-memory.ts'
import { JUDGED_VITALS, type JudgedVital } from './vital-reading.ts'
import { followRest } from './vital-rest.ts'
import { type Draft, tell } from './vital-state.ts'

type SampleInput = Extract<Input, { type: 'sample' }>

/** Compares the signs at these places of JUDGED_VITALS, and learns from them once an hour. */
export function compareWithUsual(draft: Draft, input: SampleInput, places: readonly number[]): void {
  const { at, sample } = input
  const concerned = places.filter(i => {
    const learned = draft.baseline[i]
    const isOdd = isUnusual(deviationOf(learned, i, newestOf(draft.memory, i)))
    return isOdd || isDue(learned, at) || draft.deviations[i] !== undefined
  })
  if (concerned.length === 0) return
  const { rest, isAtRest } = followRest(draft.rest, sample.steps, at)
  draft.rest = rest
  if (!isAtRest) return
  for (const i of concerned) compareSign(draft, input, i)
  if (Object.keys(draft.deviations).length === 0) draft.rest = undefined
}

function compareSign(draft: Draft, { at, lateMs }: SampleInput, i: number): void {
  const learned = draft.baseline[i]
  const value = newestOf(draft.memory, i)
  const isToldByLimits = (draft.watches[JUDGED_VITALS[i] as JudgedVital]?.r ?? 0) > 0
  const { deviation, finding } = followDeviation(draft.deviations[i], {
    i,
    learned,
    value,
    at,
    lateMs,
    isToldByLimits,
  })
  if (deviation === null) delete draft.deviations[i]
  else draft.deviations[i] = deviation
  tell(draft, finding)
  if (isDue(learned, at)) draft.baseline = draft.baseline.with(i, learn(learned, { i, value, at }))
}

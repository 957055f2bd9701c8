// What is stored of an elder's vital signs, and a copy of it to work on within one step. It is kept for every elder, so
// names are short, and what does not hold is not there.

import type { EpochMs } from '../../model/units.ts'
import type { Context, Raised, Step } from '../rule.ts'
import { type Baseline, NOTHING_LEARNED } from './baseline.ts'
import type { Deviation } from './baseline-watch.ts'
import type { ScoreWatch } from './news2-watch.ts'
import { type Memory, NOTHING_KNOWN } from './vital-memory.ts'
import { JUDGED_VITALS, type JudgedVital } from './vital-reading.ts'
import type { Rest } from './vital-rest.ts'
import type { Followed, Watch } from './vital-watch.ts'
import { wearerMark } from './wearer.ts'

export type Watches = Partial<Record<JudgedVital, Watch>>
/** By place in JUDGED_VITALS. */
export type Deviations = Record<number, Deviation>

export type VitalsState = {
  /** Whose they are, as `wearerMark` says; 0 while nobody is known to wear it. */
  w: number
  /** The newest readings. */
  k: Memory
  /** What is usual. */
  b: Baseline
  /** The last steps, while the rest since then is of interest. */
  a?: Rest | undefined
  /** Signs that reached a limit or wait to be believed. */
  o?: Watches | undefined
  s?: ScoreWatch | undefined
  d?: Deviations | undefined
  /** When time was last counted for what waits; only while something does. */
  t?: EpochMs | undefined
}

export const NOBODY: VitalsState = { w: 0, k: NOTHING_KNOWN, b: NOTHING_LEARNED }

/** Nothing was told, nothing waits. */
export const isQuiet = ({ o, s, d }: VitalsState): boolean =>
  o === undefined && s === undefined && d === undefined

/** A quiet state with newer readings. */
export const withMemory = (state: VitalsState, k: Memory, { residentId }: Context): VitalsState => ({
  w: state.w === 0 ? wearerMark(residentId) : state.w,
  k,
  b: state.b,
  a: state.a,
  o: undefined,
  s: undefined,
  d: undefined,
  t: undefined,
})

/** A state that is being changed, and what was found on the way. */
export type Draft = {
  wearer: number
  memory: Memory
  baseline: Baseline
  rest: Rest | undefined
  watches: Watches
  score: ScoreWatch | undefined
  deviations: Deviations
  since: EpochMs | undefined
  findings: Raised[]
  /** The last notice that is over. */
  ended: Raised | undefined
}

export const draftOf = (state: VitalsState, memory: Memory, context?: Context): Draft => ({
  wearer: state.w === 0 && context !== undefined ? wearerMark(context.residentId) : state.w,
  memory,
  baseline: state.b,
  rest: state.a,
  watches: { ...state.o },
  score: state.s,
  deviations: { ...state.d },
  since: state.t,
  findings: [],
  ended: undefined,
})

/** Signs that are watched, in the order of JUDGED_VITALS. */
export function watched({ watches }: Draft): { i: number; name: JudgedVital; watch: Watch }[] {
  return JUDGED_VITALS.flatMap((name, i) => {
    const watch = watches[name]
    return watch === undefined ? [] : { i, name, watch }
  })
}

/** Takes what became of a sign. */
export function noteSign(draft: Draft, name: JudgedVital, { watch, finding }: Followed): void {
  if (watch === null) delete draft.watches[name]
  else draft.watches[name] = watch
  tell(draft, finding)
}

export function tell(draft: Draft, finding: Raised | undefined): void {
  if (finding?.ended) draft.ended = finding
  else if (finding !== undefined) draft.findings.push(finding)
}

/**
 * The step that a draft comes to. Notices are one condition of the device at the desk: it has ended when none of them
 * holds any more.
 */
export function finished(draft: Draft): Step<VitalsState> {
  const { ended, findings } = draft
  const waits = watched(draft).some(({ watch }) => watch.w !== undefined)
  const state: VitalsState = {
    w: draft.wearer,
    k: draft.memory,
    b: draft.baseline,
    a: draft.rest,
    o: isEmpty(draft.watches) ? undefined : draft.watches,
    s: draft.score,
    d: isEmpty(draft.deviations) ? undefined : draft.deviations,
    t: waits ? draft.since : undefined,
  }
  return { state, findings: ended && !holdsNotice(state) ? [...findings, ended] : findings }
}

/** Whether a notice was told that is not over. */
export const holdsNotice = ({ o = {}, s, d = {} }: VitalsState): boolean =>
  s?.n === 1 || [...Object.values(o), ...Object.values(d)].some(({ n }) => n === 1)

function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}

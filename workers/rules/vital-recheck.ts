// The registry changed: the newest readings are judged by the limits of now. Another wearer starts anew.

import { type EpochMs, epochMs } from '../../model/units.ts'
import type { Context, Step } from '../rule.ts'
import { isExtreme } from './vital-belief.ts'
import { confirm, judgeScore, passTime, seenOf } from './vital-draft.ts'
import { type Judges, judgesFor } from './vital-judge.ts'
import { isFresh, takenAt } from './vital-memory.ts'
import {
  type Draft,
  draftOf,
  finished,
  holdsNotice,
  isQuiet,
  NOBODY,
  noteSign,
  type VitalsState,
} from './vital-state.ts'
import { type Basis, NOTHING_TOLD, raiseIfWorse, settled, UNREFUTED_MS } from './vital-watch.ts'
import { wearerMark } from './wearer.ts'

export function recheck(state: VitalsState, now: EpochMs, context: Context): Step<VitalsState> | undefined {
  if (state === NOBODY) return undefined
  if (state.w !== 0 && state.w !== wearerMark(context.residentId)) return handOver(state, now)
  const judges = judgesFor(context.thresholds)
  const draft = draftOf(state, state.k, context)
  passTime(draft, now)
  let basis: Basis | undefined
  for (const i of judges.keys()) {
    if (isFresh(draft.memory, i, now)) basis = recheckSign(draft, judges, i, now)
  }
  if (basis !== undefined) judgeScore(draft, { judges, now, at: now, lateMs: 0, basis, isReading: false })
  const step = finished(draft)
  const isSame = step.state != null && isQuiet(state) && isQuiet(step.state) && step.findings?.length === 0
  return isSame ? undefined : step
}

/** What was measured says nothing about the next wearer; a notice about the last one is over, at the time it was theirs. */
function handOver(state: VitalsState, now: EpochMs): Step<VitalsState> {
  if (!holdsNotice(state)) return { state: null }
  const at = epochMs(state.k[0] as number)
  const lateMs = Math.max(0, now - at)
  const evidence = { basis: 'wearer', wearerChanged: true }
  return {
    state: null,
    findings: [{ kind: 'vitals', severity: 'notice', at, lateMs, evidence, ended: true }],
  }
}

/** Judges a fresh reading anew and returns what it is believed for. */
function recheckSign(draft: Draft, judges: Judges, i: number, now: EpochMs): Basis {
  const sign = { i, judges, at: now, lateMs: 0 }
  const seen = seenOf(draft, sign)
  const { judge, newest, belief } = seen
  const ageMs = Math.max(0, now - takenAt(draft.memory, i))
  const facts = { limitsChanged: true, ageMs } as const
  const watch = draft.watches[judge.name] ?? { ...NOTHING_TOLD, t: takenAt(draft.memory, i) }
  // As long as it is old, nothing has come that contradicts it.
  const waitedMs = watch.w ?? Math.min(ageMs, UNREFUTED_MS)
  if (belief.waits && waitedMs >= UNREFUTED_MS) {
    draft.watches[judge.name] = watch
    const basis: Basis = { confirmedBy: 'unrefuted', waitedMs, ...facts }
    confirm(draft, sign, basis)
    return basis
  }
  const confirmedBy = isExtreme(judge, newest)
    ? 'extreme'
    : ageMs >= UNREFUTED_MS
      ? 'unrefuted'
      : 'second_reading'
  const next = belief.waits ? { ...settled(watch), w: waitedMs, l: watch.l ?? 0 } : settled(watch)
  noteSign(draft, judge.name, raiseIfWorse(next, seen, { confirmedBy, ...facts }))
  return { confirmedBy, ...facts }
}

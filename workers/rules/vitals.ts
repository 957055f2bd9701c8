// Vital signs, in three ways: each against its limits, all together as a NEWS2 score, and each against what is usual
// for the elder (docs/rules.md). One speaks again when it gets worse, or after it recovered.
//
// Nearly every sample of nearly every elder is calm: all readings score nothing and are as usual. They are
// remembered, and nothing else is done.

import { AHEAD_MS, type Context, type Input, type Rule, STALE_MS, type Step } from '../rule.ts'
import { isNothingNew } from './baseline.ts'
import { isExtreme } from './vital-belief.ts'
import { takeOff, waitOn } from './vital-doubts.ts'
import { judgeScore, passTime, type Sign, seenOf } from './vital-draft.ts'
import { compareWithUsual } from './vital-habits.ts'
import { isCalm, type Judge, type Judges, judgesFor, sideOf } from './vital-judge.ts'
import {
  beforeOf,
  isRepeat,
  type Memory,
  NOTHING_KNOWN,
  newestOf,
  newsOf,
  remember,
  takenAt,
} from './vital-memory.ts'
import { givenParts, ignoredParts, type Readings, readVitals, UNIT } from './vital-reading.ts'
import { recheck } from './vital-recheck.ts'
import { isSettling, isWalking } from './vital-rest.ts'
import {
  type Draft,
  draftOf,
  finished,
  isQuiet,
  NOBODY,
  noteSign,
  type VitalsState,
  withMemory,
} from './vital-state.ts'
import { type Basis, followReading } from './vital-watch.ts'
import { packedVitals, plainVitals } from './vitals.older.ts'
import { vitalsStored } from './vitals.stored.ts'

type SampleInput = Extract<Input, { type: 'sample' }>

export const vitals: Rule<VitalsState> = {
  name: 'vitals',
  version: 4,
  older: [packedVitals, plainVitals],
  storedAs: vitalsStored,
  ticks: true,
  start: () => NOBODY,
  step(state, input, context) {
    switch (input.type) {
      case 'sample':
        return onSample(isAhead(state, input.now) ? withoutReadings(state) : state, input, context)
      case 'tick':
        return waitOn(state, input.now, context)
      case 'context':
        return recheck(state, input.now, context)
      case 'event':
        return input.event.kind === 'removed' ? takeOff(state, input.at) : undefined
      default:
        return undefined
    }
  },
}

const isAhead = ({ k }: VitalsState, now: number): boolean => (k[0] as number) - now > AHEAD_MS

/** What was told stays told, and what is usual stays so. */
const withoutReadings = (state: VitalsState): VitalsState => ({ ...state, k: NOTHING_KNOWN, a: undefined })

function onSample(state: VitalsState, input: SampleInput, context: Context): Step<VitalsState> | undefined {
  const { at, lateMs, sample } = input
  if (sample.worn === false) return onTable(state, input)
  // A stale reading held then; whether it holds now is for the next one to say.
  if (sample.vitals === undefined || lateMs > STALE_MS) return undefined
  const judges = judgesFor(context.thresholds)
  const readings = readVitals(sample.vitals)
  if (!isQuiet(state) || !isCalm(judges, readings)) return onOdd(state, input, { context, judges, readings })
  const isAsUsual = isNothingNew(state.b, readings, at) || isSettling(state.a, sample.steps, at)
  if (isAsUsual && isRepeat(state.k, readings, at)) return undefined
  const memory = remember(state.k, readings, at)
  if (memory === state.k) return undefined
  if (isAsUsual) return { state: withMemory(state, memory, context) }
  const { steps } = sample
  // Whoever walks is not at rest: there is nothing to learn from, and rest is counted from here on.
  if (steps !== undefined && isWalking(state.a, steps))
    return { state: withMemory({ ...state, a: [steps, at] }, memory, context) }
  const draft = draftOf(state, memory, context)
  compareWithUsual(draft, input, newsOf(state.k, readings, at))
  return finished(draft)
}

/** Readings of a band that is not worn are of nobody. */
function onTable(state: VitalsState, { at, sample }: SampleInput): Step<VitalsState> | undefined {
  const step = takeOff(state, at)
  return sample.vitals === undefined ? step : { ...step, ignored: givenParts(sample.vitals) }
}

/** A sample that has to be looked at closely. */
function onOdd(
  state: VitalsState,
  input: SampleInput,
  { context, judges, readings }: { context: Context; judges: Judges; readings: Readings },
): Step<VitalsState> | undefined {
  const { now, at, lateMs } = input
  const ignored = ignoredParts(readings)
  const news = newsOf(state.k, readings, at)
  if (news.length === 0) return ignored.length === 0 ? undefined : { ignored }
  const draft = draftOf(state, remember(state.k, readings, at), context)
  passTime(draft, now)
  for (const i of news) judgeReading(draft, { i, judges, at, lateMs }, state.k)
  const isSudden = news.some(i => isExtreme(judges[i] as Judge, newestOf(draft.memory, i)))
  const basis: Basis = { confirmedBy: isSudden ? 'extreme' : 'second_reading' }
  judgeScore(draft, { judges, now: at, at, lateMs, basis, isReading: true })
  compareWithUsual(draft, input, news)
  return { ...finished(draft), ignored }
}

/** A reading against the limits of its sign; `known` is what was remembered before it. */
function judgeReading(draft: Draft, sign: Sign, known: Memory): void {
  const seen = seenOf(draft, sign)
  const { name } = seen.judge
  const watch = draft.watches[name]
  if (watch === undefined && sideOf(seen.judge, seen.newest) === undefined) return
  const second: Basis = {
    confirmedBy: 'second_reading',
    [`first${UNIT[name]}`]: beforeOf(draft.memory, sign.i),
    firstBeforeMs: sign.at - takenAt(known, sign.i),
  }
  noteSign(draft, name, followReading(watch, seen, second))
}

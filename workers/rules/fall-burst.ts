// A fall that the hub itself sees, in a burst of acceleration. The detector errs now and then, so alone it is high and
// not critical; and a wearer of whom it says so again and again is one whom it does not understand: from the bound on
// what it says is for review, on the list of conditions, and not for the emergency queue.

import type { EpochMs } from '../../model/units.ts'
import { CUT_OFF, detectFall, type Verdict } from '../falls/detector.ts'
import type { Context, Input, Raised, Rule, Step } from '../rule.ts'
import { packedFallBurst, plainFallBurst } from './fall-burst.older.ts'
import { fallBurstStored } from './fall-burst.stored.ts'
import {
  countOf,
  type FallMemory,
  isKnown,
  lastOfDay,
  NO_FALLS,
  ofLastDay,
  rememberFall,
} from './fall-memory.ts'

/**
 * Falls of one wearer that are raised within a day by the detector alone. Elders fall once or twice a year; the
 * detector may err in one of some thirty hefty movements (docs/rules.md), and two alarms a day and wearer are what a
 * desk can bear of it.
 */
export const FALLS_A_DAY = 2

export type FallBurstState = FallMemory & {
  /** The condition that asks for a review stands. */
  inReview: boolean
}

type State = FallBurstState
type BurstInput = Extract<Input, { type: 'burst' }>

export const fallBurst: Rule<State> = {
  name: 'fall_burst',
  version: 3,
  older: [packedFallBurst, plainFallBurst],
  storedAs: fallBurstStored,
  ticks: true,
  start: () => NOTHING_TOLD,
  step(state, input, context) {
    if (input.type === 'burst') return onBurst(state, input, context)
    return input.type === 'tick' ? onTick(state, input.now) : undefined
  },
}

const NOTHING_TOLD: State = { ...NO_FALLS, inReview: false }

function onBurst(state: State, input: BurstInput, { residentId }: Context): Step<State> | undefined {
  const verdict = detectFall(input.motion)
  if ('unusable' in verdict || !verdict.fall) return undefined
  const recent = ofLastDay(state, input.now)
  if (isKnown(recent, input.motion)) return undefined
  const next = rememberFall(recent, { now: input.now, residentId, burst: input.motion })
  const fallsInDay = countOf(next)
  const isReview = fallsInDay > FALLS_A_DAY
  return {
    state: { ...next, inReview: state.inReview || isReview },
    findings: [findingOf(input, verdict, { fallsInDay, isReview })],
  }
}

/** A day later the wearer is below the bound again, and the condition ends. */
function onTick(state: State, now: EpochMs): Step<State> | undefined {
  const recent = ofLastDay(state, now)
  if (recent === state) return undefined
  const fallsInDay = lastOfDay(recent)
  const inReview = state.inReview && fallsInDay > FALLS_A_DAY
  const next = fallsInDay === 0 ? null : { ...recent, inReview }
  if (inReview === state.inReview) return { state: next }
  const evidence = { source: 'burst', review: true, fallsInDay, boundPerDay: FALLS_A_DAY }
  return {
    state: next,
    findings: [{ kind: 'fall', severity: 'notice', at: now, lateMs: 0, evidence, ended: true }],
  }
}

function findingOf(
  { at, lateMs, motion }: BurstInput,
  { score, peakMs, peakG, stillMs, model }: Verdict,
  { fallsInDay, isReview }: { fallsInDay: number; isReview: boolean },
): Raised {
  const sincePeakMs = Math.max(0, lateMs - peakMs)
  const evidence: Record<string, unknown> = {
    source: 'burst',
    score: Math.round(score * 1_000) / 1_000,
    cutOff: CUT_OFF,
    peakG,
    stillAfterMs: stillMs,
    model,
    fallsInDay,
    boundPerDay: FALLS_A_DAY,
  }
  if (isReview) evidence.review = true
  const fall: Omit<Raised, 'eventId' | 'bytesHash'> = {
    kind: 'fall',
    severity: isReview ? 'notice' : 'high',
    // A burst without a time of its own happened when it came, its peak too.
    at: (at + lateMs - sincePeakMs) as EpochMs,
    lateMs: sincePeakMs,
    evidence,
  }
  // Without an id the same samples within minutes are the same burst, and those have the same score to the last digit.
  return motion.id === undefined ? { ...fall, bytesHash: `burst-${score}` } : { ...fall, eventId: motion.id }
}

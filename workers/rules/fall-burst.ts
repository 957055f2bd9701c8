// A fall that the hub itself sees, in a burst of acceleration. The detector errs now and then, so alone it is high and
// not critical; and a wearer of whom it says so again and again is one whom it does not understand: from the bound on
// what it says is for review, on the list of conditions, and not for the emergency queue.

import type { EpochMs } from '../../model/units.ts'
import { CUT_OFF, detectFall, type Verdict } from '../falls/detector.ts'
import type { Context, Input, Raised, Rule, Step } from '../rule.ts'

/**
 * Falls of one wearer that are raised within a day by the detector alone. Elders fall once or twice a year; the
 * detector may err in one of some thirty hefty movements (docs/rules.md), and two alarms a day and wearer are what a
 * desk can bear of it.
 */
export const FALLS_A_DAY = 2
export const DAY_MS = 24 * 3_600_000

/** A device that stamps each try anew is this far off at most; more is another burst under the same id. */
export const SAME_BURST_MS = 10 * 60_000

/** Bursts kept of a device within a day; one that sends more of them is broken, and must not fill the state. */
const KEPT = 200

/** A fall that was told: when it came, by whom it was worn, and what the device says which burst it was. */
type Told = { now: EpochMs; residentId: string | null; id: string | null; t0: number | null }

type State = {
  told: readonly Told[]
  /** The condition that asks for a review stands. */
  inReview: boolean
}

type BurstInput = Extract<Input, { type: 'burst' }>

export const fallBurst: Rule<State> = {
  name: 'fall_burst',
  version: 1,
  ticks: true,
  start: () => NOTHING_TOLD,
  step(state, input, context) {
    if (input.type === 'burst') return onBurst(state, input, context)
    return input.type === 'tick' ? onTick(state, input.now) : undefined
  },
}

const NOTHING_TOLD: State = { told: [], inReview: false }

function onBurst({ told, inReview }: State, input: BurstInput, context: Context): Step<State> | undefined {
  const verdict = detectFall(input.motion)
  if ('unusable' in verdict || !verdict.fall) return undefined
  const recent = ofLastDay(told, input.now)
  if (recent.some(one => isSame(one, input))) return undefined
  const { residentId } = context
  const { id = null, t0 = null } = input.motion
  const next = [...recent, { now: input.now, residentId, id, t0 }].slice(-KEPT)
  const fallsInDay = countOf(next, residentId)
  const isReview = fallsInDay > FALLS_A_DAY
  return {
    state: { told: next, inReview: inReview || isReview },
    findings: [findingOf(input, verdict, { fallsInDay, isReview })],
  }
}

/** A day later the wearer is below the bound again, and the condition ends. */
function onTick({ told, inReview }: State, now: EpochMs): Step<State> | undefined {
  const recent = ofLastDay(told, now)
  if (recent.length === told.length) return undefined
  const staysInReview = inReview && recent.length > FALLS_A_DAY
  const state = recent.length === 0 && !staysInReview ? null : { told: recent, inReview: staysInReview }
  if (staysInReview === inReview) return { state }
  const evidence = { source: 'burst', review: true, fallsInDay: recent.length, boundPerDay: FALLS_A_DAY }
  return {
    state,
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

const ofLastDay = (told: readonly Told[], now: EpochMs): readonly Told[] =>
  told.filter(one => one.now > now - DAY_MS)

const countOf = (told: readonly Told[], residentId: string | null): number =>
  told.filter(one => one.residentId === residentId).length

/** The device sent this burst before; without an id of its own, in doubt it is a new one. */
function isSame(told: Told, { motion: { id, t0 } }: BurstInput): boolean {
  if (id === undefined || told.id !== id) return false
  return t0 === undefined || told.t0 === null || Math.abs(told.t0 - t0) <= SAME_BURST_MS
}

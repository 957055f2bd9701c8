// One vital sign that reaches a limit, or waits to be believed: whether to say so, and when it is over.

import { type Severity, severityRank } from '../../model/finding.ts'
import { type EpochMs, epochMs } from '../../model/units.ts'
import type { Raised } from '../rule.ts'
import { type Belief, isExtreme } from './vital-belief.ts'
import { type Breach, breachOf, isRecovered, type Judge } from './vital-judge.ts'
import { UNIT } from './vital-reading.ts'

/** A reading that nothing contradicts for this long holds (docs/rules.md). */
export const UNREFUTED_MS = 60_000

/**
 * A tick counts for at most this much waiting, twice its interval: while the hub itself was down nobody could
 * contradict, so that time does not count.
 */
export const WAIT_PER_TICK_MS = 20_000

/** One good reading may be as odd as one bad one. */
export const GOOD_READINGS = 2

/**
 * What was told is told anew when the sign was not read for this long in between: nobody knows then that it is still
 * the same. NEWS2 wants a set of readings every twelve hours at least, of anybody.
 */
export const TOLD_FOR_MS = 12 * 3_600_000

/** What is remembered of a vital sign that is not in order. Stored for every elder that is ill, so its names are short. */
export type Watch = {
  /** The gravest that was told since it was last in order: 0 nothing, 1 notice, 2 high, 3 critical. */
  r: number
  /** 1: a notice was told, which has to be ended; graver findings are incidents and are not. */
  n: 0 | 1
  /** Good readings in a row. */
  g: number
  /** When its newest reading was taken. */
  t: EpochMs
  /** For how long the newest reading has waited, ms, and how late it came; absent when it does not wait. */
  w?: number | undefined
  l?: number | undefined
}

export const NOTHING_TOLD: Watch = { r: 0, n: 0, g: 0, t: epochMs(0) }

/** The newest reading of a vital sign, and what is believed of it. */
export type Seen = {
  judge: Judge
  newest: number
  belief: Belief
  at: EpochMs
  lateMs: number
}

/** Why a reading is believed, and the numbers of that, for the evidence of a finding (docs/rules.md). */
export type Basis = {
  confirmedBy: 'extreme' | 'second_reading' | 'unrefuted'
  readonly [fact: string]: string | number | true
}

/** `watch` is null when the vital sign is in order. */
export type Followed = { watch: Watch | null; finding?: Raised | undefined }

/** 1 to 3, as `Watch` stores it. */
export const rankOf = (severity: Severity): number => severityRank(severity) + 1

/** Takes the next reading. `watch` is undefined for a vital sign that was in order so far. */
export function followReading(watch: Watch | undefined, seen: Seen, second: Basis): Followed {
  const { judge, newest, belief, at } = seen
  const { r, n } = remembered(watch ?? NOTHING_TOLD, at)
  const isGood = breachOf(judge, newest) === undefined
  const goodReadings = isGood ? (watch?.g ?? 0) + Number(isRecovered(judge, newest)) : 0
  const isTold = r > 0 || n === 1
  if (isTold && goodReadings >= GOOD_READINGS) {
    const waits = belief.waits ? waiting({ ...NOTHING_TOLD, t: at }, seen.lateMs) : null
    return { watch: waits, finding: n === 1 ? endOf(seen) : undefined }
  }
  const told = { r, n, g: isTold ? goodReadings : 0, t: at }
  const next = belief.waits ? waiting(told, seen.lateMs) : told
  const basis: Basis = isExtreme(judge, newest) ? { confirmedBy: 'extreme' } : second
  return raiseIfWorse(next, seen, basis)
}

/** Raises what is believed, when that is graver than what was told. */
export function raiseIfWorse(watch: Watch, seen: Seen, basis: Basis): Followed {
  const { judge, belief } = seen
  const breach = belief.value === undefined ? undefined : breachOf(judge, belief.value)
  const rank = breach === undefined ? 0 : rankOf(breach.severity)
  if (breach === undefined || rank <= watch.r) {
    return { watch: unlessInOrder(watch) }
  }
  const isNotice = breach.severity === 'notice'
  return {
    watch: { ...watch, r: rank, n: isNotice ? 1 : watch.n },
    finding: findingOf(seen, breach, basis),
  }
}

const waiting = (watch: Watch, lateMs: number): Watch => ({ ...watch, w: 0, l: lateMs })

/** The same, waiting no more: what it waited with holds, or is not to be believed. */
export const settled = ({ r, n, g, t }: Watch): Watch => ({ r, n, g, t })

/** Nothing has to be remembered of a sign of which nothing was told and nothing waits. */
export const unlessInOrder = (watch: Watch): Watch | null =>
  watch.r === 0 && watch.n === 0 && watch.w === undefined ? null : watch

/** What still counts as told at `at`. */
export const remembered = <W extends { r: number; t: EpochMs }>(watch: W, at: EpochMs): W =>
  watch.r > 0 && at - watch.t >= TOLD_FOR_MS ? { ...watch, r: 0 } : watch

function findingOf({ judge, newest, at, lateMs }: Seen, breach: Breach, basis: Basis): Raised {
  const { name } = judge
  const { severity, side, source } = breach
  const evidence = {
    basis: 'limit',
    metric: name,
    [name + UNIT[name]]: newest,
    [`limit${UNIT[name]}`]: breach.at,
    side,
    source,
    ...basis,
  }
  return { kind: 'vitals', severity, at, lateMs, evidence }
}

function endOf({ judge: { name }, newest, at, lateMs }: Seen): Raised {
  const evidence = { basis: 'limit', metric: name, [name + UNIT[name]]: newest }
  return { kind: 'vitals', severity: 'notice', at, lateMs, evidence, ended: true }
}

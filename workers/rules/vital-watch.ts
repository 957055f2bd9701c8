// One vital sign that is, or was, out of its limits: whether to believe it, to say so, and when it is over.

import { type Severity, severityRank } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import type { Raised } from '../rule.ts'
import { type Breach, isRecovered, type JudgedVital, VITAL_LIMITS } from './vital-limits.ts'

/** A reading that nothing contradicts for this long holds (docs/rules.md). */
export const UNREFUTED_MS = 60_000

/**
 * A tick counts for at most this much waiting, twice its interval: while the hub itself was down nobody could
 * contradict, so that time does not count.
 */
export const WAIT_PER_TICK_MS = 20_000

/** One good reading may be as odd as one bad one. */
export const GOOD_READINGS = 2

/** A reading as it came in. `breach` is the gravest limit that it reached. */
export type Reading = {
  name: JudgedVital
  value: number
  breach: Breach | undefined
  at: EpochMs
  lateMs: number
  now: EpochMs
}

/** A reading out of limits that waits for another one to agree. */
type Doubt = Reading & { breach: Breach; waitedMs: number }

/** What is known of a vital sign that is not in order. */
export type Watch = {
  /** When its newest reading was taken. */
  at: EpochMs
  /** The gravest that was raised since it was last in order; null when nothing was. */
  raised: Severity | null
  /** A notice was raised, which has to be ended: graver findings are incidents and are not. */
  noticed: boolean
  goodReadings: number
  doubt: Doubt | null
}

/** `watch` is null when the vital sign is in order again. */
export type Followed = { watch: Watch | null; finding?: Raised }

/** Takes the next reading. `watch` is undefined for a vital sign that was in order so far. */
export function followReading(watch: Watch | undefined, reading: Reading): Followed {
  const { breach, at } = reading
  if (breach === undefined) return followGood(watch, reading)
  const doubt = watch?.doubt ?? null
  const raised = watch?.raised ?? null
  const known: Watch = { at, raised, noticed: watch?.noticed ?? false, goodReadings: 0, doubt: null }
  if (!isWorse(breach.severity, raised)) return { watch: known }
  if (breach.severity === 'critical') return raise(known, { ...reading, breach }, { confirmedBy: 'extreme' })
  if (doubt === null) return { watch: { ...known, doubt: doubtOf(reading, breach) } }
  return agree(known, { ...reading, breach }, doubt)
}

/** A reading within limits: it contradicts a doubt, and two that are well within are a recovery. */
function followGood(watch: Watch | undefined, { name, value, at, lateMs }: Reading): Followed {
  if (watch === undefined) return { watch: null }
  const goodReadings = watch.goodReadings + (isRecovered(name, value) ? 1 : 0)
  if (watch.raised !== null && goodReadings < GOOD_READINGS) {
    return { watch: { ...watch, at, goodReadings, doubt: null } }
  }
  if (!watch.noticed) return { watch: null }
  const evidence = { metric: name, [keyOf(name)]: value }
  return { watch: null, finding: { kind: 'vitals', severity: 'notice', at, lateMs, evidence, ended: true } }
}

/** A second reading out of limits: both agree on the lesser of the two breaches; a graver one waits on. */
function agree(watch: Watch, reading: Reading & { breach: Breach }, doubt: Doubt): Followed {
  const { breach } = reading
  const agreed = isWorse(breach.severity, doubt.breach.severity) ? doubt.breach : breach
  const waiting = isWorse(breach.severity, agreed.severity) ? doubtOf(reading, breach) : null
  const next = { ...watch, doubt: waiting }
  if (!isWorse(agreed.severity, watch.raised)) return { watch: next }
  const { name, value, at } = doubt
  const first = { [`first${unitOf(name)}`]: value, firstBeforeMs: reading.at - at }
  return raise(next, { ...reading, breach: agreed }, { confirmedBy: 'second_reading', ...first })
}

/** Time passes. Undefined when nothing waits. */
export function passTime(watch: Watch, now: EpochMs): Followed | undefined {
  const { doubt } = watch
  if (doubt === null) return undefined
  const waitedMs = doubt.waitedMs + Math.min(Math.max(0, now - doubt.now), WAIT_PER_TICK_MS)
  if (waitedMs < UNREFUTED_MS) return { watch: { ...watch, doubt: { ...doubt, waitedMs, now } } }
  return raise({ ...watch, doubt: null }, doubt, { confirmedBy: 'unrefuted', waitedMs })
}

/** Forgets a reading that waits and was taken before `at`. Undefined when there is none. */
export function dropDoubt(watch: Watch, at: EpochMs): Followed | undefined {
  if (watch.doubt === null || at < watch.doubt.at) return undefined
  return { watch: watch.raised === null ? null : { ...watch, doubt: null } }
}

type Basis = { confirmedBy: 'extreme' | 'second_reading' | 'unrefuted'; [fact: string]: unknown }

function raise(watch: Watch, reading: Reading & { breach: Breach }, basis: Basis): Followed {
  const { name, value, breach, at, lateMs } = reading
  const { severity, side, source } = breach
  const evidence = {
    metric: name,
    [keyOf(name)]: value,
    [`limit${unitOf(name)}`]: breach.at,
    side,
    source,
    ...basis,
  }
  return {
    watch: { ...watch, raised: severity, noticed: watch.noticed || severity === 'notice' },
    finding: { kind: 'vitals', severity, at, lateMs, evidence },
  }
}

const doubtOf = (reading: Reading, breach: Breach): Doubt => ({ ...reading, breach, waitedMs: 0 })

const unitOf = (name: JudgedVital): string => VITAL_LIMITS[name].unit
const keyOf = (name: JudgedVital): string => name + unitOf(name)

const isWorse = (severity: Severity, than: Severity | null): boolean =>
  than === null || severityRank(severity) > severityRank(than)

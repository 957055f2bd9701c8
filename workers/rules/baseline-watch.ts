// A vital sign that stays away from what is usual for the elder: told as a notice, never more, and ended when it is
// back, or when it has become usual.

import type { EpochMs } from '../../model/units.ts'
import type { Raised } from '../rule.ts'
import { deviationOf, isKnown, isUnusual, type Learned, UNUSUAL_FROM, USUAL_WITHIN } from './baseline.ts'
import { JUDGED_VITALS, type JudgedVital, UNIT } from './vital-reading.ts'
import { GOOD_READINGS } from './vital-watch.ts'

/** Readings of a wrist hang together over minutes, so two in a row prove little; the hub's own choice. */
export const UNUSUAL_READINGS = 3
export const UNUSUAL_FOR_MS = 10 * 60_000

/** Stored, so its names are short. */
export type Deviation = {
  /** Since when, and how many readings at rest. */
  t: EpochMs
  c: number
  /** 1: above the level, −1: below. */
  s: 1 | -1
  /** 1: it was told. */
  n: 0 | 1
  /** Usual readings in a row since then. */
  g: number
}

export type Unusual = {
  i: number
  learned: Learned | 0 | undefined
  value: number
  at: EpochMs
  lateMs: number
  /** A limit was told of this sign and holds: that says more. */
  isToldByLimits: boolean
}

export type FollowedDeviation = { deviation: Deviation | null; finding?: Raised | undefined }

/** Takes a reading at rest. `deviation` is undefined for a sign that was usual so far. */
export function followDeviation(deviation: Deviation | undefined, reading: Unusual): FollowedDeviation {
  const away = deviationOf(reading.learned, reading.i, reading.value)
  if (!isUnusual(away)) return followUsual(deviation, reading, away)
  const s = away > 0 ? 1 : -1
  if (deviation === undefined || (deviation.s !== s && deviation.n === 0)) {
    return { deviation: { t: reading.at, c: 1, s, n: 0, g: 0 } }
  }
  const next: Deviation = { ...deviation, c: deviation.c + 1, g: 0 }
  const holds = next.c >= UNUSUAL_READINGS && reading.at - next.t >= UNUSUAL_FOR_MS
  if (next.n === 1 || !holds || reading.isToldByLimits) return { deviation: next }
  return { deviation: { ...next, n: 1 }, finding: findingOf(next, reading, away) }
}

function followUsual(deviation: Deviation | undefined, reading: Unusual, away: number): FollowedDeviation {
  if (deviation === undefined || deviation.n === 0) return { deviation: null }
  if (Math.abs(away) > USUAL_WITHIN) return { deviation }
  if (deviation.g + 1 < GOOD_READINGS) return { deviation: { ...deviation, g: deviation.g + 1 } }
  const { at, lateMs } = reading
  const evidence = evidenceOf(reading, away)
  return {
    deviation: null,
    finding: { kind: 'vitals', severity: 'notice', at, lateMs, evidence, ended: true },
  }
}

function findingOf({ t, c, s }: Deviation, reading: Unusual, away: number): Raised {
  const { at, lateMs } = reading
  const evidence = {
    ...evidenceOf(reading, away),
    limitDeviations: UNUSUAL_FROM,
    side: s > 0 ? 'above' : 'below',
    readings: c,
    forMs: at - t,
  }
  return { kind: 'vitals', severity: 'notice', at, lateMs, evidence }
}

function evidenceOf({ i, learned, value }: Unusual, away: number): Record<string, unknown> {
  const name = JUDGED_VITALS[i] as JudgedVital
  const unit = UNIT[name]
  const evidence: Record<string, unknown> = { basis: 'baseline', metric: name, [name + unit]: value }
  if (!isKnown(learned)) return evidence
  const [level, spread, hours] = learned
  evidence[`level${unit}`] = tenths(level)
  evidence[`spread${unit}`] = Math.round(spread * 100) / 100
  evidence.deviations = tenths(Math.abs(away))
  evidence.samples = hours
  return evidence
}

const tenths = (value: number): number => Math.round(value * 10) / 10

// How one elder's vital signs are judged: by the usual limits and points, or by limits of their own.
//
// A sign with limits of its own is raised by these alone, and scores only beyond them: whoever set them has said that
// what lies within is normal for this elder, and a score that counts it would call every hour.

import type { OwnLimits, Thresholds } from '../../model/thresholds.ts'
import { type Limit, OWN, VITAL_LIMITS, type VitalLimits } from '../../model/vital-limits.ts'
import { PLAUSIBLE_VITALS } from '../../model/vital-range.ts'
import { NEWS2, news2Points } from './news2.ts'
import {
  isDiastolicFine,
  JUDGED_VITALS,
  type JudgedVital,
  NO_READING,
  type Readings,
  STEP,
} from './vital-reading.ts'

export type Side = 'below' | 'above'

export type Judge = {
  name: JudgedVital
  isOwn: boolean
  limits: VitalLimits
  /** Readings between these two, both excluded, are calm: no limit is reached, and no points are given. */
  calmAbove: number
  calmBelow: number
}

/** One a vital sign, in the order of `JUDGED_VITALS`. */
export type Judges = readonly Judge[]

/** A limit that a reading has reached. */
export type Breach = Limit & { side: Side }

/** The judges of an elder; the same for the same object, as a context keeps it for months. */
export function judgesFor(thresholds: Thresholds | null): Judges {
  if (!thresholds) return USUAL
  const known = judgesByThresholds.get(thresholds)
  if (known !== undefined) return known
  const judges = JUDGED_VITALS.map(name => judgeOf(name, thresholds[name]))
  judgesByThresholds.set(thresholds, judges)
  return judges
}

const judgesByThresholds = new WeakMap<Thresholds, Judges>()

function judgeOf(name: JudgedVital, own: OwnLimits | undefined): Judge {
  const { from, to } = PLAUSIBLE_VITALS[name]
  const limits = own ? limitsOf(name, own) : VITAL_LIMITS[name]
  const calm = own ? { above: limits.below.at(-1)?.at, below: limits.above.at(-1)?.at } : zeroBand(name)
  const half = STEP[name] / 2
  return {
    name,
    isOwn: own !== undefined,
    limits,
    calmAbove: Math.max(calm.above ?? Number.NEGATIVE_INFINITY, from - half),
    calmBelow: Math.min(calm.below ?? Number.POSITIVE_INFINITY, to + half),
  }
}

function limitsOf(name: JudgedVital, { low = {}, high = {} }: OwnLimits): VitalLimits {
  const below = gravestFirst(low)
  const above = gravestFirst(high)
  const width =
    (above.at(-1)?.at ?? Number.POSITIVE_INFINITY) - (below.at(-1)?.at ?? Number.NEGATIVE_INFINITY)
  // Limits that are close together leave a place between them where a sign has recovered.
  return { below, above, recoveredBy: Math.min(VITAL_LIMITS[name].recoveredBy, width / 4) }
}

const gravestFirst = (bounds: { high?: number | undefined; critical?: number | undefined }): Limit[] =>
  (['critical', 'high'] as const).flatMap(severity => {
    const at = bounds[severity]
    return at === undefined ? [] : [{ at, severity, source: OWN }]
  })

/** The readings that score nothing; the ends excluded, half a step from the bands beside. */
function zeroBand(name: JudgedVital): { above: number; below: number } {
  const bands = NEWS2[name]
  const zero = bands.findIndex(({ points }) => points === 0)
  const half = STEP[name] / 2
  return {
    above: (bands[zero - 1]?.upTo ?? Number.NEGATIVE_INFINITY) + half,
    below: (bands[zero]?.upTo ?? Number.POSITIVE_INFINITY) + half,
  }
}

const USUAL: Judges = JUDGED_VITALS.map(name => judgeOf(name, undefined))

/** On which side a reading is not calm. */
export function sideOf({ calmAbove, calmBelow }: Judge, value: number): Side | undefined {
  if (value <= calmAbove) return 'below'
  return value >= calmBelow ? 'above' : undefined
}

/** Whether all readings are calm; false also when one is not believed. */
export function isCalm(judges: Judges, readings: Readings): boolean {
  for (let i = 0; i < judges.length; i++) {
    const value = readings[i] as number
    const { calmAbove, calmBelow } = judges[i] as Judge
    if (value !== NO_READING && !(value > calmAbove && value < calmBelow)) return false
  }
  return isDiastolicFine(readings)
}

/** The gravest limit that a reading has reached, if any. */
export function breachOf({ limits }: Judge, value: number): Breach | undefined {
  for (const limit of limits.below) if (value <= limit.at) return { ...limit, side: 'below' }
  for (const limit of limits.above) if (value >= limit.at) return { ...limit, side: 'above' }
  return undefined
}

/** Whether a reading lies far enough inside all limits to call it recovered. */
export function isRecovered(judge: Judge, value: number): boolean {
  const { recoveredBy } = judge.limits
  return (
    breachOf(judge, value - recoveredBy) === undefined && breachOf(judge, value + recoveredBy) === undefined
  )
}

/** NEWS2 points of a reading for this elder. */
export const pointsOf = (judge: Judge, value: number): number =>
  judge.isOwn && sideOf(judge, value) === undefined ? 0 : news2Points(judge.name, value)

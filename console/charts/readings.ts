// What charts of vital signs are drawn from: readings of the last hours, and what they come to in numbers.

import type { Bucket, Chart, Metric } from '../../model/history.ts'
import type { VitalName } from '../../model/telemetry.ts'

const HOUR_MS = 3_600_000
/** How much is shown before the alarm. */
export const BEFORE_MS = 3 * HOUR_MS
/** An alarm that is older than this is looked at as it was, and not as it went on. */
const LIVE_FOR_MS = 6 * HOUR_MS
const AFTER_MS = HOUR_MS

export type Span = { from: number; to: number; isLive: boolean }

/** The hours around an alarm; up to now while it is fresh. */
export function spanAround(at: number, now: number): Span {
  const isLive = now - at < LIVE_FOR_MS
  return { from: at - BEFORE_MS, to: isLive ? now : at + AFTER_MS, isLive }
}

/** One chart may show two metrics that belong together. */
export const CHARTS = [
  ['hr'],
  ['spo2'],
  ['sbp', 'dbp'],
  ['temp'],
  ['rr'],
] as const satisfies readonly (readonly VitalName[])[]

export const VITAL_METRICS: readonly VitalName[] = CHARTS.flat()

export type Readings = Partial<Record<Metric, readonly Bucket[]>>

/** A stretch without readings longer than this is a hole in the line: nobody knows what was in between. */
const HOLE_MS = 20 * 60_000

export type Column = (number | null)[]
export type Columns = { x: number[]; mean: Column[]; min: Column; max: Column }

/** Buckets of several metrics on one axis of time; null where one has none, and once in each hole. */
export function columnsOf(metrics: readonly (readonly Bucket[])[], everyMs: number): Columns {
  const [first = []] = metrics
  const times = [...new Set(metrics.flat().map(({ at }) => at))].sort((a, b) => a - b)
  const x = times.flatMap((at, i) => {
    const before = times[i - 1]
    return before !== undefined && at - before > Math.max(HOLE_MS, 3 * everyMs)
      ? [(before + at) / 2, at]
      : [at]
  })
  const column = (buckets: readonly Bucket[], pick: (bucket: Bucket) => number): Column => {
    const byTime = new Map(buckets.map(bucket => [bucket.at, pick(bucket)]))
    return x.map(at => byTime.get(at) ?? null)
  }
  return {
    x,
    mean: metrics.map(buckets => column(buckets, ({ mean }) => mean)),
    min: column(first, ({ min }) => min),
    max: column(first, ({ max }) => max),
  }
}

export type Summary = { last: number; lastAt: number; min: number; max: number }

/** What a chart says in four numbers; undefined without readings. */
export function summaryOf(buckets: readonly Bucket[]): Summary | undefined {
  const last = buckets.at(-1)
  if (last === undefined) return undefined
  return {
    last: last.mean,
    lastAt: last.at,
    min: Math.min(...buckets.map(({ min }) => min)),
    max: Math.max(...buckets.map(({ max }) => max)),
  }
}

/** One decimal where it means something. */
export const shown = (metric: Metric, value: number): string =>
  metric === 'temp' ? value.toFixed(1) : String(Math.round(value))

/** Readings a minute are what wearables send. */
export const everyOf = ({ from, to }: Pick<Span, 'from' | 'to'>): number =>
  to - from > 12 * HOUR_MS ? 300_000 : 60_000

export const missingOf = (charts: readonly Chart[]): boolean => charts.some(({ holes }) => holes.length > 0)

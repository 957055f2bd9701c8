// What charts of vital signs are drawn from: readings of the last hours, and what they come to in numbers.

import type { AlarmFile } from '../../model/alarm-file.ts'
import type { Bucket, Chart, Metric } from '../../model/history.ts'
import type { VitalName } from '../../model/telemetry.ts'

const HOUR_MS = 3_600_000
/** How much is shown before the alarm. */
export const BEFORE_MS = 3 * HOUR_MS
/** How much is shown after its end: how it went on, before all is as it was. */
const AFTER_MS = HOUR_MS
/** More than this is not drawn of an alarm that nobody ends. */
const LONGEST_MS = 30 * 24 * HOUR_MS

export type Span = { from: number; to: number; isLive: boolean }

/** When an alarm was raised, and when it ended; no end while it is open. Epoch ms. */
export type Lasted = { at: number; endedAt: number | undefined }

/** The hours around an alarm: up to now for as long as it is open, and for an hour after its end. */
export function spanAround({ at, endedAt }: Lasted, now: number): Span {
  const isLive = endedAt === undefined || now < endedAt + AFTER_MS
  const to = isLive ? now : endedAt + AFTER_MS
  return { from: Math.max(at - BEFORE_MS, to - LONGEST_MS), to, isLive }
}

/** When the alarm of a file ended: it is resolved before it is closed. Undefined while it is open. */
export function endOf({ alarm, timeline }: Pick<AlarmFile, 'alarm' | 'timeline'>): number | undefined {
  if (alarm.state !== 'resolved' && alarm.state !== 'closed') return undefined
  const end = timeline.findLast(({ kind }) => kind === 'resolved') ?? timeline.at(-1)
  return end?.at ?? alarm.raisedAt
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

/** Readings a minute are what wearables send; a long alarm is drawn in no more points than a screen has columns. */
export function everyOf({ from, to }: Pick<Span, 'from' | 'to'>): number {
  const hours = (to - from) / HOUR_MS
  return hours > 120 ? HOUR_MS : hours > 12 ? 300_000 : 60_000
}

export const missingOf = (charts: readonly Chart[]): boolean => charts.some(({ holes }) => holes.length > 0)

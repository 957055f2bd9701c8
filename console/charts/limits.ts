// Which limits belong into the chart of a vital sign, and how far its axis goes.

import type { Severity } from '../../model/finding.ts'
import type { VitalName } from '../../model/telemetry.ts'
import type { OwnLimits, Thresholds } from '../../model/thresholds.ts'
import { VITAL_LIMITS } from '../../model/vital-limits.ts'

/** Readings at `at` or beyond it, on its side, are raised. */
export type ChartLimit = { at: number; side: 'below' | 'above'; severity: Severity }

/** The elder's own limits where they have some: then only those count (docs/rules.md). None for what no rule judges. */
export function limitsOf(name: VitalName, thresholds: Thresholds | null): ChartLimit[] {
  if (name === 'dbp') return []
  const own = thresholds?.[name]
  if (own !== undefined) return ownLimits(own)
  const { below, above } = VITAL_LIMITS[name]
  return [
    ...below.map(({ at, severity }): ChartLimit => ({ at, side: 'below', severity })),
    ...above.map(({ at, severity }): ChartLimit => ({ at, side: 'above', severity })),
  ]
}

function ownLimits({ low, high }: OwnLimits): ChartLimit[] {
  const sides = [
    ['below', low],
    ['above', high],
  ] as const
  return sides.flatMap(([side, bounds]) =>
    (['critical', 'high'] as const).flatMap(severity => {
      const at = bounds?.[severity]
      return at === undefined ? [] : [{ at, side, severity }]
    }),
  )
}

/** The gravest limit that a reading reaches. */
export function reached(value: number, limits: readonly ChartLimit[]): ChartLimit | undefined {
  const isBeyond = ({ at, side }: ChartLimit): boolean => (side === 'below' ? value <= at : value >= at)
  const beyond = limits.filter(isBeyond)
  return beyond.find(({ severity }) => severity === 'critical') ?? beyond[0]
}

/** Room above and below what is drawn. */
const MARGIN = 0.08

/**
 * From where to where an axis goes: all readings, and on each side the limit that they would reach first, so that the
 * eye sees how far away it is.
 */
export function axisRange(
  values: readonly number[],
  limits: readonly ChartLimit[],
): [low: number, high: number] {
  const below = Math.max(...sideOf(limits, 'below'))
  const above = Math.min(...sideOf(limits, 'above'))
  const shown = [...values, below, above].filter(Number.isFinite)
  if (shown.length === 0) return [0, 1]
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  const margin = (high - low || Math.abs(high) || 1) * MARGIN
  return [low - margin, high + margin]
}

const sideOf = (limits: readonly ChartLimit[], side: ChartLimit['side']): number[] =>
  limits.filter(limit => limit.side === side).map(({ at }) => at)

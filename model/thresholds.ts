// An elder's own limits of vital signs, where the usual ones do not fit them.

import { z } from 'zod'
import type { VitalName } from './telemetry.ts'
import { PLAUSIBLE_VITALS } from './vital-range.ts'

/** By vital sign, in its own unit; one that is named has only these limits, and no others. */
export const thresholdsSchema = z
  .strictObject({
    hr: limitsOf('hr').optional(),
    spo2: limitsOf('spo2').optional(),
    sbp: limitsOf('sbp').optional(),
    temp: limitsOf('temp').optional(),
    rr: limitsOf('rr').optional(),
  })
  .meta({ id: 'Thresholds' })

export type Thresholds = z.infer<typeof thresholdsSchema>

/** Readings at a bound or beyond it. What is left out is not raised on this side. */
export type Bounds = { high?: number | undefined; critical?: number | undefined }
export type OwnLimits = { low?: Bounds | undefined; high?: Bounds | undefined }

/** A bound that no reading can reach, or none at all, would silence a vital sign by mistake. */
function limitsOf(name: VitalName) {
  const { from, to } = PLAUSIBLE_VITALS[name]
  const bound = z.number().min(from).max(to).optional()
  const bounds = z.strictObject({ high: bound, critical: bound })
  return z
    .strictObject({ low: bounds.optional(), high: bounds.optional() })
    .refine(limits => boundsOf(limits).length > 0, 'must name at least one limit')
    .refine(isOrdered, 'critical must lie beyond high, and low below high')
}

function isOrdered(limits: OwnLimits): boolean {
  return boundsOf(limits).every((bound, i, all) => i === 0 || (all[i - 1] as number) < bound)
}

/** From the lowest to the highest: low.critical, low.high, high.high, high.critical. */
function boundsOf({ low, high }: OwnLimits): number[] {
  return [low?.critical, low?.high, high?.high, high?.critical].filter(bound => bound !== undefined)
}

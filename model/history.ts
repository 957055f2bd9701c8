// What charts and maps are drawn from: what a person's wearables said over time, as the interface tells it.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { locationSchema, vitalsSchema } from './telemetry.ts'

/** What a chart can show; bpm, %, mmHg, mmHg, °C, breaths/min, steps since the device began, %, dBm. */
export const METRICS = ['hr', 'spo2', 'sbp', 'dbp', 'temp', 'rr', 'steps', 'battery', 'signal'] as const
export type Metric = (typeof METRICS)[number]

/** A vital sign of zero is "no value" (docs/device-protocol.md); zero steps are zero steps. */
export const ZERO_IS_NO_VALUE: ReadonlySet<Metric> = new Set(['hr', 'spo2', 'sbp', 'dbp', 'temp', 'rr'])

const epochMs = z.number().int()
const heard = { deviceId: idSchema, at: epochMs, receivedAt: epochMs }

/** The readings of one stretch of time; stretches without any are left out. */
export const bucketSchema = z
  .object({
    at: epochMs.meta({ description: 'Where the stretch begins' }),
    mean: z.number(),
    min: z.number(),
    max: z.number(),
    count: z.number().int().positive(),
  })
  .meta({ id: 'Bucket' })

export const holeSchema = z
  .object({
    fromAt: epochMs.meta({ description: 'When the first of what is missing was received' }),
    toAt: epochMs,
    records: z.number().int().meta({ description: 'Messages of all devices that share the part of the log' }),
  })
  .meta({
    id: 'HistoryHole',
    description: 'Messages that were never kept: the history was away for too long',
  })

const missing = {
  holes: z.array(holeSchema),
  incompleteBefore: epochMs
    .nullable()
    .meta({ description: 'What is older may have been let go of (retention); null: nothing of it was' }),
}

const { lat, lon, acc, src } = locationSchema.shape

export const fixSchema = z
  .object({ ...heard, lat, lon, acc, src })
  .meta({ id: 'Fix', description: 'A position in WGS-84, as zones are, whatever datum the device sent' })

export const chartSchema = z
  .object({
    metric: z.enum(METRICS),
    from: epochMs,
    to: epochMs,
    everyMs: z.number().int(),
    items: z.array(bucketSchema),
    ...missing,
  })
  .meta({ id: 'Chart' })

export const trackSchema = z
  .object({
    items: z.array(fixSchema).meta({ description: 'Oldest first' }),
    next: epochMs.nullable().meta({ description: '`from` of the following page, null on the last' }),
    ...missing,
  })
  .meta({ id: 'Track' })

const state = {
  steps: z.number().optional(),
  battery: z.number().optional(),
  worn: z.boolean().optional(),
  signal: z.number().optional(),
}

/** The newest of each kind, of the last days; null: nothing was heard. */
export const latestSchema = z
  .object({
    fix: fixSchema.nullable(),
    vitals: z.object({ ...heard, vitals: vitalsSchema }).nullable(),
    state: z.object({ ...heard, ...state }).nullable(),
  })
  .meta({ id: 'Latest' })

export type Bucket = z.infer<typeof bucketSchema>
export type Hole = z.infer<typeof holeSchema>
export type Fix = z.infer<typeof fixSchema>
export type Chart = z.infer<typeof chartSchema>
export type Track = z.infer<typeof trackSchema>
export type Latest = z.infer<typeof latestSchema>

// One sample of a wearable, as it arrives on `…/telemetry` (docs/device-protocol.md).

import { z } from 'zod'

export const LOCATION_SOURCES = ['gps', 'bds', 'wifi', 'lbs'] as const
export const DATUMS = ['wgs84', 'gcj02', 'bd09'] as const

/** A position fix. `acc` is the 68 % radius in metres. */
export const locationSchema = z
  .object({
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
    acc: z.number().positive().max(100_000).optional(),
    src: z.enum(LOCATION_SOURCES).optional(),
    datum: z.enum(DATUMS).optional(),
  })
  .meta({ id: 'Location' })

/** bpm, %, mmHg, mmHg, °C, breaths/min. Zero means "no value"; rules decide what is plausible. */
export const vitalsSchema = z
  .object({
    hr: z.number().optional(),
    spo2: z.number().optional(),
    sbp: z.number().optional(),
    dbp: z.number().optional(),
    temp: z.number().optional(),
    rr: z.number().optional(),
  })
  .meta({ id: 'Vitals' })

export const telemetrySchema = z
  .object({
    ts: z.number().optional(),
    seq: z.number().int().nonnegative().optional(),
    loc: locationSchema.optional(),
    vitals: vitalsSchema.optional(),
    steps: z.number().int().nonnegative().optional(),
    battery: z.number().min(0).max(100).optional(),
    worn: z.boolean().optional(),
    signal: z.number().optional(),
  })
  .meta({ id: 'Telemetry' })

export type Location = z.infer<typeof locationSchema>
export type Vitals = z.infer<typeof vitalsSchema>
export type VitalName = keyof Vitals
export type Telemetry = z.infer<typeof telemetrySchema>

/** Store and forward: at most this many samples in one message. */
export const MAX_SAMPLES = 100

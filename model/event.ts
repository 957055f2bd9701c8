// One event of a wearable, as it arrives on `…/event`: somebody pressed, fell, took the band off.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { locationSchema } from './telemetry.ts'

export const EVENT_KINDS = [
  'sos',
  'service',
  'fall',
  'removed',
  'cancel',
  'low_battery',
  'power_off',
  'check_in',
  'custom',
] as const

export type EventKind = (typeof EVENT_KINDS)[number]

export const eventSchema = z
  .object({
    id: idSchema.optional(),
    ts: z.number().optional(),
    kind: z.enum(EVENT_KINDS),
    loc: locationSchema.optional(),
    text: z.string().optional(),
  })
  .meta({ id: 'DeviceEvent' })

export type DeviceEvent = z.infer<typeof eventSchema>

// Wearables, and who wears them when.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { textSchema } from './text.ts'

export const DEVICE_KINDS = ['bracelet', 'watch', 'phone', 'gateway'] as const
export const DEVICE_PROTOCOLS = ['mqtt'] as const

export const deviceSchema = z
  .object({
    id: idSchema,
    kind: z.enum(DEVICE_KINDS),
    protocol: z.enum(DEVICE_PROTOCOLS),
    areaId: idSchema,
    /** Who wears it now. */
    residentId: idSchema.nullable(),
    /** How often it should report; null when the hub is to learn it. */
    intervalMs: z
      .number()
      .int()
      .min(10_000)
      .max(7 * 24 * 3_600_000)
      .nullable(),
    /** Of its SIM, where it has one: a call from it is found by that. */
    phone: textSchema(32).nullable(),
    archivedAt: z.number().nullable(),
  })
  .meta({ id: 'Device' })

export const createdDeviceSchema = z
  .object({
    device: deviceSchema,
    secret: z.string().meta({ description: 'The MQTT password. It is shown here and never again' }),
  })
  .meta({ id: 'CreatedDevice' })

/** What a device sent and nobody understood. */
export const rejectSchema = z
  .object({
    receiptId: z.string(),
    deviceId: idSchema,
    receivedAt: z.number(),
    kind: z.string(),
    reason: z.string(),
    raw: z.string(),
  })
  .meta({ id: 'Reject' })

export type Device = z.infer<typeof deviceSchema>
export type CreatedDevice = z.infer<typeof createdDeviceSchema>
export type Reject = z.infer<typeof rejectSchema>

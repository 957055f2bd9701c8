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

export type Device = z.infer<typeof deviceSchema>

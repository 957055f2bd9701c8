// Wearables, and who wears them when.

import { z } from 'zod'
import { idSchema } from './id.ts'

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
    archivedAt: z.number().nullable(),
  })
  .meta({ id: 'Device' })

export type Device = z.infer<typeof deviceSchema>

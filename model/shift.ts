// What one shift leaves to the next: words, and the alarms that are still open.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { alarmSchema, ownerSchema } from './incident.ts'
import { textSchema } from './text.ts'

export const SHIFT_STATES = ['open', 'accepted', 'replaced'] as const

export const newShiftSchema = z
  .strictObject({
    toUserId: idSchema.optional().meta({ description: 'Whom it is meant for; left out, whoever comes' }),
    text: textSchema(4_000).trim().min(1),
  })
  .meta({ id: 'NewShiftHandOver' })

export const shiftSchema = z
  .object({
    id: idSchema,
    /** `replaced`: the same person has written a newer one. */
    state: z.enum(SHIFT_STATES),
    from: ownerSchema,
    to: ownerSchema.nullable(),
    text: z.string(),
    createdAt: z.number(),
    acceptedAt: z.number().nullable(),
    acceptedBy: ownerSchema.nullable(),
    /** The alarms that go along, as they are now; of those that the account may see. */
    alarms: z.array(alarmSchema),
  })
  .meta({ id: 'ShiftHandOver' })

export type ShiftState = (typeof SHIFT_STATES)[number]
export type Shift = z.infer<typeof shiftSchema>

// The elder, and the people to call.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { nameSchema, textSchema } from './text.ts'

export const residentSchema = z
  .object({
    id: idSchema,
    areaId: idSchema,
    name: nameSchema,
    gender: z.enum(['female', 'male']).nullable(),
    birthYear: z.number().int().min(1900).max(2100).nullable(),
    phone: textSchema(32).nullable(),
    address: textSchema(300).nullable(),
    /** How a responder gets in: door code, keys, dog. */
    accessNotes: textSchema(2_000).nullable(),
    medicalNotes: textSchema(2_000).nullable(),
    /** 失智/防走失: leaving a zone or taking the band off is serious. */
    wandering: z.boolean(),
    livesAlone: z.boolean(),
  })
  .meta({ id: 'Resident' })

export const contactSchema = z
  .object({
    id: idSchema,
    residentId: idSchema,
    name: nameSchema,
    /** Daughter, neighbour, community worker. */
    relation: textSchema(50).nullable(),
    phone: textSchema(32),
    /** Calling order, 1 first. */
    position: z.number().int().min(1).max(99),
  })
  .meta({ id: 'Contact' })

export type Resident = z.infer<typeof residentSchema>
export type Contact = z.infer<typeof contactSchema>

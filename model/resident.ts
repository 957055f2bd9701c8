// The elder, and the people to call.

import { z } from 'zod'
import { languageSchema } from './channel.ts'
import { idSchema } from './id.ts'
import { periodSchema, scheduleSchema, timeOfDaySchema, timeZoneSchema } from './schedule.ts'
import { nameSchema, textSchema } from './text.ts'
import { thresholdsSchema } from './thresholds.ts'

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
    /** The clock on their wall: waking hours, the daily check-in and schedules of zones go by it. */
    timeZone: timeZoneSchema,
    /** When they are usually up: only then is it odd that nothing moves. */
    waking: periodSchema,
    /** By when "I'm well" is expected every day; null when it is not. */
    checkInBy: timeOfDaySchema.nullable(),
    /** In hospital or on holiday until then: nobody is told that they are silent, or do not move. Epoch ms. */
    awayUntil: z.number().int().nullable(),
    /** Their own limits of vital signs; null for the usual ones. */
    thresholds: thresholdsSchema.nullable(),
  })
  .meta({ id: 'Resident' })

/** What holds for an elder of whom nobody has said otherwise. */
export const USUAL_CARE = {
  timeZone: 'Asia/Shanghai',
  waking: { from: '07:00', to: '21:00' },
  checkInBy: null,
  awayUntil: null,
  thresholds: null,
} as const satisfies Partial<Resident>

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
    /** When they can be called, by the clock on the elder's wall; empty for always. */
    availability: scheduleSchema,
    /** In which they are written to. */
    language: languageSchema,
    email: textSchema(320).nullable(),
    /** Their own account, for pushes to their browsers. */
    userId: idSchema.nullable(),
  })
  .meta({ id: 'Contact' })

/** As somebody writes it down; what is shown of it may be stars. */
export const contactMailSchema = z.email().max(320).nullable()

/** What holds for a contact of whom nobody has said otherwise. */
export const USUAL_CONTACT = {
  availability: [],
  language: 'zh',
  email: null,
  userId: null,
} as const satisfies Partial<z.infer<typeof contactSchema>>

export type Resident = z.infer<typeof residentSchema>
export type Contact = z.infer<typeof contactSchema>

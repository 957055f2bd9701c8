// What a family sees of its elder: whether something is wrong and who is on it, the last sign of life, what happened
// lately, and where they are when that is theirs to know. No operator is named, and nothing is measured.

import { z } from 'zod'
import { FINDING_KINDS } from './finding.ts'
import { idSchema } from './id.ts'
import { alarmSchema, DISPOSITIONS, entrySchema } from './incident.ts'
import { LOCATION_SOURCES } from './telemetry.ts'

/** How far back a family sees what happened. */
export const FAMILY_DAYS = 30
/** At most so many alarms of an elder, the newest. */
export const FAMILY_ALARMS_MAX = 50

/**
 * How far help has come. `told`: the people on duty know and nobody has taken it yet · `answered`: somebody on duty is
 * on it · `sent`: somebody was asked to go · `on_the_way` · `arrived`.
 */
export const HELP_STAGES = ['told', 'answered', 'sent', 'on_the_way', 'arrived'] as const

/** Who goes there: a worker by name, because they will ring at the door; another contact by what they are to the elder. */
export const HELPERS = ['worker', 'you', 'contact', 'service'] as const
export const HELPER_STATES = ['asked', 'coming', 'on_the_way', 'arrived'] as const

/**
 * `lost`: they have wandered off · `consent`: they agreed to be seen by their family · `withheld`: they do not want it,
 * even then · `not_needed`: neither · `unknown`: it would be shown, and nobody knows it.
 */
export const PLACE_REASONS = ['lost', 'consent', 'withheld', 'not_needed', 'unknown'] as const

const epochMs = z.number().int()

export const familyHelperSchema = z
  .object({
    who: z.enum(HELPERS),
    name: z
      .string()
      .nullable()
      .meta({ description: 'A worker’s name, what a contact is to the elder, or 120, 110, 119' }),
    state: z.enum(HELPER_STATES),
    since: epochMs,
  })
  .meta({ id: 'FamilyHelper' })

export const familyAlarmSchema = z
  .object({
    id: idSchema,
    class: z.enum(['emergency', 'service']),
    kind: z.enum(FINDING_KINDS),
    at: epochMs.meta({ description: 'When it happened last, as far as it is open; else when it was raised' }),
    zone: z.string().nullable().meta({ description: 'Which zone was left or entered' }),
    help: z
      .object({
        stage: z.enum(HELP_STAGES),
        since: epochMs,
        helpers: z.array(familyHelperSchema),
        goingSince: epochMs
          .nullable()
          .meta({ description: 'When you said "I\'m going" of what happened last; null: you can' }),
      })
      .nullable()
      .meta({ description: 'Null when it is over' }),
    disposition: z.enum(DISPOSITIONS).nullable().meta({ description: 'What came of it' }),
    endedAt: epochMs.nullable(),
  })
  .meta({ id: 'FamilyAlarm' })

export const familySignSchema = z
  .object({
    devices: z.number().int().meta({ description: 'How many they wear; of 0 nothing else is known' }),
    isRead: z.boolean().meta({ description: 'False: what was heard last could not be read just now' }),
    heardAt: epochMs.nullable(),
    isWorn: z.boolean().nullable(),
    batteryPercent: z.number().nullable(),
    isBatteryLow: z.boolean(),
    isOff: z.boolean().meta({ description: 'A device was switched off' }),
    silentSince: epochMs
      .nullable()
      .meta({ description: 'A device is missed, and since when nothing was heard of it' }),
  })
  .meta({ id: 'FamilySign' })

export const familyPlaceSchema = z
  .object({
    lat: z.number(),
    lon: z.number(),
    accuracyM: z.number().nullable(),
    source: z.enum(LOCATION_SOURCES).nullable(),
    at: epochMs,
    links: z
      .object({ zh: z.string(), en: z.string() })
      .meta({ description: 'The place on a map outside of the hub, for whoever follows the link' }),
  })
  .meta({ id: 'FamilyPlace', description: 'WGS-84' })

export const familyElderSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    gender: z.enum(['female', 'male']).nullable(),
    relation: z.string().nullable().meta({ description: 'What you are to them, such as 女儿' }),
    timeZone: z.string(),
    awayUntil: epochMs.nullable().meta({ description: 'In hospital or on holiday: silence is not told of' }),
    isShared: z.boolean().meta({
      description: 'False: they took back that their family is told; open alarms are all that is left',
    }),
    open: z.array(familyAlarmSchema).meta({ description: 'The emergency first' }),
    sign: familySignSchema.nullable().meta({ description: 'Null when it is not shared' }),
    isLost: z.boolean().meta({ description: 'They have wandered off, and that is not over' }),
    place: familyPlaceSchema.nullable(),
    placeReason: z.enum(PLACE_REASONS),
    past: z.array(familyAlarmSchema).meta({ description: `Of ${FAMILY_DAYS} days, the newest first` }),
  })
  .meta({ id: 'FamilyElder' })

export const familySchema = z
  .object({
    at: epochMs.meta({ description: 'When all of this was so' }),
    items: z.array(familyElderSchema),
  })
  .meta({ id: 'Family' })

/** What families are told by their socket: that something has happened, and nothing of who works on it. */
export const familyMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), epoch: z.string(), seq: z.number().int(), oldest: z.number().int() }),
  z.object({ type: z.literal('ping'), at: z.number() }),
  z.object({
    type: z.literal('alarm'),
    seq: z.number().int(),
    entry: entrySchema.pick({ kind: true, at: true, findingId: true, eventId: true }),
    alarm: alarmSchema.pick({
      id: true,
      class: true,
      state: true,
      severity: true,
      kind: true,
      subject: true,
      deviceId: true,
      raisedAt: true,
      alertedAt: true,
      lateMs: true,
      seq: true,
    }),
  }),
])

export type FamilyMessage = z.infer<typeof familyMessageSchema>
export type HelpStage = (typeof HELP_STAGES)[number]
export type HelperState = (typeof HELPER_STATES)[number]
export type PlaceReason = (typeof PLACE_REASONS)[number]
export type FamilyHelper = z.infer<typeof familyHelperSchema>
export type FamilyAlarm = z.infer<typeof familyAlarmSchema>
export type FamilySign = z.infer<typeof familySignSchema>
export type FamilyPlace = z.infer<typeof familyPlaceSchema>
export type FamilyElder = z.infer<typeof familyElderSchema>
export type Family = z.infer<typeof familySchema>

// A telephone call, as the switch reports it and as the desk sees it.

import { z } from 'zod'
import { FINDING_KINDS, SEVERITIES } from './finding.ts'
import { idSchema } from './id.ts'
import { INCIDENT_CLASSES, INCIDENT_STATES, ownerSchema, subjectSchema } from './incident.ts'
import { textSchema } from './text.ts'

/** What a switch reports of a call, each once; they may come in any order. */
export const CALL_STATES = ['ringing', 'answered', 'ended', 'missed'] as const
export const CALL_DIRECTIONS = ['in', 'out'] as const

/** The switch's own id of a call: FreeSWITCH has UUIDs, Asterisk times with a point. */
const switchCallId = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters')

export const callReportSchema = z
  .strictObject({
    callId: switchCallId.meta({ description: "The switch's own id of the call, never used again" }),
    state: z.enum(CALL_STATES),
    direction: z
      .enum(CALL_DIRECTIONS)
      .optional()
      .meta({ description: '`out`: the desk calls somebody; left out, as before, and `in` at first' }),
    from: textSchema(128).nullish().meta({
      description: 'Who calls, as the network has it; a SIP or tel address will do. Left out: withheld',
    }),
    to: textSchema(128).nullish().meta({ description: 'Who is called; for `out` whom the desk calls' }),
    at: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'When it happened by the clock of the switch, epoch ms; left out, now' }),
    operator: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be the user name of an account')
      .optional()
      .meta({ description: 'User name of whoever answered, or calls' }),
    recordingUrl: z
      .string()
      .max(1_000)
      .optional()
      .meta({ description: 'https on RECORDINGS_HOST; may come later, with `ended` once more' }),
  })
  .meta({ id: 'CallReport' })

/** How somebody's number is known: it is their own, of a device that they wear, or of one of their contacts. */
const waySchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('self') }),
  z.object({ by: z.literal('device'), deviceId: idSchema }),
  z.object({
    by: z.literal('contact'),
    contactId: idSchema,
    name: z.string(),
    relation: z.string().nullable(),
  }),
])

/** Somebody whom a call may be about. Who it is, a person finds out. */
export const callCandidateSchema = z
  .object({
    /** An elder; or a device with a number that nobody wears. */
    subject: subjectSchema,
    areaId: idSchema,
    ways: z.array(waySchema),
    /** What is open about them. */
    alarms: z.array(
      z.object({
        id: idSchema,
        class: z.enum(INCIDENT_CLASSES),
        state: z.enum(INCIDENT_STATES),
        severity: z.enum(SEVERITIES),
        kind: z.enum(FINDING_KINDS),
      }),
    ),
  })
  .meta({ id: 'CallCandidate' })

export const callSchema = z
  .object({
    id: idSchema,
    callId: z.string(),
    direction: z.enum(CALL_DIRECTIONS),
    state: z.enum(CALL_STATES),
    /** As the switch wrote them; null: withheld. */
    from: z.string().nullable(),
    to: z.string().nullable(),
    /** The number of whoever is outside, in one form; null when it is withheld. */
    number: z.string().nullable(),
    /** The area of the switch. */
    areaId: idSchema,
    startedAt: z.number(),
    answeredAt: z.number().nullable(),
    endedAt: z.number().nullable(),
    /** How long they spoke; null while they do, and when nobody answered. */
    durationMs: z.number().nullable(),
    /** Whose call it is: who answered, or took it at the desk first. */
    owner: ownerSchema.optional(),
    /** Whom it is about, once that is certain. */
    residentId: idSchema.nullable(),
    /** On whose timeline it stands. */
    alarmId: idSchema.nullable(),
    isRecorded: z.boolean(),
  })
  .meta({ id: 'Call' })

/** What the console pops up. */
export const seenCallSchema = z
  .object({ call: callSchema, candidates: z.array(callCandidateSchema) })
  .meta({ id: 'SeenCall' })

export type CallState = (typeof CALL_STATES)[number]
export type CallDirection = (typeof CALL_DIRECTIONS)[number]
export type CallReport = z.infer<typeof callReportSchema>
export type CallerWay = z.infer<typeof waySchema>
export type CallCandidate = z.infer<typeof callCandidateSchema>
export type Call = z.infer<typeof callSchema>
export type SeenCall = z.infer<typeof seenCallSchema>

/** When each state was reached; null for one that was not reported. */
export type CallTimes = {
  ringingAt: number | null
  answeredAt: number | null
  endedAt: number | null
  missedAt: number | null
}

/** The state that a call is in, in whatever order its reports came. */
export function callStateOf({ answeredAt, endedAt, missedAt }: CallTimes): CallState {
  if (answeredAt === null && missedAt !== null) return 'missed'
  if (endedAt !== null) return 'ended'
  return answeredAt === null ? 'ringing' : 'answered'
}

/** Clocks of switches are set as well: nobody spoke for less than no time. */
export const callDurationOf = ({ answeredAt, endedAt }: CallTimes): number | null =>
  answeredAt === null || endedAt === null ? null : Math.max(0, endedAt - answeredAt)

// Somebody who is sent to an elder: asked by the desk, and what they report on the way.

import { z } from 'zod'
import { FINDING_KINDS, SEVERITIES } from './finding.ts'
import { idSchema } from './id.ts'
import { INCIDENT_CLASSES, INCIDENT_STATES, ownerSchema, subjectSchema } from './incident.ts'

export const DISPATCH_STATES = [
  'asked',
  'accepted',
  'declined',
  'on_the_way',
  'arrived',
  'called_off',
] as const

/** Help that is still to come. */
export const PENDING_DISPATCH = [
  'asked',
  'accepted',
  'on_the_way',
] as const satisfies readonly DispatchState[]

/** Sent there, and needed there: of what they declined, and were called off from, nothing is theirs any more. */
export const SENT_DISPATCH = [...PENDING_DISPATCH, 'arrived'] as const satisfies readonly DispatchState[]

export const DISPATCH_ACTIONS = ['accept', 'decline', 'on_the_way', 'arrive', 'call_off'] as const

const time = z.number().nullable()

/** Times are epoch ms. */
export const dispatchSchema = z
  .object({
    id: idSchema,
    alarmId: idSchema,
    state: z.enum(DISPATCH_STATES),
    /** Null for somebody without an account. */
    responder: ownerSchema.nullable(),
    askedBy: ownerSchema,
    askedAt: z.number(),
    acceptedAt: time,
    declinedAt: time,
    onTheWayAt: time,
    arrivedAt: time,
    calledOffAt: time,
    /** What the desk said. */
    note: z.string().nullable(),
    /** What the responder answered last. */
    reply: z.string().nullable(),
  })
  .meta({ id: 'Dispatch' })

/** A dispatch with what whoever was sent has to know, for as long as they are needed. */
export const dispatchOrderSchema = dispatchSchema
  .extend({
    alarm: z.object({
      class: z.enum(INCIDENT_CLASSES),
      state: z.enum(INCIDENT_STATES),
      severity: z.enum(SEVERITIES),
      kind: z.enum(FINDING_KINDS),
      subject: subjectSchema,
      raisedAt: z.number(),
    }),
    /** Null when the alarm is over, or this responder is not needed any more. */
    address: z.string().nullable(),
    accessNotes: z.string().nullable(),
  })
  .meta({ id: 'DispatchOrder' })

/** Somebody who may be sent to an alarm. */
export const responderSchema = z
  .object({ id: idSchema, name: z.string(), pending: z.number().int() })
  .meta({ id: 'Responder' })

export type DispatchState = (typeof DISPATCH_STATES)[number]
export type DispatchAction = (typeof DISPATCH_ACTIONS)[number]
export type Dispatch = z.infer<typeof dispatchSchema>
export type DispatchOrder = z.infer<typeof dispatchOrderSchema>
export type Responder = z.infer<typeof responderSchema>

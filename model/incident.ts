// An alarm on the desk: one open incident per (subject, class), and its timeline.

import { z } from 'zod'
import { FINDING_KINDS, SEVERITIES } from './finding.ts'
import { idSchema } from './id.ts'

export const INCIDENT_CLASSES = ['emergency', 'service', 'technical'] as const
export const INCIDENT_STATES = ['raised', 'accepted', 'dispatched', 'arrived', 'resolved', 'closed'] as const
export const OPEN_STATES = ['raised', 'accepted', 'dispatched', 'arrived'] as const

export const DISPOSITIONS = [
  'hospital',
  'helped_at_home',
  'brought_home',
  'false_alarm',
  'wearer_cancelled',
  'device_fault',
  'test',
  'no_answer_service_sent',
  'service_request',
] as const

/** What people do with an alarm. */
export const ACTIONS = [
  'accept',
  'takeover',
  'release',
  'dispatch',
  'arrive',
  'note',
  'resolve',
  'close',
  'reopen',
] as const

/**
 * What is done on the way: it stands on the timeline, and the alarm stays as it is. A call may also follow up one that
 * is resolved.
 */
export const WORK = ['hand_over', 'call', 'tick', 'untick'] as const

/** The public services: ambulance, police, fire brigade. */
export const SERVICES = ['120', '110', '119'] as const

/** Who was called about an alarm, and what came of it. */
export const CALLED = ['elder', 'contact', 'responder', 'other'] as const
export const CALL_OUTCOMES = ['reached', 'no_answer', 'busy', 'unreachable', 'refused'] as const

/** What a timeline entry says happened. */
export const ENTRY_KINDS = [
  'finding',
  'resent',
  'cancelled',
  'ended',
  'accepted',
  'taken_over',
  'released',
  'lapsed',
  'dispatched',
  'arrived',
  'noted',
  'resolved',
  'reopened',
  'closed',
  'escalated',
  'moved',
  'tracked',
  'untracked',
  'seen',
  'told',
  'untold',
  'told_again',
  'contact_going',
  'dispatch_accepted',
  'dispatch_declined',
  'on_the_way',
  'called_off',
  'handed_over',
  'called',
  'ticked',
  'unticked',
  'handed_on',
] as const

export const ownerSchema = z.object({ id: idSchema, name: z.string() })

export const subjectSchema = z
  .object({ type: z.enum(['resident', 'device', 'area']), id: idSchema, name: z.string() })
  .meta({ id: 'Subject' })

/** An alarm as lists and the feed show it. `seq` is the place of its newest timeline entry. */
export const alarmSchema = z
  .object({
    id: idSchema,
    class: z.enum(INCIDENT_CLASSES),
    state: z.enum(INCIDENT_STATES),
    severity: z.enum(SEVERITIES),
    /** The gravest kind that joined, in queue order. */
    kind: z.enum(FINDING_KINDS),
    subject: subjectSchema,
    areaId: idSchema,
    deviceId: idSchema,
    raisedAt: z.number(),
    /** When the severity was last raised or a critical finding joined: answer time runs from here. */
    alertedAt: z.number(),
    /** How late the first finding reached the hub. */
    lateMs: z.number(),
    acceptedAt: z.number().nullable(),
    owner: ownerSchema.optional(),
    /** Steps of the escalation taken since `alertedAt`, −1 before the first. */
    escalation: z.number().int(),
    /** Technical conditions that hold now. */
    conditions: z.array(z.enum(FINDING_KINDS)),
    disposition: z.enum(DISPOSITIONS).nullable(),
    previousId: idSchema.nullable(),
    findings: z.number().int(),
    seq: z.number().int(),
  })
  .meta({ id: 'Alarm' })

export const entrySchema = z
  .object({
    seq: z.number().int(),
    kind: z.enum(ENTRY_KINDS),
    at: z.number(),
    findingId: z.string().optional(),
    eventId: z.string().optional(),
    /** User id of whoever did it; absent when the hub did. */
    by: z.string().optional(),
    byName: z.string().optional(),
    /** Facts of the entry: the finding with its evidence, a note's text, an escalation's step. */
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineEntry' })

export type Action = (typeof ACTIONS)[number]
export type Work = (typeof WORK)[number]
export type Service = (typeof SERVICES)[number]
export type Called = (typeof CALLED)[number]
export type CallOutcome = (typeof CALL_OUTCOMES)[number]
export type IncidentClass = (typeof INCIDENT_CLASSES)[number]
export type IncidentState = (typeof INCIDENT_STATES)[number]
export type Disposition = (typeof DISPOSITIONS)[number]
export type EntryKind = (typeof ENTRY_KINDS)[number]
export type Subject = z.infer<typeof subjectSchema>
export type Alarm = z.infer<typeof alarmSchema>
export type TimelineEntry = z.infer<typeof entrySchema>

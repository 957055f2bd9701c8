// What a rule says about an elder. Findings become incidents in `alerts`.

import { z } from 'zod'
import { idSchema } from './id.ts'

export const FINDING_KINDS = [
  'sos',
  'fall',
  'unreadable_event',
  'vitals',
  'zone_exit',
  'danger_zone_enter',
  'no_movement',
  'silent',
  'area_outage',
  'missed_check_in',
  'removed',
  'low_battery',
  'power_off',
  'service',
  'custom',
  'cancel',
] as const

export const SEVERITIES = ['notice', 'high', 'critical'] as const

export const findingSchema = z
  .object({
    id: idSchema,
    kind: z.enum(FINDING_KINDS),
    severity: z.enum(SEVERITIES),
    deviceId: idSchema,
    residentId: idSchema.optional(),
    /** When it happened, when the hub received it, and how late that was. */
    at: z.number(),
    receivedAt: z.number(),
    lateMs: z.number(),
    /** The device's own event id, where it gave one. */
    eventId: z.string().optional(),
    /** Hash of the bytes of an event without an id: the same bytes soon after are a re-send. */
    bytesHash: z.string().optional(),
    /** The condition has ended (technical kinds only); nothing is raised. */
    ended: z.literal(true).optional(),
    /** How many this one stands for, itself included, when a device floods. */
    count: z.number().int().optional(),
    /** The numbers that raised it. */
    evidence: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Finding' })

export type FindingKind = (typeof FINDING_KINDS)[number]
export type Severity = (typeof SEVERITIES)[number]
export type Finding = z.infer<typeof findingSchema>

/** 0 for notice, 1 for high, 2 for critical. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity)

/** Within a severity the queue puts the red key first, then falls, then the rest (docs/alarms.md). */
const QUEUE_FIRST: readonly FindingKind[] = ['sos', 'fall']
/** And an area behind the elders: who is in need by name is never behind a network. */
const QUEUE_LAST: FindingKind = 'area_outage'

/** The place in the queue that kind and severity give, 0 first; equal places are ordered by waiting time. */
export function queueRank({ severity, kind }: { severity: Severity; kind: FindingKind }): number {
  const first = QUEUE_FIRST.indexOf(kind)
  const places = QUEUE_FIRST.length + 2
  const rest = kind === QUEUE_LAST ? QUEUE_FIRST.length + 1 : QUEUE_FIRST.length
  const behind = first < 0 ? rest : first
  return (SEVERITIES.length - 1 - severityRank(severity)) * places + behind
}

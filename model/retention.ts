// For how long the hub keeps what, by class of data: one table. An administrator may set other days within its bounds.

import { z } from 'zod'
import { idSchema } from './id.ts'

/** `days` are the usual ones, `min` and `max` what may be set; `holds` says what it is about, for people. */
type Kept = { days: number; min: number; max: number; holds: string }

const YEAR = 366

/**
 * Tracks in days, vital signs in months, incidents in years. What has an upper bound of 30 is let go of by then in any
 * case (sign-ins.ts, jobs.ts). Incidents have a lower one of 90: a finding that is read anew, after a failover or with
 * an older copy of the records, has to find its own, or it would alarm a second time.
 */
export const RETENTION = {
  tracks: { days: 31, min: 1, max: YEAR, holds: 'positions, and events and bursts as they were sent' },
  vitals: { days: 92, min: 1, max: YEAR, holds: 'vital signs, steps, battery, signal' },
  incidents: {
    days: 5 * YEAR,
    min: 90,
    max: 30 * YEAR,
    holds: 'emergencies and service tickets, with all that was done, sent and said about them',
  },
  technical: { days: YEAR, min: 30, max: 30 * YEAR, holds: 'technical conditions that are over' },
  calls: { days: YEAR, min: 30, max: 30 * YEAR, holds: 'telephone calls that belong to no alarm' },
  commands: { days: 90, min: 7, max: 10 * YEAR, holds: 'what devices were asked to do' },
  hand_overs: { days: YEAR, min: 30, max: 10 * YEAR, holds: 'hand-overs between shifts' },
  rejects: { days: 30, min: 1, max: YEAR, holds: 'raw messages that were not understood' },
  sign_ins: {
    days: 30,
    min: 1,
    max: 30,
    holds: 'ended sessions, failed sign-ins, where accounts are at home',
  },
  dead_jobs: {
    days: 30,
    min: 1,
    max: 30,
    holds: 'messages to people that failed for good, as the queue has them',
  },
} as const satisfies Record<string, Kept>

export type RetentionClass = keyof typeof RETENTION
export const RETENTION_CLASSES = Object.keys(RETENTION) as [RetentionClass, ...RetentionClass[]]

/** Those that are in the history and not in the records. */
export const HISTORY_CLASSES = ['tracks', 'vitals'] as const satisfies RetentionClass[]

export type RetentionDays = Readonly<Record<RetentionClass, number>>

/** Why a run began: its time had come, or somebody asked for it. */
export const RUN_REASONS = ['schedule', 'asked'] as const
/** `asked` waits for the role that does it; `running` may have been cut off, and goes on. */
export const RUN_STATES = ['asked', 'running', 'done'] as const

const epochMs = z.number().int()
const count = z.number().int()

export const retentionRunSchema = z
  .object({
    id: idSchema,
    because: z.enum(RUN_REASONS),
    state: z.enum(RUN_STATES),
    askedBy: idSchema.nullable(),
    startedAt: epochMs.nullable(),
    endedAt: epochMs.nullable(),
    failure: z.string().nullable().meta({ description: 'Why it did not get further; it is tried again' }),
    counts: z.array(
      z.object({
        class: z.enum(RETENTION_CLASSES),
        items: count.meta({ description: 'Such as incidents' }),
        rows: count.meta({ description: 'With all that went along' }),
      }),
    ),
  })
  .meta({ id: 'RetentionRun' })

export const retentionPolicySchema = z
  .object({
    class: z.enum(RETENTION_CLASSES),
    days: count,
    usualDays: count,
    minDays: count,
    maxDays: count,
    holds: z.string(),
    keptBy: z.enum(['hub', 'history_database', 'nobody']).meta({
      description:
        'By whom: `history_database` keeps it for as long as is set there, whatever `days` says; `nobody`: this hub keeps no history',
    }),
    changedAt: epochMs.nullable(),
    changedBy: idSchema.nullable(),
    deletedBefore: epochMs.nullable().meta({ description: 'What is older may be missing' }),
  })
  .meta({ id: 'RetentionPolicy' })

export const retentionPreviewSchema = z
  .object({
    at: epochMs,
    items: z.array(
      z.object({
        class: z.enum(RETENTION_CLASSES),
        before: epochMs.meta({ description: 'What is older than this goes' }),
        items: count
          .nullable()
          .meta({ description: 'How many; null of the history, which only a run counts' }),
        isMore: z.boolean().meta({ description: 'There are more than were counted' }),
      }),
    ),
  })
  .meta({ id: 'RetentionPreview' })

export type RetentionPolicy = z.infer<typeof retentionPolicySchema>
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>
export type RetentionRun = z.infer<typeof retentionRunSchema>

// All that is kept of one elder: handed out as an archive, or erased.

import { z } from 'zod'
import { idSchema } from './id.ts'

/** What stands in the place of a name that was erased. */
export const ERASED = '已删除'

/** Raise it with the shape of the archive's lines (docs/privacy.md). */
export const EXPORT_VERSION = 1

/** Why: the audit log takes names, and no sentences about people. */
export const EXPORT_REASONS = ['elder_asked', 'guardian_asked', 'moves_elsewhere', 'authority'] as const
export const ERASURE_REASONS = [
  'elder_asked',
  'guardian_asked',
  'consent_withdrawn',
  'service_ended',
  'deceased',
  'authority',
] as const

export const exportAskedSchema = z
  .strictObject({ reason: z.enum(EXPORT_REASONS) })
  .meta({ id: 'PersonalExport' })

export const erasureAskedSchema = z
  .strictObject({
    reason: z.enum(ERASURE_REASONS),
    confirm: z.string().min(1).max(200).meta({ description: "The elder's name, typed as it is stored" }),
  })
  .meta({ id: 'PersonalErasure' })

/**
 * `erasing`: something is left · `settling`: all of it is erased, and what still comes in of that time is erased as it
 * comes · `done`: nothing can come any more.
 */
export const ERASURE_STATES = ['erasing', 'settling', 'done'] as const

/** What keeps an erasure from going on; it is tried again. */
export const ERASURE_PROBLEMS = ['history_away', 'alarm_open'] as const

export const erasureSchema = z
  .object({
    id: idSchema,
    residentId: idSchema,
    state: z.enum(ERASURE_STATES),
    reason: z.enum(ERASURE_REASONS),
    requestedAt: z.number(),
    requestedBy: idSchema,
    erasedAt: z.number().nullable().meta({ description: 'When all that was there was erased' }),
    settleUntil: z.number().meta({ description: 'Until when wearables may still send of that time' }),
    doneAt: z.number().nullable(),
    problem: z.enum(ERASURE_PROBLEMS).nullable(),
  })
  .meta({ id: 'Erasure' })

export type Erasure = z.infer<typeof erasureSchema>
export type ErasureReason = (typeof ERASURE_REASONS)[number]
export type ErasureState = (typeof ERASURE_STATES)[number]
export type ErasureProblem = (typeof ERASURE_PROBLEMS)[number]

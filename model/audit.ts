// One line of the log of who did what.

import { z } from 'zod'
import { idSchema } from './id.ts'

export const auditEntrySchema = z
  .object({
    seq: z.number().int().meta({ description: 'Place in the log: 1 and up, without gaps' }),
    at: z.number(),
    actorId: idSchema.nullable().meta({ description: 'The account; null: nobody that is known' }),
    action: z.string().meta({ description: 'Such as `PATCH /residents/:id` or `sign_in`' }),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    areaId: idSchema.meta({ description: 'Where the target belonged when it was done' }),
    reason: z.string().nullable().meta({ description: 'A named reason, such as `FORBIDDEN`' }),
    detailHash: z.string().nullable().meta({ description: 'HMAC-SHA-256 of what was asked, hex' }),
    hash: z.string().meta({ description: 'SHA-256 of this row and the hash before it, hex' }),
  })
  .meta({ id: 'AuditEntry' })

export type AuditEntry = z.infer<typeof auditEntrySchema>

/** A place of the log and the hash that stood there. */
const placeSchema = z.object({ seq: z.number().int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) })

/**
 * `missing`: this place is not there, but later ones are · `inserted`: there is no such place · `changed`: the row is
 * not what its hash says · `unlinked`: it does not follow the one before it; either of the two was exchanged ·
 * `truncated`: the log ends before this place, which was there once · `uncounted`: nobody has counted this row ·
 * `not_the_checkpoint`: another hash stood here.
 */
export const AUDIT_FAULTS = [
  'missing',
  'inserted',
  'changed',
  'unlinked',
  'truncated',
  'uncounted',
  'not_the_checkpoint',
] as const

/** From where the log is checked on: the place that the answer before has come to. */
export const auditCheckBodySchema = z.strictObject({ after: placeSchema.optional() })

export const auditCheckSchema = z
  .discriminatedUnion('ok', [
    z.object({
      ok: z.literal(true),
      rows: z.number().int().meta({ description: 'How many were looked at' }),
      from: z.number().nullable().meta({ description: 'When the first of them was written; epoch ms' }),
      to: z.number().nullable().meta({ description: 'When the last one was' }),
      head: placeSchema
        .nullable()
        .meta({ description: 'The place that was come to; null: nothing is there' }),
      isEnd: z.boolean().meta({ description: 'Whether that is the end; else go on after `head`' }),
    }),
    z.object({
      ok: z.literal(false),
      seq: z.number().int().meta({ description: 'The first place that is not what it was' }),
      fault: z.enum(AUDIT_FAULTS),
    }),
  ])
  .meta({ id: 'AuditCheck' })

export type Checkpoint = z.infer<typeof placeSchema>
export type AuditFault = (typeof AUDIT_FAULTS)[number]
export type AuditCheck = z.infer<typeof auditCheckSchema>

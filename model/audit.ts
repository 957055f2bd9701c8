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

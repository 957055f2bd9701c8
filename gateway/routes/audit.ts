// The audit log, for whoever may look into it. Nobody may write it: the hub does.

import { z } from 'zod'
import { auditCheckBodySchema, auditCheckSchema, auditEntrySchema } from '../../model/audit.ts'
import { idSchema } from '../../model/id.ts'
import { listAudit } from '../../records/audit.ts'
import { auditHead, verifyPart } from '../../records/audit-chain.ts'
import type { Records } from '../../records/db.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'

const instant = z.coerce.number().int().min(0).max(8.64e15)

const auditQuery = z.strictObject({
  ...pageQuery,
  actorId: idSchema.optional(),
  action: z.string().min(1).max(200).optional(),
  targetType: z.string().min(1).max(64).optional(),
  targetId: idSchema.optional(),
  from: instant.optional().meta({ description: 'Epoch ms; included' }),
  to: instant.optional().meta({ description: 'Epoch ms; not included' }),
})

const auditList = listOf(auditEntrySchema).extend({
  head: z.object({ seq: z.number().int(), hash: z.string() }).nullable().meta({
    description: 'The newest place of the whole log. Kept elsewhere, it shows whether the end was cut off',
  }),
})

/** Some tenths of a second; whoever asks goes on from there. */
export const CHECKED_AT_ONCE = 20_000

export function auditRoutes(app: App, { records }: { records: Records }): void {
  app.route({
    method: 'GET',
    url: '/audit',
    config: { access: 'audit:read', audit: true },
    schema: {
      tags: ['audit'],
      summary: 'Who did what, newest first',
      description: 'To read it is written down as well.',
      querystring: auditQuery,
      response: answers({ 200: auditList }),
    },
    handler: request => {
      const { scope } = sessionOf(request)
      return readSnapshot(records, async tx => ({
        ...(await listAudit(tx, { ...request.query, scope })),
        head: await auditHead(tx),
      }))
    },
  })

  app.route({
    method: 'POST',
    url: '/audit/check',
    config: { access: 'audit:read' },
    schema: {
      tags: ['audit'],
      summary: 'Whether every row follows from the one before it',
      description: `Of the whole log, whichever areas one has: of what is in it, it tells the days alone. At most about ${CHECKED_AT_ONCE} rows at once.`,
      body: auditCheckBodySchema,
      response: answers({ 200: auditCheckSchema }),
    },
    handler: ({ body: { after } }) => verifyPart(records.figures, { after, rowsMax: CHECKED_AT_ONCE }),
  })
}

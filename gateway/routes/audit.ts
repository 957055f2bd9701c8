// The audit log, for whoever may look into it. Nobody may write it: the hub does.

import { z } from 'zod'
import { auditEntrySchema } from '../../model/audit.ts'
import { idSchema } from '../../model/id.ts'
import { listAudit } from '../../records/audit.ts'
import { auditHead } from '../../records/audit-chain.ts'
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
}

// All that is kept of one elder: handed out as an archive, or erased. Both are written down with their reason.

import { Readable } from 'node:stream'
import { z } from 'zod'
import { idSchema } from '../../model/id.ts'
import { erasureAskedSchema, erasureSchema, exportAskedSchema } from '../../model/personal.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { erasureOf, requestErasure, toErasure } from '../../records/erasures.ts'
import { notFound } from '../../records/registry.ts'
import { getResident } from '../../records/residents.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { noteReason } from '../audit.ts'
import type { Past } from '../past.ts'
import { personalArchive } from '../personal-archive.ts'

const tags = ['privacy']
const params = z.object({ id: idSchema })

/** One JSON value a line. */
export const ARCHIVE_TYPE = 'application/x-ndjson'

export function personalRoutes(
  app: App,
  { records, clock, past }: { records: Records; clock: Clock; past: Past | undefined },
): void {
  app.route({
    method: 'POST',
    url: '/residents/:id/export',
    config: { access: 'personal:export' },
    schema: {
      tags,
      summary: 'All that is kept of an elder, as lines of JSON',
      description:
        'Rows of every table and all that their wearables said while they wore them, not masked. The last line is `{"kind":"end"}`: without it the archive is not whole.',
      params,
      body: exportAskedSchema,
      response: answers({ 200: z.any().meta({ description: `${ARCHIVE_TYPE}, see docs/privacy.md` }) }, [
        'NOT_FOUND',
      ]),
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { scope } = sessionOf(request)
      if (!(await getResident(records.read, { scope, id, archived: true }))) throw notFound('resident', id)
      noteReason(request, request.body.reason)
      const sources = { db: records.read, history: past?.history }
      const lines = personalArchive(sources, { residentId: id, now: clock.now() })
      return reply
        .type(`${ARCHIVE_TYPE}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${id}.ndjson"`)
        .send(Readable.from(lines))
    },
  })

  app.route({
    method: 'POST',
    url: '/residents/:id/erasure',
    config: { access: 'personal:erase' },
    schema: {
      tags,
      summary: 'Erase all that is kept of an elder, for ever',
      description:
        'Refused while an alarm of theirs is open, they wear a device, or are on the telephone. Asking again has it go on.',
      params,
      body: erasureAskedSchema,
      response: answers({ 202: erasureSchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async (request, reply) => {
      const { user, scope } = sessionOf(request)
      const { reason, confirm } = request.body
      noteReason(request, reason)
      const asked = { scope, residentId: request.params.id, reason, confirm, by: user.id, at: clock.now() }
      return reply.code(202).send(await requestErasure(records, asked))
    },
  })

  app.route({
    method: 'GET',
    url: '/residents/:id/erasure',
    config: { access: 'personal:erase' },
    schema: {
      tags,
      summary: 'How far the erasure of an elder is',
      params,
      response: answers(
        { 200: z.object({ erasure: erasureSchema.nullable() }).meta({ id: 'ErasureState' }) },
        ['NOT_FOUND'],
      ),
    },
    handler: async request => {
      const { id } = request.params
      const { scope } = sessionOf(request)
      if (!(await getResident(records.read, { scope, id, archived: true }))) throw notFound('resident', id)
      const row = await erasureOf(records.read, id)
      return { erasure: row ? toErasure(row) : null }
    },
  })
}

// What elders agreed to: looked at with their file, written down by whoever heard it, never changed afterwards.

import { z } from 'zod'
import { consentSchema, consentsSchema, newConsentSchema, standingOf } from '../../model/consent.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { consentsOf, recordConsent } from '../../records/consents.ts'
import type { Records } from '../../records/db.ts'
import { notFound } from '../../records/registry.ts'
import { getResident } from '../../records/residents.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'

const tags = ['privacy']
const params = z.object({ id: idSchema })

export function consentRoutes(app: App, { records, clock }: { records: Records; clock: Clock }): void {
  app.route({
    method: 'GET',
    url: '/residents/:id/consents',
    config: { access: 'consents:read' },
    schema: {
      tags,
      summary: 'What an elder has agreed to',
      params,
      response: answers({ 200: consentsSchema }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { id } = request.params
      const { scope } = sessionOf(request)
      if (!(await getResident(records.read, { scope, id, archived: true }))) throw notFound('resident', id)
      const history = await consentsOf(records.read, id)
      return { standing: standingOf(history), history }
    },
  })

  app.route({
    method: 'POST',
    url: '/residents/:id/consents',
    config: { access: 'consents:write' },
    schema: {
      tags,
      summary: 'Write down that an elder agreed, or took it back',
      description:
        'One entry more: what was said before stays. A withdrawal takes no alarm from anybody; what it changes is told by `effect`.',
      params,
      body: newConsentSchema,
      response: answers({ 201: consentSchema }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      const { user, scope } = sessionOf(request)
      const { id: residentId } = request.params
      const asked = { scope, residentId, consent: request.body, by: user.id, at: clock.now() }
      return reply.code(201).send(await recordConsent(records, asked))
    },
  })
}

// Who of the desk is there: what people say of themselves, and what supervisors see of everybody.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { presenceChangeSchema, presenceSchema } from '../../model/presence.ts'
import type { Records } from '../../records/db.ts'
import { listPresence } from '../../records/presence.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import type { AlarmDesk } from '../alarms.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf } from '../listing.ts'

const tags = ['presence']

export function presenceRoutes(
  app: App,
  { records, alarms }: { records: Records; alarms: Pick<AlarmDesk, 'say'> },
): void {
  app.route({
    method: 'GET',
    url: '/presence',
    config: { access: 'presence:read' },
    schema: {
      tags,
      summary: 'Who of the desk is ready, busy, in a pause or away',
      querystring: z.strictObject({}),
      response: answers({ 200: listOf(presenceSchema) }),
    },
    handler: request => {
      const { scope } = sessionOf(request)
      return readSnapshot(records, async tx => {
        const rows = await listPresence(records, tx, { scope })
        return { items: rows.map(({ presence }) => presence), next: null }
      })
    },
  })

  app.route({
    method: 'GET',
    url: '/presence/own',
    config: { access: 'presence:say' },
    schema: {
      tags,
      summary: 'How one stands oneself',
      response: answers({ 200: presenceSchema }),
    },
    handler: async request => {
      const { scope, user } = sessionOf(request)
      const [row] = await listPresence(records, records.read, { scope, userId: user.id })
      if (!row) throw new HubError('FORBIDDEN', 'this account has no desk')
      return row.presence
    },
  })

  app.route({
    method: 'PUT',
    url: '/presence',
    config: { access: 'presence:say' },
    schema: {
      tags,
      summary: 'Say that one is ready, or in a pause',
      description:
        'That one is busy shows by the alarms that one owns; without a live connection one is away.',
      body: presenceChangeSchema,
      response: answers({ 200: presenceSchema }),
    },
    handler: async request => {
      const { user } = sessionOf(request)
      const presence = await alarms.say(user.id, request.body)
      if (!presence) throw new HubError('FORBIDDEN', 'this account has no desk')
      return presence
    },
  })
}

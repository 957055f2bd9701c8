// Where an account is signed in: one's own sessions.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import type { Clock } from '../../model/time.ts'
import { sessionInfoSchema } from '../../model/user.ts'
import type { Records } from '../../records/db.ts'
import { transact } from '../../records/deeds.ts'
import { endSessionById, endSessionsOf, listSessions } from '../../records/sessions.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers, NOTHING } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf } from '../listing.ts'

const tags = ['session']
export const sessionParam = z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a session')

export function ownSessionRoutes(app: App, { records, clock }: { records: Records; clock: Clock }): void {
  app.route({
    method: 'GET',
    url: '/sessions',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'Where one is signed in, newest first',
      response: answers({ 200: listOf(sessionInfoSchema) }),
    },
    handler: request => {
      const { user, tokenHash: current } = sessionOf(request)
      return readSnapshot(records, async tx => ({
        items: await listSessions(tx, { userId: user.id, at: clock.now(), current }),
        next: null,
      }))
    },
  })

  app.route({
    method: 'DELETE',
    url: '/sessions',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'Sign out everywhere else',
      response: answers({ 204: NOTHING }),
    },
    handler: async (request, reply) => {
      const { user, tokenHash: except } = sessionOf(request)
      await transact(records.db, tx => endSessionsOf(tx, { userId: user.id, except }))
      records.nudge.publish('registry') // every gateway looks at who is connected
      return reply.code(204).send(undefined)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/sessions/:sessionId',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'End one of the own sessions',
      params: z.object({ sessionId: sessionParam }),
      response: answers({ 204: NOTHING }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      const { id: userId } = sessionOf(request).user
      await revokeSession(records, { userId, id: request.params.sessionId })
      return reply.code(204).send(undefined)
    },
  })
}

/** Ends a session of an account; its consoles are closed at every gateway. @throws HubError NOT_FOUND */
export async function revokeSession(
  records: Records,
  { userId, id }: { userId: string; id: string },
): Promise<void> {
  await transact(records.db, async tx => {
    if (!(await endSessionById(tx, { userId, id })))
      throw new HubError('NOT_FOUND', `there is no session ${id}`)
  })
  records.nudge.publish('registry')
}

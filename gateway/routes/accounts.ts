// How the accounts of others sign in: their sessions, their second factor, and what keeps them out.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { SECOND_FACTOR_STATES, sessionInfoSchema, type User } from '../../model/user.ts'
import type { Db, Records } from '../../records/db.ts'
import { transact } from '../../records/deeds.ts'
import { notFound } from '../../records/registry.ts'
import type { Scope } from '../../records/scope.ts'
import { removeSecondFactor, secondFactorState } from '../../records/second-factors.ts'
import { endSessionsOf, listSessions } from '../../records/sessions.ts'
import { blockedUntil, unlockAccount } from '../../records/sign-ins.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { getUser } from '../../records/users.ts'
import { answers, NOTHING } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf } from '../listing.ts'
import { revokeSession, sessionParam } from './sessions.ts'

const tags = ['users']
const params = z.object({ id: idSchema })
const config = { access: 'accounts:manage' } as const

export function accountRoutes(app: App, { records, clock }: { records: Records; clock: Clock }): void {
  app.route({
    method: 'GET',
    url: '/users/:id/sign-in',
    config,
    schema: {
      tags,
      summary: 'How an account signs in, and whether it waits after failures',
      params,
      response: answers(
        {
          200: z.object({
            secondFactor: z.enum(SECOND_FACTOR_STATES),
            blockedUntil: z.number().nullable().meta({ description: 'Epoch ms' }),
          }),
        },
        ['NOT_FOUND'],
      ),
    },
    handler: async request => {
      const user = await requireUser(records.read, { ...sessionOf(request), id: request.params.id })
      const { state: secondFactor } = await secondFactorState(records.read, user.id)
      const until = await blockedUntil(records.read, { username: user.username, at: clock.now() })
      return { secondFactor, blockedUntil: until }
    },
  })

  app.route({
    method: 'POST',
    url: '/users/:id/unlock',
    config,
    schema: {
      tags,
      summary: 'Forget the failed sign-ins of an account',
      params,
      body: z.strictObject({}).nullish(),
      response: answers({ 204: NOTHING }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      await transact(records.db, async tx => {
        const { username } = await requireUser(tx, { ...sessionOf(request), id: request.params.id })
        await unlockAccount(tx, { username })
      })
      return reply.code(204).send(undefined)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/users/:id/second-factor',
    config,
    schema: {
      tags,
      summary: 'Take the second factor of an account away',
      description:
        'For whoever has lost it. Their sessions end; they set up a new one after the next sign-in.',
      params,
      response: answers({ 204: NOTHING }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async (request, reply) => {
      const { user, scope } = sessionOf(request)
      const { id } = request.params
      if (id === user.id) throw new HubError('CONFLICT', 'your own is taken away with its code')
      await transact(records.db, async tx => {
        await requireUser(tx, { scope, id })
        if (!(await removeSecondFactor(tx, id))) throw new HubError('CONFLICT', 'there is no second factor')
        await endSessionsOf(tx, { userId: id })
      })
      records.nudge.publish('registry')
      return reply.code(204).send(undefined)
    },
  })

  accountSessionRoutes(app, { records, clock })
}

function accountSessionRoutes(app: App, { records, clock }: { records: Records; clock: Clock }): void {
  app.route({
    method: 'GET',
    url: '/users/:id/sessions',
    config,
    schema: {
      tags,
      summary: 'Where an account is signed in, newest first',
      params,
      response: answers({ 200: listOf(sessionInfoSchema) }, ['NOT_FOUND']),
    },
    handler: request => {
      const { scope, tokenHash: current } = sessionOf(request)
      const { id } = request.params
      return readSnapshot(records, async tx => {
        await requireUser(tx, { scope, id })
        return { items: await listSessions(tx, { userId: id, at: clock.now(), current }), next: null }
      })
    },
  })

  app.route({
    method: 'DELETE',
    url: '/users/:id/sessions',
    config,
    schema: {
      tags,
      summary: 'Sign an account out everywhere',
      params,
      response: answers({ 204: NOTHING }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      const { scope } = sessionOf(request)
      const { id } = request.params
      await transact(records.db, async tx => {
        await requireUser(tx, { scope, id })
        await endSessionsOf(tx, { userId: id })
      })
      records.nudge.publish('registry')
      return reply.code(204).send(undefined)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/users/:id/sessions/:sessionId',
    config,
    schema: {
      tags,
      summary: 'End one session of an account',
      params: z.object({ id: idSchema, sessionId: sessionParam }),
      response: answers({ 204: NOTHING }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      const { id: userId, sessionId: id } = request.params
      await requireUser(records.db, { ...sessionOf(request), id: userId })
      await revokeSession(records, { userId, id })
      return reply.code(204).send(undefined)
    },
  })
}

/** An account of the scope, archived or not. @throws HubError NOT_FOUND */
async function requireUser(db: Db, { scope, id }: { scope: Scope; id: string }): Promise<User> {
  const user = await getUser(db, { scope, id })
  if (!user) throw notFound('user', id)
  return user
}

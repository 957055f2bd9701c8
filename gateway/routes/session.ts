// Signing in and out.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { newSecret } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { userSchema } from '../../model/user.ts'
import type { Records } from '../../records/db.ts'
import { endSession, startSession } from '../../records/sessions.ts'
import { findLogin } from '../../records/users.ts'
import { answers, NOTHING, openAnswers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { refuseForeignPage } from '../auth.ts'
import { cameByHttps, SESSION_COOKIE } from '../credentials.ts'
import type { Passwords } from '../passwords.ts'

const signInSchema = z
  .strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(1_000) })
  .meta({ id: 'SignIn' })

const signedInSchema = z.object({
  token: z.string().meta({ description: 'For `Authorization: Bearer` and the WebSocket sub-protocol' }),
  user: userSchema,
})

const tags = ['session']

export function sessionRoutes(
  app: App,
  {
    records,
    clock,
    passwords,
    onSignOut,
  }: { records: Records; clock: Clock; passwords: Passwords; onSignOut: (tokenHash: string) => void },
): void {
  app.route({
    method: 'POST',
    url: '/session',
    config: { access: 'anyone' },
    schema: {
      tags,
      summary: 'Sign in',
      description: 'Also sets the session cookie. A session ends 12 hours after its last use.',
      body: signInSchema,
      response: openAnswers({ 200: signedInSchema }, ['UNAUTHENTICATED', 'FORBIDDEN', 'TOO_MANY_REQUESTS']),
    },
    handler: async (request, reply) => {
      refuseForeignPage(request.headers)
      const { username, password } = request.body
      const login = await findLogin(records.read, { username })
      const right = await passwords.verify({ password, hash: login?.passwordHash })
      if (!login || !right) throw new HubError('UNAUTHENTICATED', 'the user name or the password is wrong')
      const token = newSecret()
      await startSession(records.db, { token, userId: login.user.id, at: clock.now() })
      // Without an age the cookie goes with the browser; how long it counts is decided here, not there.
      const secure = cameByHttps(request.headers)
      reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure })
      return reply.code(200).send({ token, user: login.user })
    },
  })

  app.route({
    method: 'GET',
    url: '/session',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'Who is signed in',
      response: answers({ 200: z.object({ user: userSchema }) }),
    },
    handler: async request => ({ user: sessionOf(request).user }),
  })

  app.route({
    method: 'DELETE',
    url: '/session',
    config: { access: 'signed-in' },
    schema: { tags, summary: 'Sign out', response: answers({ 204: NOTHING }) },
    handler: async (request, reply) => {
      const { tokenHash } = sessionOf(request)
      await endSession(records.db, { tokenHash })
      onSignOut(tokenHash)
      reply.clearCookie(SESSION_COOKIE, { path: '/' })
      return reply.code(204).send(undefined)
    },
  })
}

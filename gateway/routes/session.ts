// Signing in and out, and one's own password.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { newSecret } from '../../model/id.ts'
import { type User, userSchema } from '../../model/user.ts'
import { transact } from '../../records/deeds.ts'
import {
  endSession,
  endSessionsOf,
  FAMILY_SESSION_AGE_MS,
  FAMILY_SESSION_MS,
  lastingOf,
  SESSION_AGE_MS,
  SESSION_MS,
  startSession,
} from '../../records/sessions.ts'
import { setPassword } from '../../records/users.ts'
import { answers, NOTHING, openAnswers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { lacksSecondFactor, refuseForeignPage } from '../auth.ts'
import { cameByHttps, SESSION_COOKIE } from '../credentials.ts'
import { passwordSchema, requireGoodPassword } from '../passwords.ts'
import { placeOf } from '../place.ts'
import { asOwner, type SignInParts, signIn } from '../sign-in.ts'

const HOUR_MS = 3_600_000
const givenPassword = z.string().min(1).max(1_000)

const signInSchema = z
  .strictObject({
    username: z.string().min(1).max(64),
    password: givenPassword,
    code: z.string().min(1).max(64).optional().meta({
      description: 'Of the authenticator, or a recovery code: once the answer is `SECOND_FACTOR_REQUIRED`',
    }),
  })
  .meta({ id: 'SignIn' })

const mustEnrol = z
  .literal(true)
  .optional()
  .meta({ description: 'This hub demands a second factor of the account: all it can do is set one up' })

const signedInSchema = z.object({
  token: z.string().meta({ description: 'For `Authorization: Bearer` and the WebSocket sub-protocol' }),
  user: userSchema,
})

const newPasswordSchema = z
  .strictObject({ password: givenPassword, newPassword: passwordSchema })
  .meta({ id: 'NewPassword' })

const tags = ['session']

export type SessionRouteParts = SignInParts & {
  onSignOut: (tokenHash: string) => void
  requiresSecondFactor: boolean
}

export function sessionRoutes(app: App, parts: SessionRouteParts): void {
  const { records, onSignOut, requiresSecondFactor } = parts
  app.route({
    method: 'POST',
    url: '/session',
    config: { access: 'anyone', audit: 'own' },
    schema: {
      tags,
      summary: 'Sign in',
      description: `Also sets the session cookie. A session ends ${SESSION_MS / HOUR_MS} hours after its last use, and ${SESSION_AGE_MS / HOUR_MS / 24} days after the sign-in in any case; of a family ${FAMILY_SESSION_MS / HOUR_MS / 24} and ${FAMILY_SESSION_AGE_MS / HOUR_MS / 24} days.`,
      body: signInSchema,
      response: openAnswers({ 200: signedInSchema }, [
        'UNAUTHENTICATED',
        'SECOND_FACTOR_REQUIRED',
        'FORBIDDEN',
        'TOO_MANY_REQUESTS',
      ]),
    },
    handler: async (request, reply) => {
      refuseForeignPage(request.headers)
      const signedIn = await signIn(parts, { ...request.body, place: placeOf(request.raw) })
      setCookie({ request, reply }, signedIn)
      return reply.code(200).send(signedIn)
    },
  })

  app.route({
    method: 'GET',
    url: '/session',
    config: { access: 'signed-in', isEnrolling: true },
    schema: {
      tags,
      summary: 'Who is signed in',
      response: answers({ 200: z.object({ user: userSchema, mustEnrol }) }),
    },
    handler: async request => {
      const session = sessionOf(request)
      const isLacking = requiresSecondFactor && lacksSecondFactor(session)
      return { user: session.user, ...(isLacking && { mustEnrol: true as const }) }
    },
  })

  app.route({
    method: 'DELETE',
    url: '/session',
    config: { access: 'signed-in', isEnrolling: true },
    schema: { tags, summary: 'Sign out', response: answers({ 204: NOTHING }) },
    handler: async (request, reply) => {
      const { tokenHash } = sessionOf(request)
      await transact(records.db, tx => endSession(tx, { tokenHash }))
      onSignOut(tokenHash)
      reply.clearCookie(SESSION_COOKIE, { path: '/' })
      return reply.code(204).send(undefined)
    },
  })

  passwordRoute(app, parts)
}

function passwordRoute(app: App, parts: SessionRouteParts): void {
  const { records, clock, passwords } = parts
  app.route({
    method: 'POST',
    url: '/session/password',
    config: { access: 'signed-in', isEnrolling: true },
    schema: {
      tags,
      summary: "Change one's own password",
      description: 'All sessions of the account end, this one too: the answer is a new one.',
      body: newPasswordSchema,
      response: answers({ 200: signedInSchema }, ['TOO_MANY_REQUESTS']),
    },
    handler: async (request, reply) => {
      const session = sessionOf(request)
      const { id: userId, username } = session.user
      const { password, newPassword } = request.body
      requireGoodPassword(newPassword, { username, field: 'body.newPassword' })
      const passwordHash = await passwords.hash(newPassword)
      const token = newSecret()
      await asOwner(parts, { session, password, place: placeOf(request.raw) }, async tx => {
        await setPassword(tx, { userId, passwordHash })
        await endSessionsOf(tx, { userId })
        await startSession(tx, { token, userId, at: clock.now() })
      })
      records.nudge.publish('registry')
      const { user } = session
      setCookie({ request, reply }, { token, user })
      return reply.code(200).send({ token, user })
    },
  })
}

/**
 * Without an age the cookie goes with the browser; how long it counts is decided here, not there. A telephone ends its
 * browser whenever it likes: that must not sign a family out.
 */
function setCookie(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { token, user }: { token: string; user: Pick<User, 'role'> },
) {
  const age = user.role === 'family' ? { maxAge: lastingOf(user.role).ageMs / 1_000 } : {}
  const secure = cameByHttps(request.headers)
  reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure, ...age })
}

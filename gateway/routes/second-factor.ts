// One's own second factor: set up with an authenticator, proved once, asked for from then on.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { SECOND_FACTOR_STATES } from '../../model/user.ts'
import { transact } from '../../records/deeds.ts'
import { badField } from '../../records/scope.ts'
import {
  confirmSecondFactor,
  enrolSecondFactor,
  getSecondFactor,
  putRecoveryCodes,
  removeSecondFactor,
  secondFactorState,
} from '../../records/second-factors.ts'
import { answers, NOTHING } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { isAskedForSecondFactor } from '../auth.ts'
import { placeOf } from '../place.ts'
import { asOwner } from '../sign-in.ts'
import { base32, newRecoveryCodes, newTotpSecret, otpauthUri, stepOf } from '../totp.ts'
import type { SessionRouteParts } from './session.ts'

const password = z.string().min(1).max(1_000)
const code = z.string().min(1).max(64)

const proofSchema = z
  .strictObject({ password, code: code.optional() })
  .meta({ id: 'SecondFactorProof', description: 'The own password; the code once the second factor is on' })

const codesSchema = z
  .object({
    recoveryCodes: z.array(z.string()).meta({
      description: 'Each signs in once in the place of a code. They are shown here and never again',
    }),
  })
  .meta({ id: 'RecoveryCodes' })

const tags = ['session']
const config = { access: 'signed-in', isEnrolling: true } as const
const url = '/session/second-factor'

export function secondFactorRoutes(app: App, parts: SessionRouteParts): void {
  const { records, clock, requiresSecondFactor } = parts

  app.route({
    method: 'GET',
    url,
    config,
    schema: {
      tags,
      summary: 'Where the own second factor stands',
      response: answers({
        200: z.object({
          state: z.enum(SECOND_FACTOR_STATES),
          recoveryCodesLeft: z.number().int(),
          isRequired: z.boolean(),
        }),
      }),
    },
    handler: async request => {
      const { user } = sessionOf(request)
      const isRequired = requiresSecondFactor && isAskedForSecondFactor(user.role)
      return { ...(await secondFactorState(records.read, user.id)), isRequired }
    },
  })

  app.route({
    method: 'POST',
    url,
    config,
    schema: {
      tags,
      summary: 'Set up a second factor',
      description: 'It counts once a code of it has confirmed it.',
      body: z.strictObject({ password }).meta({ id: 'OwnPassword' }),
      response: answers(
        {
          201: z.object({
            uri: z.string().meta({ description: 'For the authenticator, as a QR code; shown only here' }),
            secret: z.string().meta({ description: 'The same to type in: base32' }),
          }),
        },
        ['CONFLICT', 'TOO_MANY_REQUESTS'],
      ),
    },
    handler: async (request, reply) => {
      const session = sessionOf(request)
      const { id: userId, username } = session.user
      const secret = newTotpSecret()
      const proof = { session, password: request.body.password, place: placeOf(request.raw) }
      await asOwner(parts, proof, tx => enrolSecondFactor(tx, { userId, secret }))
      return reply.code(201).send({ uri: otpauthUri({ secret, username }), secret: base32(secret) })
    },
  })

  app.route({
    method: 'POST',
    url: `${url}/confirm`,
    config,
    schema: {
      tags,
      summary: 'Confirm a second factor with a code of it',
      body: z.strictObject({ code }).meta({ id: 'SecondFactorCode' }),
      response: answers({ 200: codesSchema }, ['CONFLICT']),
    },
    handler: async request => {
      const { id: userId } = sessionOf(request).user
      const at = clock.now()
      const codes = newRecoveryCodes()
      await transact(records.db, async tx => {
        const factor = await getSecondFactor(tx, userId)
        if (!factor || factor.confirmedAt !== null)
          throw new HubError('CONFLICT', 'there is nothing to confirm: set a second factor up first')
        const step = stepOf(request.body.code.replaceAll(/\s/g, ''), { secret: factor.secret, at })
        if (step === undefined)
          throw badField('body.code', 'is wrong; is the clock of the authenticator right?', 'wrong_code')
        if (!(await confirmSecondFactor(tx, { userId, step, at })))
          throw new HubError('CONFLICT', 'it was confirmed a moment ago')
        await putRecoveryCodes(tx, { userId, codes })
      })
      return { recoveryCodes: codes }
    },
  })

  app.route({
    method: 'POST',
    url: `${url}/recovery-codes`,
    config,
    schema: {
      tags,
      summary: 'Have new recovery codes in the place of the old ones',
      body: proofSchema,
      response: answers({ 200: codesSchema }, ['CONFLICT', 'TOO_MANY_REQUESTS']),
    },
    handler: async request => {
      const session = sessionOf(request)
      const userId = session.user.id
      const codes = newRecoveryCodes()
      const proof = { ...request.body, session, place: placeOf(request.raw), asksCode: true }
      await asOwner(parts, proof, async tx => {
        if ((await secondFactorState(tx, userId)).state !== 'on')
          throw new HubError('CONFLICT', 'there is no second factor')
        await putRecoveryCodes(tx, { userId, codes })
      })
      return { recoveryCodes: codes }
    },
  })

  app.route({
    method: 'POST',
    url: `${url}/remove`,
    config,
    schema: {
      tags,
      summary: 'Take the own second factor away',
      body: proofSchema,
      response: answers({ 204: NOTHING }, ['CONFLICT', 'TOO_MANY_REQUESTS']),
    },
    handler: async (request, reply) => {
      const session = sessionOf(request)
      const proof = { ...request.body, session, place: placeOf(request.raw), asksCode: true }
      await asOwner(parts, proof, async tx => {
        if (!(await removeSecondFactor(tx, session.user.id)))
          throw new HubError('CONFLICT', 'there is no second factor')
      })
      return reply.code(204).send(undefined)
    },
  })
}

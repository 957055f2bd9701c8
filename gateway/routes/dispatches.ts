// Dispatches: what whoever was sent has to know, and what they report. A responder sees their own ones alone.

import { z } from 'zod'
import {
  DISPATCH_ACTIONS,
  DISPATCH_STATES,
  type DispatchAction,
  dispatchOrderSchema,
} from '../../model/dispatch.ts'
import { idSchema } from '../../model/id.ts'
import { textSchema } from '../../model/text.ts'
import type { Records } from '../../records/db.ts'
import { listDispatches } from '../../records/dispatches.ts'
import type { Session } from '../../records/sessions.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import type { AlarmDesk } from '../alarms.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'
import { showClear } from '../masking.ts'
import { sendProblem } from '../problem.ts'
import { refusedAs } from './refused.ts'

const tags = ['dispatches']
const params = z.object({ id: idSchema })
const query = z.strictObject({
  ...pageQuery,
  state: z
    .enum(['pending', ...DISPATCH_STATES])
    .optional()
    .meta({ description: '`pending` is asked, accepted, on the way' }),
  alarmId: idSchema.optional(),
  responderId: idSchema.optional(),
})
const body = z
  .strictObject({ text: textSchema(2_000) })
  .partial()
  .meta({ id: 'DispatchReport' })

const PATHS: Record<DispatchAction, string> = {
  accept: 'accept',
  decline: 'decline',
  on_the_way: 'on-the-way',
  arrive: 'arrive',
  call_off: 'call-off',
}
const SUMMARIES: Record<DispatchAction, string> = {
  accept: 'I take it',
  decline: 'I cannot come, or not any more',
  on_the_way: 'I am on the way',
  arrive: 'I am there; the alarm is, too',
  call_off: 'Tell whoever was sent that they are not needed',
}

export function dispatchRoutes(
  app: App,
  { records, alarms }: { records: Records; alarms: Pick<AlarmDesk, 'report'> },
): void {
  app.route({
    method: 'GET',
    url: '/dispatches',
    config: { access: 'dispatches:read' },
    schema: {
      tags,
      summary: 'List dispatches, with address and way in while they are needed',
      querystring: query,
      response: answers({ 200: listOf(dispatchOrderSchema) }),
    },
    handler: request => {
      const session = sessionOf(request)
      const responderId = ownOnly(session) ?? request.query.responderId
      if (ownOnly(session) !== undefined) showClear(request) // they are sent there
      return readSnapshot(records, tx =>
        listDispatches(tx, { ...request.query, responderId, scope: session.scope }),
      )
    },
  })

  for (const action of DISPATCH_ACTIONS) reportRoute(app, { alarms, action })
}

/** Whose dispatches alone an account sees; undefined for the desk. */
const ownOnly = ({ user }: Session): string | undefined => (user.role === 'responder' ? user.id : undefined)

function reportRoute(
  app: App,
  { alarms, action }: { alarms: Pick<AlarmDesk, 'report'>; action: DispatchAction },
): void {
  app.route({
    method: 'POST',
    url: `/dispatches/:id/${PATHS[action]}`,
    config: { access: 'dispatches:report' },
    schema: {
      tags,
      summary: SUMMARIES[action],
      params,
      body: body.nullish(),
      response: answers({ 200: dispatchOrderSchema }, ['NOT_FOUND', 'CONFLICT', 'ALARM_TAKEN']),
    },
    handler: async (request, reply) => {
      const session = sessionOf(request)
      const { user, scope } = session
      const by = { userId: user.id, name: user.name, role: user.role }
      if (ownOnly(session) !== undefined) showClear(request)
      const outcome = await alarms.report({ ...request.body, id: request.params.id, action, by, scope })
      if (outcome.ok) return reply.code(200).send(outcome.dispatch)
      return sendProblem(reply, refusedAs(outcome, request.id))
    },
  })
}

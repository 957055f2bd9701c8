// Calls: what the switch reports, what the desk sees and takes, and recordings for whoever may hear them.

import { z } from 'zod'
import type { CallDesk, CallDone } from '../../alerts/calls.ts'
import { CALL_STATES, callReportSchema, seenCallSchema } from '../../model/call.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import { alarmSchema, ownerSchema } from '../../model/incident.ts'
import { textSchema } from '../../model/text.ts'
import type { Clock } from '../../model/time.ts'
import { callRow, callsSeen, OPEN_AT_MOST_MS, seenBy, sightCalls, type Viewer } from '../../records/calls.ts'
import { isWithdrawn } from '../../records/consents.ts'
import type { Db, Records } from '../../records/db.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { noteReason } from '../audit.ts'
import { listOf } from '../listing.ts'
import { type Problem, problem, sendProblem } from '../problem.ts'

/** Missed and ended calls are listed for so long. */
const PAST_MS = 24 * 3_600_000

const tags = ['calls']
const params = z.object({ id: idSchema })
const reportDone = z
  .object({
    ok: z.literal(true),
    callId: z.string(),
    id: idSchema,
    state: z.enum(CALL_STATES),
    isRepeated: z.boolean().meta({ description: 'Nothing of it was new' }),
    owner: ownerSchema.nullable(),
    alarmId: idSchema.nullable(),
  })
  .meta({ id: 'CallReported' })
const takeBody = z
  .strictObject({
    residentId: idSchema
      .optional()
      .meta({ description: 'Whom it is about, where the number does not say, or says several' }),
  })
  .meta({ id: 'CallTake' })
const alarmBody = z
  .strictObject({
    kind: z.literal('sos'),
    text: textSchema(2_000).optional(),
    residentId: idSchema
      .nullish()
      .meta({ description: 'As with `take`; null: none of those whose number it is' }),
  })
  .meta({ id: 'CallAlarm' })
const query = z.strictObject({
  state: z
    .enum(['open', ...CALL_STATES])
    .default('open')
    .meta({ description: '`open` is ringing and answered; what is over is listed for a day' }),
})

export type CallRouteParts = { records: Records; clock: Clock; calls: CallDesk }

export function callRoutes(app: App, { records, clock, calls }: CallRouteParts): void {
  app.route({
    method: 'POST',
    url: '/calls',
    config: { access: 'calls:report' },
    schema: {
      tags,
      summary: 'Report a call',
      description: 'Each state once, in any order; saying it again changes nothing.',
      body: callReportSchema,
      response: answers({ 200: reportDone }, ['CONFLICT']),
    },
    handler: request => {
      const { user, scope } = sessionOf(request)
      return calls.report(request.body, { accountId: user.id, areaId: user.areaId, scope })
    },
  })

  app.route({
    method: 'GET',
    url: '/calls',
    config: { access: 'calls:read' },
    schema: {
      tags,
      summary: 'Calls that come in',
      querystring: query,
      response: answers({ 200: listOf(seenCallSchema) }),
    },
    handler: request => {
      const { state } = request.query
      const since = clock.now() - (state === 'open' ? OPEN_AT_MOST_MS : PAST_MS)
      const viewer = viewerOf(sessionOf(request))
      return readSnapshot(records, async tx => ({
        items: await callsSeen(tx, { state, since, viewer }),
        next: null,
      }))
    },
  })

  app.route({
    method: 'GET',
    url: '/calls/:id',
    config: { access: 'calls:read' },
    schema: { tags, summary: 'A call', params, response: answers({ 200: seenCallSchema }, ['NOT_FOUND']) },
    handler: request => requireCall(records.read, request.params.id, viewerOf(sessionOf(request))),
  })

  app.route({
    method: 'POST',
    url: '/calls/:id/take',
    config: { access: 'calls:take' },
    schema: {
      tags,
      summary: 'Take a call: its file is yours',
      params,
      body: takeBody.nullish(),
      response: answers({ 200: seenCallSchema }, ['NOT_FOUND', 'CALL_TAKEN', 'CONFLICT']),
    },
    handler: async (request, reply) => {
      const viewer = viewerOf(sessionOf(request))
      const done = await calls.take({ ...viewer, id: request.params.id, ...request.body })
      if (done.ok) return reply.code(200).send(done.seen)
      return sendProblem(reply, refusal(done, request.id))
    },
  })

  app.route({
    method: 'POST',
    url: '/calls/:id/alarm',
    config: { access: 'calls:take' },
    schema: {
      tags,
      summary: 'Raise an emergency that somebody calls in',
      params,
      body: alarmBody,
      response: answers({ 200: alarmSchema }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      const viewer = viewerOf(sessionOf(request))
      const done = await calls.raise({ ...viewer, id: request.params.id, ...request.body })
      if (!done.ok) return sendProblem(reply, refusal(done, request.id))
      if (!done.alarm) throw new HubError('INTERNAL', 'an alarm that was just raised is gone')
      return reply.code(200).send(done.alarm)
    },
  })

  app.route({
    method: 'GET',
    url: '/calls/:id/recording',
    config: { access: 'recordings:read', audit: true },
    schema: {
      tags,
      summary: 'Where a call is recorded; whoever asks is written down',
      params,
      response: answers({ 200: z.object({ url: z.url() }).meta({ id: 'Recording' }) }, [
        'NOT_FOUND',
        'CONFLICT',
      ]),
    },
    handler: async request => {
      const { id } = request.params
      const { call } = await requireCall(records.read, id, viewerOf(sessionOf(request)))
      const row = await callRow(records.read, id)
      if (!row?.recordingUrl) throw new HubError('NOT_FOUND', `call ${id} has no recording`)
      const { residentId } = row
      if (residentId !== null && (await isWithdrawn(records.read, { residentId, purpose: 'call_recording' })))
        throw new HubError('CONFLICT', 'the elder does not want recordings of their calls to be heard')
      if (call.alarmId !== null) noteReason(request, `alarm:${call.alarmId}`)
      return { url: row.recordingUrl }
    },
  })
}

const viewerOf = ({ scope, user }: ReturnType<typeof sessionOf>): Viewer => ({ scope, userId: user.id })

async function requireCall(db: Db, id: string, viewer: Viewer) {
  const row = await callRow(db, id)
  const [sighted] = row ? await sightCalls(db, [row]) : []
  const seen = sighted && seenBy(sighted, viewer)
  if (!seen) throw new HubError('NOT_FOUND', `there is no call ${id}`)
  return seen
}

function refusal(done: CallDone & { ok: false }, requestId: string): Problem {
  if (done.code !== 'CALL_TAKEN')
    return problem(done.code, `${done.detail.charAt(0).toUpperCase()}${done.detail.slice(1)}.`, { requestId })
  const { owner } = done
  return problem(done.code, `${owner.name} has this call.`, { owner, requestId })
}

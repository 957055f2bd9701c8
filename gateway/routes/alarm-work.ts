// What is done about an alarm on the way: services that take over, calls, steps of the procedure, and whom to send.

import { z } from 'zod'
import { WORK_BODIES, WORK_PATHS } from '../../model/alarm-deeds.ts'
import { responderSchema } from '../../model/dispatch.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import { alarmSchema, type Work } from '../../model/incident.ts'
import type { Records } from '../../records/db.ts'
import { respondersFor } from '../../records/dispatches.ts'
import { getAlarm } from '../../records/incidents.ts'
import { alarmNow } from '../alarm-now.ts'
import type { AlarmDesk } from '../alarms.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { sendProblem } from '../problem.ts'
import { refusedAs } from './refused.ts'

const tags = ['alarms']
const params = z.object({ id: idSchema })
const SUMMARIES: Record<Work, string> = {
  hand_over: 'Note that 120, 110 or 119 has taken over',
  call: 'Note a call, and what came of it; also of the follow-up',
  tick: 'Tick a step of the procedure off',
  untick: 'Take a tick back',
}

export function alarmWorkRoutes(
  app: App,
  { records, alarms }: { records: Records; alarms: Pick<AlarmDesk, 'handle'> },
): void {
  for (const work of Object.keys(WORK_BODIES) as Work[]) workRoute(app, { records, alarms, work })

  app.route({
    method: 'GET',
    url: '/alarms/:id/responders',
    config: { access: 'alarms:handle' },
    schema: {
      tags,
      summary: 'Who may be sent to an alarm, and what each of them still has to do',
      params,
      response: answers({ 200: z.object({ items: z.array(responderSchema) }) }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { scope } = sessionOf(request)
      const { id } = request.params
      const alarm = await getAlarm(records.read, { scope, id })
      if (!alarm) throw new HubError('NOT_FOUND', `there is no alarm ${id}`)
      return { items: await respondersFor(records.read, { areaId: alarm.areaId }) }
    },
  })
}

function workRoute(
  app: App,
  { records, alarms, work }: { records: Records; alarms: Pick<AlarmDesk, 'handle'>; work: Work },
): void {
  // Inside, it is just a schema: what it lets through has the fields of an action.
  const body: z.ZodType = WORK_BODIES[work]
  app.route({
    method: 'POST',
    url: `/alarms/:id/${WORK_PATHS[work]}`,
    config: { access: 'alarms:handle', again: alarmNow(records) },
    schema: {
      tags,
      summary: SUMMARIES[work],
      params,
      body,
      response: answers({ 200: alarmSchema }, ['NOT_FOUND', 'ALARM_TAKEN', 'ALARM_STATE']),
    },
    handler: async (request, reply) => {
      const { user, scope } = sessionOf(request)
      const by = { userId: user.id, name: user.name, role: user.role }
      const given = request.body as object
      const outcome = await alarms.handle({ ...given, id: request.params.id, action: work, by, scope })
      if (outcome.ok) return reply.code(200).send(outcome.alarm)
      return sendProblem(reply, refusedAs(outcome, request.id))
    },
  })
}

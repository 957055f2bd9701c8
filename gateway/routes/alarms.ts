// The desk: the queue, an alarm with all that opens with it, and what people do about it.

import { z } from 'zod'
import { aboutOf } from '../../alerts/procedure.ts'
import { alarmActionSchema, alarmDispatchSchema } from '../../model/alarm-deeds.ts'
import { alarmFileSchema } from '../../model/alarm-file.ts'
import { HubError } from '../../model/error.ts'
import { SEVERITIES } from '../../model/finding.ts'
import { idSchema } from '../../model/id.ts'
import {
  ACTIONS,
  type Action,
  type Alarm,
  alarmSchema,
  INCIDENT_CLASSES,
  INCIDENT_STATES,
} from '../../model/incident.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import { procedureOf } from '../../records/begun.ts'
import { consentStanding } from '../../records/consents.ts'
import { listContacts } from '../../records/contacts.ts'
import type { Db, Records } from '../../records/db.ts'
import { dispatchesOf } from '../../records/dispatches.ts'
import { getAlarm, listAlarms, previousAlarms, timelineOf } from '../../records/incidents.ts'
import { getResident } from '../../records/residents.ts'
import type { Scope } from '../../records/scope.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { alarmNow, seenBy } from '../alarm-now.ts'
import type { AlarmDesk } from '../alarms.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'
import { clearOpenings } from '../opening.ts'
import type { Permission } from '../permissions.ts'
import { sendProblem } from '../problem.ts'
import { refusedAs } from './refused.ts'

/** Earlier alarms that an alarm's file shows. */
const PREVIOUS_SHOWN = 10
/** A resident has a handful; the screen shows them all. */
const CONTACTS_SHOWN = 99

/** Every action is desk work, but for the one that whoever was sent may report. */
const accessOf = (action: Action): Permission => (action === 'arrive' ? 'alarms:arrive' : 'alarms:handle')

const tags = ['alarms']
const params = z.object({ id: idSchema })

const alarmQuery = z.strictObject({
  ...pageQuery,
  state: z
    .enum(['open', ...INCIDENT_STATES])
    .optional()
    .meta({ description: '`open` is raised, accepted, dispatched, arrived, in queue order' }),
  class: z.enum(INCIDENT_CLASSES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  area: idSchema.optional().meta({ description: 'This area and everything below it' }),
})

const bodyOf = (action: Action) => (action === 'dispatch' ? alarmDispatchSchema : alarmActionSchema)

const SUMMARIES: Record<Action, string> = {
  accept: 'Accept an alarm, or acknowledge what joined one of your own',
  takeover: 'Take an alarm over from its owner',
  release: 'Give an alarm back to the queue',
  dispatch: 'Send a responder, or note that somebody was sent',
  arrive: 'Note that they have arrived',
  note: 'Write something on the timeline',
  resolve: 'Resolve an alarm with a disposition',
  close: 'Close a resolved alarm after the follow-up',
  reopen: 'Take a resolved alarm up again',
}

export function alarmRoutes(
  app: App,
  { records, alarms, ...parts }: { records: Records; clock: Clock; log: Log; alarms: AlarmDesk },
): void {
  const openClear = clearOpenings({ records, ...parts })
  app.route({
    method: 'GET',
    url: '/alarms',
    config: { access: 'alarms:read' },
    schema: {
      tags,
      summary: 'List alarms',
      querystring: alarmQuery,
      response: answers({ 200: listOf(alarmSchema) }),
    },
    handler: request => {
      const session = sessionOf(request)
      const { area: areaId, ...query } = request.query
      return readSnapshot(records, tx => listAlarms(tx, { ...query, areaId, ...seenBy(session) }))
    },
  })

  app.route({
    method: 'GET',
    url: '/alarms/:id',
    config: { access: 'alarms:read' },
    schema: {
      tags,
      summary: 'An alarm with its timeline and the file of its elder',
      description:
        'Numbers and addresses are shown to whoever has accepted it, or was sent to it; else hidden.',
      params,
      response: answers({ 200: alarmFileSchema }, ['NOT_FOUND']),
    },
    handler: async request => {
      const session = sessionOf(request)
      const { scope } = session
      const file = await readSnapshot(records, async tx => {
        const alarm = await getAlarm(tx, { ...seenBy(session), id: request.params.id })
        if (!alarm) throw new HubError('NOT_FOUND', `there is no alarm ${request.params.id}`)
        return fileOf(tx, { scope, alarm })
      })
      await openClear(request, file)
      return file
    },
  })

  for (const action of ACTIONS) actionRoute(app, { records, alarms, action })
}

async function fileOf(tx: Db, { scope, alarm }: { scope: Scope; alarm: Alarm }) {
  const { type, id } = alarm.subject
  const residentId = type === 'resident' ? id : undefined
  const contacts = { scope, residentId: residentId ?? '', limit: CONTACTS_SHOWN }
  return {
    alarm,
    timeline: await timelineOf(tx, alarm.id),
    // An archived elder still has a file: the alarm is older than that.
    resident: residentId
      ? ((await getResident(tx, { scope, id: residentId, archived: true })) ?? null)
      : null,
    contacts: residentId ? (await listContacts(tx, contacts)).items : [],
    dispatches: await dispatchesOf(tx, alarm.id),
    procedure: await procedureOf(tx, {
      incidentId: alarm.id,
      about: aboutOf({ subjectType: type, subjectId: id, areaId: alarm.areaId, kind: alarm.kind }),
    }),
    consents: residentId ? await consentStanding(tx, residentId) : [],
    previous: await previousAlarms(tx, {
      scope,
      subjectType: type,
      subjectId: id,
      before: alarm.raisedAt,
      limit: PREVIOUS_SHOWN,
    }),
  }
}

/** Who is to have it: said again it is meant again, whoever has it by now. */
const OF_OWNERS: ReadonlySet<Action> = new Set(['accept', 'takeover', 'release'])

function actionRoute(
  app: App,
  { records, alarms, action }: { records: Pick<Records, 'read'>; alarms: AlarmDesk; action: Action },
): void {
  const repeated = OF_OWNERS.has(action) ? { isRepeatable: true } : { again: alarmNow(records) }
  app.route({
    method: 'POST',
    url: `/alarms/:id/${action}`,
    config: { access: accessOf(action), ...repeated },
    schema: {
      tags,
      summary: SUMMARIES[action],
      params,
      body: bodyOf(action).nullish(),
      response: answers({ 200: alarmSchema }, ['NOT_FOUND', 'ALARM_TAKEN', 'ALARM_STATE', 'ALARM_CHANGED']),
    },
    handler: async (request, reply) => {
      const { user, scope } = sessionOf(request)
      const by = { userId: user.id, name: user.name, role: user.role }
      const outcome = await alarms.handle({ ...request.body, id: request.params.id, action, by, scope })
      if (outcome.ok) return reply.code(200).send(outcome.alarm)
      return sendProblem(reply, refusedAs(outcome, request.id))
    },
  })
}

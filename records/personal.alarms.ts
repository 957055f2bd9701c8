// What stands of an elder where alarms are handled: one half of the table of personal.table.ts.

import { type SqlBool, sql } from 'kysely'
import { ERASED } from '../model/personal.ts'
import {
  type Condition,
  either,
  ofIncident,
  ofResident,
  type PersonalTable,
  type TableName,
  theirIncidents,
  within,
} from './personal.classes.ts'
import { erasedDetail, readDetail } from './personal.timeline.ts'
import type { Whose } from './personal.ts'
import type { Row } from './schema.ts'

/** Calls that are theirs, and those of nobody that came from a number, or a device, that was theirs alone. */
function aboutCall(whose: Whose): Condition {
  const numbers = whose.numbers.map(number => sql<SqlBool>`number = ${number}`)
  const devices = whose.spans.map(
    ({
      deviceId,
      from,
      to,
    }) => sql<SqlBool>`(number = (select d.number from devices d where d.id = ${deviceId})
      and started_at >= ${from} and started_at < ${to})`,
  )
  const ofNobody = sql<SqlBool>`(resident_id is null and incident_id is null and ${either([...numbers, ...devices])})`
  return either([ofResident(whose), ofIncident(whose), ofNobody])
}

/** What these commands say is for the wearer; the others set the device. */
const SAID_BY_COMMANDS: readonly Row<'commands'>['name'][] = ['call', 'message', 'reminder']

function erasedCommand(row: Row<'commands'>): Partial<Row<'commands'>> {
  if (!SAID_BY_COMMANDS.includes(row.name)) return { detail: row.detail === null ? null : 'erased' }
  const isPending = row.state === 'queued' || row.state === 'sent'
  return { argsJson: '{}', detail: 'erased', ...(isPending && { state: 'cancelled' as const }) }
}

/** Steps that nobody can read are none. */
function erasedSteps(stepsJson: string): string {
  try {
    const steps: { id: string }[] = JSON.parse(stepsJson)
    return JSON.stringify(steps.map(({ id }) => ({ id, text: ERASED })))
  } catch {
    return '[]'
  }
}

/** In the order in which they are erased. */
export const ALARM_TABLES = {
  calls: {
    columns: {
      id: 'id',
      accountId: 'id',
      callId: 'personal', // the switch's own; some make it of the number
      direction: 'fact',
      areaId: 'id',
      fromText: 'personal',
      toText: 'personal',
      number: 'personal',
      startedAt: 'fact',
      ringingAt: 'fact',
      answeredAt: 'fact',
      endedAt: 'fact',
      missedAt: 'fact',
      changedAt: 'fact',
      ownerId: 'id',
      residentId: 'id',
      incidentId: 'id',
      recordingUrl: 'personal',
    },
    key: ['id'],
    about: aboutCall,
    // By the switch's id a late report of it finds its row, and the next pass empties that again.
    erased: ({ id, callId }, { isLast, whose }) => ({
      fromText: null,
      toText: null,
      number: null,
      recordingUrl: null,
      residentId: whose.residentId,
      callId: isLast ? `erased-${id}` : callId,
    }),
  },
  deliveries: {
    columns: {
      id: 'id',
      incidentId: 'id',
      round: 'fact',
      step: 'fact',
      recipientType: 'fact',
      recipientId: 'id',
      recipientName: 'personal',
      channelId: 'id',
      channelKind: 'fact',
      urgent: 'fact',
      state: 'fact',
      reason: 'personal', // what a mail server says holds the address
      attempts: 'fact',
      sending: 'fact',
      enqueueAt: 'fact',
      enqueued: 'fact',
      heldUntil: 'fact',
      providerId: 'personal', // by it the provider knows the number
      code: 'secret',
      codeUntil: 'fact',
      queuedAt: 'fact',
      triedAt: 'fact',
      sentAt: 'fact',
      deliveredAt: 'fact',
      seenAt: 'fact',
      acceptedAt: 'fact',
      failedAt: 'fact',
    },
    key: ['id'],
    about: ofIncident,
    erased: ({ recipientType, recipientName, reason }) => ({
      recipientName: recipientType === 'contact' ? ERASED : recipientName,
      reason: reason === null || /^[a-z_]{1,40}$/.test(reason) ? reason : 'erased',
      providerId: null,
      code: null,
      codeUntil: null,
    }),
  },
  jobs: {
    columns: {
      queue: 'fact',
      id: 'id',
      dataJson: 'id',
      state: 'fact',
      dueAt: 'fact',
      setAt: 'fact',
      run: 'id',
      attempts: 'fact',
      failures: 'fact',
      reason: 'personal',
    },
    key: ['queue', 'id'],
    about: whose => sql`exists (select 1 from deliveries d where d.incident_id in ${theirIncidents(whose)}
      and substr(jobs.id, 1, length(d.id) + 1) = d.id || '.')`,
    erased: 'deleted',
  },
  dispatches: {
    columns: {
      id: 'id',
      incidentId: 'id',
      responderId: 'id',
      state: 'fact',
      note: 'personal',
      reply: 'personal',
      askedBy: 'id',
      askedAt: 'fact',
      acceptedAt: 'fact',
      declinedAt: 'fact',
      onTheWayAt: 'fact',
      arrivedAt: 'fact',
      calledOffAt: 'fact',
    },
    key: ['id'],
    about: ofIncident,
    erased: () => ({ note: null, reply: null }),
  },
  begunProcedures: {
    columns: {
      incidentId: 'id',
      procedureId: 'id',
      version: 'fact',
      name: 'personal',
      stepsJson: 'personal',
      begunAt: 'fact',
    },
    key: ['incidentId'],
    about: ofIncident,
    erased: ({ stepsJson }) => ({ name: ERASED, stepsJson: erasedSteps(stepsJson) }),
  },
  ticks: {
    columns: { incidentId: 'id', stepId: 'id', at: 'fact', byUserId: 'id' },
    key: ['incidentId', 'stepId'],
    about: ofIncident,
    erased: 'kept',
  },
  tellings: {
    columns: {
      incidentId: 'id',
      alertedAt: 'fact',
      round: 'fact',
      step: 'fact',
      clockAt: 'fact',
      stoppedAt: 'fact',
    },
    key: ['incidentId'],
    about: ofIncident,
    erased: 'kept',
  },
  timeline: {
    columns: {
      seq: 'id',
      incidentId: 'id',
      kind: 'fact',
      at: 'fact',
      findingId: 'id',
      eventId: 'personal', // a device may write into it what it likes
      bytesHash: 'personal',
      byUserId: 'id',
      detailJson: 'personal',
    },
    key: ['seq'],
    about: ofIncident,
    erased: ({ detailJson }) => ({
      eventId: null,
      bytesHash: null,
      detailJson: JSON.stringify(erasedDetail(readDetail(detailJson) ?? {})),
    }),
  },
  shifts: {
    columns: {
      id: 'id',
      areaId: 'id',
      fromUserId: 'id',
      toUserId: 'id',
      text: 'personal',
      incidentsJson: 'id',
      createdAt: 'fact',
      acceptedAt: 'fact',
      acceptedBy: 'id',
      replacedAt: 'fact',
    },
    key: ['id'],
    about: whose => sql`exists (select 1 from incidents i where i.id in ${theirIncidents(whose)}
      and replace(shifts.incidents_json, '"' || i.id || '"', '') <> shifts.incidents_json)`,
    // What nobody has taken over yet is about open alarms of others as well.
    erased: ({ text, acceptedAt, replacedAt }, { isLast }) => ({
      text: acceptedAt === null && replacedAt === null && !isLast ? text : ERASED,
    }),
  },
  incidents: {
    columns: {
      id: 'id',
      class: 'fact',
      state: 'fact',
      severity: 'fact',
      kind: 'fact',
      subjectType: 'fact',
      subjectId: 'id',
      subjectName: 'personal',
      areaId: 'id',
      deviceId: 'id',
      raisedAt: 'fact',
      alertedAt: 'fact',
      lateMs: 'fact',
      acceptedAt: 'fact',
      ownerId: 'id',
      leaseUntil: 'fact',
      escalation: 'fact',
      escalateAt: 'fact',
      conditionsJson: 'fact',
      disposition: 'fact',
      resolvedAt: 'fact',
      previousId: 'id',
      findings: 'fact',
      seq: 'fact',
    },
    key: ['id'],
    about: ({ residentId }) => sql`subject_type = 'resident' and subject_id = ${residentId}`,
    erased: () => ({ subjectName: ERASED }),
  },
  commands: {
    columns: {
      id: 'id',
      seq: 'fact',
      deviceId: 'id',
      name: 'fact',
      argsJson: 'personal',
      state: 'fact',
      createdAt: 'fact',
      expiresAt: 'fact',
      attempts: 'fact',
      triedAt: 'fact',
      sentAt: 'fact',
      ackedAt: 'fact',
      detail: 'personal',
      byUserId: 'id',
      incidentId: 'id',
      undoOf: 'id',
      overAt: 'fact',
    },
    key: ['id'],
    about: whose =>
      either([ofIncident(whose), within(whose.spans, { device: sql`device_id`, at: sql`created_at` })]),
    erased: erasedCommand,
  },
  rejects: {
    columns: {
      receiptId: 'id',
      deviceId: 'id',
      receivedAt: 'fact',
      kind: 'fact',
      reason: 'personal',
      raw: 'personal',
    },
    key: ['receiptId'],
    about: ({ spans }) => within(spans, { device: sql`device_id`, at: sql`received_at` }),
    erased: 'deleted',
  },
} as const satisfies { [T in TableName]?: PersonalTable<T> }

// Where an elder's personal data is: every table of the records, every column of it, which of its rows are about them,
// and what an erasure leaves. One table: an export takes what stands here, an erasure removes it, and a column that is not
// here fails to compile, and fails the test that reads the columns off both databases.
//
// id: names a row, and says nothing of anybody by itself · fact: a time, a count or a word of the hub's own; stays ·
// personal: exported, and erased · secret: erased with the rest, never exported.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { ERASED } from '../model/personal.ts'
import { USUAL_CARE } from '../model/resident.ts'
import { erasedDetail } from './personal.timeline.ts'
import type { Span, Whose } from './personal.ts'
import type { Row, Tables } from './schema.ts'

export type TableName = keyof Tables
export type ColumnClass = 'id' | 'fact' | 'personal' | 'secret'

type Condition = RawBuilder<SqlBool>

export type PersonalTable<T extends TableName> = {
  columns: Readonly<Record<keyof Row<T>, ColumnClass>>
  /** What pages of its rows are ordered by, and rows are changed by. */
  key: readonly (keyof Row<T> & string)[]
  /** Its rows that are about somebody. */
  about(whose: Whose): Condition
  /** `deleted`, `kept` as it is, or what its columns become. `isLast`: nothing can come any more. */
  erased: 'deleted' | 'kept' | ((row: Row<T>, left: { isLast: boolean; whose: Whose }) => Partial<Row<T>>)
}

const ofResident = ({ residentId }: Whose): Condition => sql`resident_id = ${residentId}`
const theirIncidents = ({ residentId }: Whose) =>
  sql`(select i.id from incidents i where i.subject_type = 'resident' and i.subject_id = ${residentId})`
const ofIncident = (whose: Whose): Condition => sql`incident_id in ${theirIncidents(whose)}`
const theirContacts = ({ residentId }: Whose) =>
  sql`(select c.id from contacts c where c.resident_id = ${residentId})`

const either = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`1 = 0` : sql`(${sql.join(conditions, sql` or `)})`
const within = (
  spans: readonly Span[],
  { device, at }: { device: RawBuilder<unknown>; at: RawBuilder<unknown> },
): Condition =>
  either(
    spans.map(
      ({ deviceId, from, to }) => sql`(${device} = ${deviceId} and ${at} >= ${from} and ${at} < ${to})`,
    ),
  )

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

function erasedSteps(stepsJson: string): string {
  const steps: { id: string }[] = JSON.parse(stepsJson)
  return JSON.stringify(steps.map(({ id }) => ({ id, text: ERASED })))
}

/** In the order in which they are erased: what finds the rows of others goes last. */
export const PERSONAL = {
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
      detailJson: JSON.stringify(erasedDetail(JSON.parse(detailJson))),
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
  checkIns: {
    columns: { residentId: 'id', day: 'personal' },
    key: ['residentId'],
    about: ofResident,
    erased: 'deleted',
  },
  zones: {
    columns: {
      id: 'id',
      name: 'personal',
      kind: 'fact',
      shapeJson: 'personal',
      scheduleJson: 'personal',
      timeZone: 'fact',
      dwellMs: 'fact',
      residentId: 'id',
      areaId: 'id',
      archivedAt: 'fact',
    },
    key: ['id'],
    about: ofResident,
    erased: 'deleted',
  },
  procedures: {
    columns: {
      id: 'id',
      name: 'personal',
      residentId: 'id',
      areaId: 'id',
      kind: 'fact',
      stepsJson: 'personal',
      version: 'fact',
      changedAt: 'fact',
      archivedAt: 'fact',
    },
    key: ['id'],
    about: ofResident,
    erased: 'deleted',
  },
  consents: {
    columns: {
      residentId: 'id',
      seq: 'fact',
      purpose: 'fact',
      state: 'fact',
      by: 'fact',
      byName: 'personal',
      relation: 'personal',
      how: 'fact',
      textVersion: 'fact',
      saidAt: 'fact',
      recordedAt: 'fact',
      recordedBy: 'id',
    },
    key: ['residentId', 'seq'],
    about: ofResident,
    erased: () => ({ byName: null, relation: null }),
  },
  devices: {
    columns: {
      id: 'id',
      kind: 'fact',
      protocol: 'fact',
      areaId: 'id',
      secretHash: 'secret',
      intervalMs: 'fact',
      phone: 'personal',
      number: 'personal',
      heardAt: 'fact',
      createdAt: 'fact',
      archivedAt: 'fact',
    },
    key: ['id'],
    about: ({ spans }) => either(spans.map(({ deviceId }) => sql`id = ${deviceId}`)),
    // The number of its SIM goes with the device to whoever wears it next, unless it is the elder's own.
    erased: ({ number, phone }, { whose }) =>
      number !== null && whose.numbers.includes(number) ? { phone: null, number: null } : { phone, number },
  },
  audit: {
    columns: {
      seq: 'fact',
      at: 'fact',
      actorId: 'id',
      action: 'fact',
      targetType: 'fact',
      targetId: 'id',
      areaId: 'id',
      reason: 'fact',
      detailHash: 'secret',
      prevHash: 'secret',
      hash: 'secret',
    },
    key: ['seq'],
    about: whose =>
      sql`(target_id = ${whose.residentId} or (target_type = 'contact' and target_id in ${theirContacts(whose)})
        or (target_type = 'alarm' and target_id in ${theirIncidents(whose)}))`,
    // It holds ids and hashes, and is bound together by them.
    erased: 'kept',
  },
  erasures: {
    columns: {
      id: 'id',
      residentId: 'id',
      state: 'fact',
      reason: 'fact',
      requestedBy: 'id',
      requestedAt: 'fact',
      spansJson: 'fact', // ids and times, which are gone when it is done
      scannedSeq: 'fact',
      nextAt: 'fact',
      settleUntil: 'fact',
      erasedAt: 'fact',
      doneAt: 'fact',
      problem: 'fact',
    },
    key: ['id'],
    about: ofResident,
    erased: 'kept',
  },
  assignments: {
    columns: { id: 'id', deviceId: 'personal', residentId: 'id', fromAt: 'personal', toAt: 'personal' },
    key: ['id'],
    about: ofResident,
    erased: 'deleted',
  },
  contacts: {
    columns: {
      id: 'id',
      residentId: 'id',
      name: 'personal',
      relation: 'personal',
      phone: 'personal',
      position: 'fact',
      availabilityJson: 'personal',
      language: 'personal',
      email: 'personal',
      userId: 'personal',
      number: 'personal',
      archivedAt: 'fact',
    },
    key: ['id'],
    about: ofResident,
    erased: 'deleted',
  },
  residents: {
    columns: {
      id: 'id',
      areaId: 'id',
      name: 'personal',
      gender: 'personal',
      birthYear: 'personal',
      phone: 'personal',
      address: 'personal',
      accessNotes: 'personal',
      medicalNotes: 'personal',
      wandering: 'personal',
      livesAlone: 'personal',
      timeZone: 'fact',
      wakingFrom: 'personal',
      wakingTo: 'personal',
      checkInBy: 'personal',
      awayUntil: 'personal',
      thresholdsJson: 'personal',
      number: 'personal',
      createdAt: 'fact',
      archivedAt: 'fact',
    },
    key: ['id'],
    about: ({ residentId }) => sql`id = ${residentId}`,
    erased: () => ({
      name: ERASED,
      gender: null,
      birthYear: null,
      phone: null,
      address: null,
      accessNotes: null,
      medicalNotes: null,
      wandering: 0,
      livesAlone: 0,
      wakingFrom: USUAL_CARE.waking.from,
      wakingTo: USUAL_CARE.waking.to,
      checkInBy: null,
      awayUntil: null,
      thresholdsJson: null,
      number: null,
    }),
  },
} as const satisfies { [T in TableName]?: PersonalTable<T> }

export type PersonalName = keyof typeof PERSONAL

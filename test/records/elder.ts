// An elder with something in every table of the records: each personal text of theirs holds `mark`.

import { appendAudit } from '../../records/audit.ts'
import type { Records } from '../../records/db.ts'
import { appendTimeline } from '../../records/entries.ts'
import type { NewRow } from '../../records/schema.ts'

export type Seeded = { id: string; mark: string; number: string; deviceId: string; incidentId: string }

/** A week in which they were looked after; all of it is over by `until`. */
export const WEEK_MS = 7 * 24 * 3_600_000

export async function seedElder(
  { db }: Pick<Records, 'db'>,
  { id, mark, number, until }: { id: string; mark: string; number: string; until: number },
): Promise<Seeded> {
  const at = until - WEEK_MS / 2
  const deviceId = `${id}_watch`
  const incidentId = `${id}_alarm`
  const said = (what: string): string => `${mark} ${what}`
  const span = { from: until - WEEK_MS, to: until - 3_600_000 }
  await db
    .insertInto('residents')
    .values({
      id,
      areaId: 'root',
      name: said('王秀英'),
      gender: 'female',
      birthYear: 1940,
      phone: said('phone'),
      address: said('竹岛 3 号'),
      accessNotes: said('密码 4711'),
      medicalNotes: said('糖尿病'),
      wandering: 1,
      livesAlone: 1,
      wakingFrom: '06:11',
      wakingTo: '20:11',
      checkInBy: '09:11',
      awayUntil: at,
      thresholdsJson: JSON.stringify({ note: said('thresholds') }),
      number,
      createdAt: span.from,
      archivedAt: null,
    })
    .execute()
  await db
    .insertInto('contacts')
    .values({
      id: `${id}_daughter`,
      residentId: id,
      name: said('女儿'),
      relation: said('女儿'),
      phone: said('139'),
      position: 1,
      availabilityJson: JSON.stringify([{ days: [1], from: '08:00', to: said('20:00') }]),
      language: 'en',
      email: `${mark}@example.com`,
      userId: said('account'),
      number: `${number}9`,
      archivedAt: null,
    })
    .execute()
  await db
    .insertInto('devices')
    .values({
      id: deviceId,
      kind: 'watch',
      protocol: 'mqtt',
      areaId: 'root',
      secretHash: 'hash',
      intervalMs: null,
      phone: said('sim'),
      number,
      createdAt: span.from,
      archivedAt: null,
    })
    .execute()
  await db
    .insertInto('assignments')
    .values({ id: `${id}_worn`, deviceId, residentId: id, fromAt: span.from, toAt: span.to })
    .execute()
  await db
    .insertInto('zones')
    .values({
      id: `${id}_zone`,
      name: said('家'),
      kind: 'safe',
      shapeJson: JSON.stringify({ circle: { center: [122, 37], radiusM: 300 }, note: said('shape') }),
      scheduleJson: JSON.stringify([said('schedule')]),
      timeZone: null,
      dwellMs: 60_000,
      residentId: id,
      areaId: null,
      archivedAt: null,
    })
    .execute()
  const stepsJson = JSON.stringify([{ id: 'step_1', text: said('打电话给女儿') }])
  await db
    .insertInto('procedures')
    .values({
      id: `${id}_procedure`,
      name: said('预案'),
      residentId: id,
      areaId: null,
      kind: null,
      stepsJson,
      version: 2,
      changedAt: at,
      archivedAt: null,
    })
    .execute()
  await db.insertInto('checkIns').values({ residentId: id, day: '2026-10-11' }).execute()
  await db
    .insertInto('consents')
    .values({
      residentId: id,
      seq: 1,
      purpose: 'family_sharing',
      state: 'given',
      by: 'guardian',
      byName: said('儿子'),
      relation: said('儿子'),
      how: 'paper',
      textVersion: 'family-1',
      saidAt: at,
      recordedAt: at,
      recordedBy: 'user_1',
    })
    .execute()
  await seedAlarm({ db }, { id, incidentId, deviceId, said, at, number })
  await db
    .insertInto('commands')
    .values(
      (['message', 'reminder', 'call', 'locate'] as const).map(
        (name, index): NewRow<'commands'> => ({
          id: `${id}_command_${name}`,
          seq: Number(at % 1_000_000) + (id === 'elder' ? 100 : 200) + index,
          deviceId,
          name,
          argsJson: name === 'locate' ? '{}' : JSON.stringify({ text: said(name) }),
          state: index === 0 ? 'queued' : 'acked',
          createdAt: at,
          expiresAt: at + 60_000,
          attempts: 1,
          triedAt: at,
          sentAt: at,
          ackedAt: at,
          detail: said('device says'),
          byUserId: 'user_1',
          incidentId: null,
          undoOf: null,
          overAt: null,
        }),
      ),
    )
    .execute()
  await db
    .insertInto('rejects')
    .values({
      receiptId: `${id}_reject`,
      deviceId,
      receivedAt: at,
      kind: 'telemetry',
      reason: said('reason'),
      raw: said('raw'),
    })
    .execute()
  await db.transaction().execute(tx =>
    appendAudit(tx, {
      at,
      actorId: 'user_1',
      action: 'PATCH /residents/:id',
      targetType: 'resident',
      targetId: id,
      reason: 'registry',
      detail: { phone: said('phone') },
    }),
  )
  return { id, mark, number, deviceId, incidentId }
}

type Alarm = {
  id: string
  incidentId: string
  deviceId: string
  said: (what: string) => string
  at: number
  number: string
}

/** An alarm that is over, with all that comes of one. */
async function seedAlarm(
  { db }: Pick<Records, 'db'>,
  { id, incidentId, deviceId, said, at, number }: Alarm,
): Promise<void> {
  await db
    .insertInto('incidents')
    .values({
      id: incidentId,
      class: 'emergency',
      state: 'closed',
      severity: 'critical',
      kind: 'sos',
      subjectType: 'resident',
      subjectId: id,
      subjectName: said('王秀英'),
      areaId: 'root',
      deviceId,
      raisedAt: at,
      alertedAt: at,
      lateMs: 0,
      acceptedAt: at + 9_000,
      ownerId: null,
      leaseUntil: null,
      escalation: 0,
      escalateAt: null,
      conditionsJson: '[]',
      disposition: 'helped_at_home',
      resolvedAt: at + 60_000,
      previousId: null,
      findings: 1,
      seq: 0,
    })
    .execute()
  const position = { lat: 37.512345, lon: 122.123456 }
  await db.transaction().execute(tx =>
    appendTimeline(tx, [
      {
        incidentId,
        kind: 'finding',
        at,
        findingId: `${id}_finding`,
        eventId: said('event'),
        bytesHash: said('bytes'),
        detail: {
          reason: 'first',
          kind: 'sos',
          deviceId,
          at,
          count: 1,
          evidence: { position, text: said('救命') },
        },
      },
      { incidentId, kind: 'noted', at, by: 'user_1', detail: { text: said('note') } },
      {
        incidentId,
        kind: 'told',
        at,
        detail: {
          deliveryId: `${id}_delivery`,
          recipient: { type: 'contact', id: `${id}_daughter`, name: said('女儿') },
          channel: 'smtp',
          round: 1,
          step: 0,
        },
      },
      { incidentId, kind: 'untold', at, detail: { reason: said('550 no such user') } },
      { incidentId, kind: 'ticked', at, detail: { stepId: 'step_1', step: said('打电话给女儿') } },
      { incidentId, kind: 'handed_over', at, detail: { service: '120', reference: said('reference') } },
      { incidentId, kind: 'closed', at, detail: { mark: 5, text: said('thanks') } },
    ]),
  )
  await db
    .insertInto('tellings')
    .values({ incidentId, alertedAt: at, round: 1, step: 0, clockAt: null, stoppedAt: null })
    .execute()
  await db
    .insertInto('deliveries')
    .values({
      id: `${id}_delivery`,
      incidentId,
      round: 1,
      step: 0,
      recipientType: 'contact',
      recipientId: `${id}_daughter`,
      recipientName: said('女儿'),
      channelId: 'channel_1',
      channelKind: 'smtp',
      urgent: 1,
      state: 'failed',
      reason: said('550 no such user'),
      attempts: 1,
      sending: 1,
      enqueueAt: null,
      enqueued: 1,
      providerId: said('provider'),
      code: said('code'),
      codeUntil: at,
      queuedAt: at,
      triedAt: at,
      sentAt: null,
      deliveredAt: null,
      seenAt: null,
      acceptedAt: null,
      failedAt: at,
    })
    .execute()
  await db
    .insertInto('jobs')
    .values({
      queue: 'notify_urgent_smtp',
      id: `${id}_delivery.1.0`,
      dataJson: JSON.stringify({ id: `${id}_delivery`, sending: 1 }),
      state: 'dead',
      dueAt: at,
      setAt: at,
      run: null,
      attempts: 1,
      failures: 1,
      reason: said('550 no such user'),
    })
    .execute()
  await db
    .insertInto('dispatches')
    .values({
      id: `${id}_dispatch`,
      incidentId,
      responderId: null,
      state: 'arrived',
      note: said('bring the key'),
      reply: said('she is well'),
      askedBy: 'user_1',
      askedAt: at,
      acceptedAt: at,
      declinedAt: null,
      onTheWayAt: at,
      arrivedAt: at,
      calledOffAt: null,
    })
    .execute()
  await db
    .insertInto('begunProcedures')
    .values({
      incidentId,
      procedureId: `${id}_procedure`,
      version: 1,
      name: said('预案'),
      stepsJson: JSON.stringify([{ id: 'step_1', text: said('打电话给女儿') }]),
      begunAt: at,
    })
    .execute()
  await db.insertInto('ticks').values({ incidentId, stepId: 'step_1', at, byUserId: 'user_1' }).execute()
  await db
    .insertInto('shifts')
    .values({
      id: `${id}_shift`,
      areaId: 'root',
      fromUserId: 'user_1',
      toUserId: null,
      text: said('look after her'),
      incidentsJson: JSON.stringify([incidentId]),
      createdAt: at,
      acceptedAt: at + 1_000,
      acceptedBy: 'user_2',
      replacedAt: null,
    })
    .execute()
  const call = {
    accountId: 'switch',
    direction: 'in' as const,
    areaId: 'root',
    fromText: said('from'),
    toText: said('to'),
    startedAt: at,
    ringingAt: at,
    answeredAt: at,
    endedAt: at + 1_000,
    missedAt: null,
    changedAt: at,
    ownerId: null,
    recordingUrl: `https://recordings.example.com/${said('call')}`,
  }
  await db
    .insertInto('calls')
    .values([
      { ...call, id: `${id}_call`, callId: said('1'), number: said('1'), residentId: id, incidentId },
      // From a number that is theirs alone, on no timeline.
      { ...call, id: `${id}_lost`, callId: said('2'), number, residentId: null, incidentId: null },
    ])
    .execute()
}

// Two neighbouring areas with one of everything in each: what belongs to one is not there for the people of the other.

import { newSecret } from '../../model/id.ts'
import { hashToken, startSession } from '../../records/sessions.ts'
import { raiseAlarm } from './alarm.ts'
import { PASSWORD, type Person, type TestDesk } from './desk.ts'

export const LADDER_STEPS = [
  { afterMs: 0, audience: 'console' },
  { afterMs: 30_000, audience: 'everyone' },
]

/** Ids by what paths begin with. Whatever has ids in paths has a line here. */
export type Place = {
  areas: string
  residents: string
  contacts: string
  devices: string
  zones: string
  procedures: string
  users: string
  channels: string
  ladders: string
  deliveries: string
  alarms: string
  dispatches: string
  shifts: string
  calls: string
}

/** Further ids of paths, by the name of the parameter. */
export type Inner = { sessionId: string; commandId: string }

export type Settled = { ids: Place; inner: Inner }
export type World = Record<'near' | 'far', Settled>

export async function settle(desk: TestDesk): Promise<World> {
  const admin = await desk.person('admin')
  return { near: await fill(desk, admin, 'near'), far: await fill(desk, admin, 'far') }
}

async function fill(desk: TestDesk, admin: Person, area: 'near' | 'far'): Promise<Settled> {
  const add = async (path: string, body: object): Promise<{ id: string }> => {
    const answer = await admin.call('POST', path, body)
    if (answer.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const idOf = (what: string) => `${area}_${what}`
  const residentId = idOf('resident')
  const circle = { center: [122, 37], radiusM: 300 }
  await add('/areas', { id: area, parentId: 'root', name: area, level: 'district' })
  await add('/residents', { id: residentId, areaId: area, name: '李' })
  await add('/contacts', { id: idOf('contact'), residentId, name: '女儿', phone: '1' })
  await add('/devices', { id: idOf('device'), kind: 'watch', protocol: 'mqtt', residentId })
  await add('/zones', { id: idOf('zone'), name: '家', kind: 'safe', shape: { circle }, residentId })
  await add('/procedures', { id: idOf('procedure'), name: '预案', residentId, steps: [{ text: '打电话' }] })
  await add('/users', {
    id: idOf('user'),
    username: idOf('user'),
    name: '王',
    role: 'operator',
    areaId: area,
    password: PASSWORD,
  })
  const channel = { id: idOf('channel'), kind: 'web_push', name: area, areaId: area }
  await add('/channels', { ...channel, config: { subject: 'mailto:desk@example.com' } })
  await add('/ladders', {
    id: idOf('ladder'),
    areaId: area,
    class: 'emergency',
    because: 'unanswered',
    steps: LADDER_STEPS,
    repeatMs: 60_000,
  })
  const command = await add(`/devices/${idOf('device')}/commands`, { name: 'locate', args: {} })
  const alarms = await raiseAlarm(desk, { areaId: area, residentId })
  await addWork(desk, { area, alarms, userId: idOf('user') })
  await addCall(desk, area)
  const token = newSecret()
  await startSession(desk.records.db, { token, userId: idOf('user'), at: desk.clock.now() })
  const ids: Place = {
    areas: area,
    residents: residentId,
    contacts: idOf('contact'),
    devices: idOf('device'),
    zones: idOf('zone'),
    procedures: idOf('procedure'),
    users: idOf('user'),
    channels: idOf('channel'),
    ladders: idOf('ladder'),
    deliveries: idOf('delivery'),
    alarms,
    dispatches: idOf('dispatch'),
    shifts: idOf('shift'),
    calls: idOf('call'),
  }
  return { ids, inner: { sessionId: hashToken(token).slice(0, 32), commandId: command.id } }
}

/** What comes of work on alarms, put straight into the records. */
async function addWork(
  { records: { db }, clock }: TestDesk,
  { area, alarms, userId }: { area: string; alarms: string; userId: string },
): Promise<void> {
  const at = clock.now()
  await db
    .insertInto('deliveries')
    .values({
      id: `${area}_delivery`,
      incidentId: alarms,
      round: 1,
      step: 0,
      recipientType: 'contact',
      recipientId: `${area}_contact`,
      recipientName: '女儿',
      channelId: `${area}_channel`,
      channelKind: 'web_push',
      urgent: 1,
      state: 'queued',
      reason: null,
      attempts: 0,
      sending: 1,
      enqueueAt: at,
      enqueued: 0,
      providerId: null,
      code: null,
      codeUntil: null,
      queuedAt: at,
      triedAt: null,
      sentAt: null,
      deliveredAt: null,
      seenAt: null,
      acceptedAt: null,
      failedAt: null,
    })
    .execute()
  await db
    .insertInto('dispatches')
    .values({
      id: `${area}_dispatch`,
      incidentId: alarms,
      responderId: null,
      state: 'asked',
      note: null,
      reply: null,
      askedBy: userId,
      askedAt: at,
      acceptedAt: null,
      declinedAt: null,
      onTheWayAt: null,
      arrivedAt: null,
      calledOffAt: null,
    })
    .execute()
  await db
    .insertInto('shifts')
    .values({
      id: `${area}_shift`,
      areaId: area,
      fromUserId: userId,
      toUserId: null,
      text: '平安',
      incidentsJson: JSON.stringify([alarms]),
      createdAt: at,
      acceptedAt: null,
      acceptedBy: null,
      replacedAt: null,
    })
    .execute()
}

/** Somebody who calls. */
async function addCall({ records: { db }, clock }: TestDesk, area: string): Promise<void> {
  const at = clock.now()
  await db
    .insertInto('calls')
    .values({
      id: `${area}_call`,
      accountId: 'switch',
      callId: `${area}-1`,
      direction: 'in',
      areaId: area,
      fromText: null,
      toText: null,
      number: null,
      startedAt: at,
      ringingAt: at,
      answeredAt: null,
      endedAt: null,
      missedAt: null,
      changedAt: at,
      ownerId: null,
      residentId: null,
      incidentId: null,
      recordingUrl: 'https://recordings.example.com/1',
    })
    .execute()
}

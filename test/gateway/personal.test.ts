// Consents, export and erasure over the interface: who may, what is written down, what is refused.

import { expect, test } from 'vitest'
import { passErasures } from '../../alerts/erasure.ts'
import { HubError } from '../../model/error.ts'
import { epochMs } from '../../model/units.ts'
import { listAudit } from '../../records/audit.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import type { History, Kept } from '../../workers/history.ts'
import { emptyTally } from '../../workers/kept.entries.ts'
import { raiseAlarm } from './alarm.ts'
import { startDesk } from './desk.ts'

const ELDER = { id: 'r1', name: '张秀英', phone: '13800001234', address: '竹岛 3 号', areaId: 'root' }

/** A history that holds one of each kind of the device, and forgets what it is told to. */
function pastOf(at: number) {
  const heard = { deviceId: 'd1', at: epochMs(at), receivedAt: epochMs(at), nudgeNs: 0 }
  let kept: Kept[] = [
    { type: 'sample', ...heard, sample: { vitals: { hr: 72 }, loc: { lat: 37.5, lon: 122.1 } } },
    { type: 'event', ...heard, payload: Buffer.from('{"kind":"sos"}'), cut: false },
    { type: 'motion', ...heard, payload: Buffer.from([255, 0, 1]), cut: false },
  ]
  const isIn = (one: Kept, { deviceId, from, to }: { deviceId: string; from: number; to: number }) =>
    one.deviceId === deviceId && one.at >= from && one.at < to
  const history: History = {
    write: async () => emptyTally(),
    async *read({ type, ...span }) {
      yield kept.filter(one => one.type === type && isIn(one, span))
    },
    buckets: async () => [],
    newest: async () => ({}),
    async *retain() {},
    async erase(spans) {
      kept = kept.filter(one => !spans.some(span => isIn(one, span)))
    },
  }
  return { past: { history, partitions: 1 }, left: () => kept.length }
}

async function home() {
  const { past, left } = pastOf(Date.UTC(2026, 9, 12, 8) + 60_000)
  const desk = await startDesk({ past })
  const admin = await desk.person('admin')
  const add = async (path: string, body: object) =>
    expect((await admin.call('POST', path, body)).status).toBe(201)
  await add('/residents', ELDER)
  await add('/contacts', { id: 'c1', residentId: 'r1', name: '女儿', phone: '13900005678' })
  await add('/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt', residentId: 'r1' })
  desk.clock.advance(3_600_000)
  const deps = {
    ...desk,
    log: { debug() {}, info() {}, warn() {}, error() {}, child: () => deps.log },
    engine: { partitions: 1, readerAt: async () => '1', stream: { read: async () => [] } },
    history: past.history,
  } as unknown as Parameters<typeof passErasures>[0]
  return { desk, admin, past, left, pass: () => passErasures(deps) }
}

const SAID = { purpose: 'family_sharing', state: 'withdrawn', by: 'elder', how: 'phone', textVersion: 'v1' }

test('what an elder agreed to is written down by whoever hears it, and stands in their file', async () => {
  const { desk, admin } = await home()
  const operator = await desk.person('operator')
  const made = await operator.call('POST', '/residents/r1/consents', SAID)
  expect(made).toMatchObject({ status: 201, body: { seq: 1, recordedBy: operator.id, byName: null } })
  const { body } = await admin.call('GET', '/residents/r1/consents')
  expect(body.history).toHaveLength(1)
  expect(body.standing).toContainEqual({
    purpose: 'family_sharing',
    state: 'withdrawn',
    since: desk.clock.now(),
    effect: 'place_left_out',
  })
  const alarm = await raiseAlarm(desk, { residentId: 'r1' })
  const { consents } = (await operator.call('GET', `/alarms/${alarm}`)).body
  expect(consents).toEqual(body.standing)
})

test.each([
  ['a purpose that nobody knows', { purpose: 'marketing' }],
  ['neither yes nor no', { state: 'maybe' }],
  ['a guardian without a name', { by: 'guardian' }],
  ['a version that is a sentence', { textVersion: 'the new one' }],
])('refuses %s', async (_what, wrong) => {
  const { admin } = await home()
  const { status, body } = await admin.call('POST', '/residents/r1/consents', { ...SAID, ...wrong })
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' })
})

test('an archive is whole and clear, and who asked for it and why is written down first', async () => {
  const { desk, admin } = await home()
  const supervisor = await desk.person('supervisor')
  const asked = { reason: 'elder_asked' }
  expect((await supervisor.call('POST', '/residents/r1/export', asked)).status).toBe(403)
  const seen = { type: 'resident', id: 'r1', fields: ['phone'], reason: 'call_back' }
  expect((await supervisor.call('POST', '/reveals', seen)).status).toBe(200)
  const answer = await fetch(`${desk.url}/api/v1/residents/r1/export`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  expect(answer.headers.get('content-type')).toContain('application/x-ndjson')
  const lines = (await answer.text())
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines.at(-1)).toEqual({ kind: 'end', lines: lines.length })
  const rows = lines.filter(({ table }) => table === 'residents' || table === 'contacts')
  expect(rows.map(({ row }) => row.phone).sort()).toEqual(['13800001234', '13900005678'])
  expect(lines.filter(({ kind }) => ['sample', 'event', 'motion'].includes(kind))).toMatchObject([
    { kind: 'sample', sample: { vitals: { hr: 72 }, loc: { lat: 37.5 } } },
    { kind: 'event', text: '{"kind":"sos"}' },
    { kind: 'motion', base64: '/wAB' },
  ])
  expect(lines.filter(({ table }) => table === 'audit').map(({ row }) => row)).toContainEqual(
    expect.objectContaining({ action: 'POST /reveals', actorId: supervisor.id, reason: 'call_back' }),
  )
  const { items } = await listAudit(desk.records.read, { scope: WHOLE_HUB, targetId: 'r1', limit: 1 })
  expect(items).toMatchObject([
    { action: 'POST /residents/:id/export', actorId: admin.id, reason: 'elder_asked' },
  ])
})

test('an archive that could not be read to its end has no last line, and the hub goes on', async () => {
  const { desk, admin, past } = await home()
  past.history.read = async function* broken() {
    yield []
    throw new HubError('UNAVAILABLE', 'the history is away')
  }
  const answer = await fetch(`${desk.url}/api/v1/residents/r1/export`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'authority' }),
  })
  const text = await answer.text().catch(() => '')
  expect(text).not.toContain('"kind":"end"')
  expect((await admin.call('GET', '/residents/r1')).status).toBe(200)
})

test('an erasure is refused with what stands in its way, then begins, and is done in the end', async () => {
  const { desk, admin, left, pass } = await home()
  const asked = { reason: 'deceased', confirm: '张秀英' }
  const erase = (body: object = asked) => admin.call('POST', '/residents/r1/erasure', body)
  const stateOf = async () => (await admin.call('GET', '/residents/r1/erasure')).body.erasure?.state
  const supervisor = await desk.person('supervisor')
  expect((await supervisor.call('POST', '/residents/r1/erasure', asked)).status).toBe(403)
  expect(await stateOf()).toBeUndefined()

  const worn = await erase()
  expect(worn).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect(worn.body.detail).toContain('d1')
  await admin.call('PATCH', '/devices/d1', { residentId: null })
  const id = await raiseAlarm(desk, { residentId: 'r1' })
  expect((await erase()).body.detail).toContain(id)
  await desk.records.db.updateTable('incidents').set({ state: 'closed' }).execute()
  const wrong = await erase({ ...asked, confirm: '张秀' })
  expect(wrong).toMatchObject({ status: 400, body: { errors: [{ path: 'confirm' }] } })

  const begun = await erase()
  expect(begun).toMatchObject({ status: 202, body: { state: 'erasing', requestedBy: admin.id } })
  expect((await admin.call('GET', '/residents/r1')).status).toBe(404)
  await pass()
  expect(left()).toBe(0)
  expect(await stateOf()).toBe('settling')
  expect((await erase()).body).toMatchObject({ id: begun.body.id, state: 'settling' })
  expect((await admin.call('GET', '/contacts')).body.items).toEqual([])
  expect((await admin.call('GET', `/alarms/${id}`)).body).toMatchObject({
    alarm: { subject: { id: 'r1', name: '已删除' } },
    resident: { name: '已删除', phone: null, address: null },
    contacts: [],
  })
  desk.clock.advance(9 * 24 * 3_600_000)
  await pass()
  const later = await desk.person('admin') // the session has ended meanwhile
  expect((await later.call('GET', '/residents/r1/erasure')).body.erasure).toMatchObject({ state: 'done' })
  const { items } = await listAudit(desk.records.read, { scope: WHOLE_HUB, targetId: 'r1', limit: 3 })
  expect(items).toMatchObject([
    { action: 'erasure_done', actorId: null },
    { action: 'POST /residents/:id/erasure', reason: 'deceased' },
    { action: 'POST /residents/:id/erasure', reason: 'deceased', actorId: admin.id },
  ])
  expect(await verifyAudit(desk.records.read)).toMatchObject({ ok: true })
})

test('a recording is not handed out once the elder does not want that', async () => {
  const { desk, admin } = await home()
  const at = desk.clock.now()
  const times = { startedAt: at, ringingAt: at, answeredAt: at, endedAt: at, missedAt: null, changedAt: at }
  await desk.records.db
    .insertInto('calls')
    .values({
      id: 'call_1',
      accountId: 'switch',
      callId: '1',
      direction: 'in',
      areaId: 'root',
      fromText: null,
      toText: null,
      number: null,
      ...times,
      ownerId: null,
      residentId: 'r1',
      incidentId: null,
      recordingUrl: 'https://recordings.example.com/1',
    })
    .execute()
  const hear = async () => (await admin.call('GET', '/calls/call_1/recording')).status
  expect(await hear()).toBe(200)
  await admin.call('POST', '/residents/r1/consents', { ...SAID, purpose: 'call_recording' })
  expect(await hear()).toBe(409)
  desk.clock.advance(1_000)
  await admin.call('POST', '/residents/r1/consents', { ...SAID, purpose: 'call_recording', state: 'given' })
  expect(await hear()).toBe(200)
})

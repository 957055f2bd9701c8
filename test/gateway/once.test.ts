// Requests whose answer was lost, and that come again.

import { expect, test } from 'vitest'
import { KEPT_ANSWER_MAX, KNOWN_FOR_MS } from '../../gateway/once.ts'
import { seal, unseal } from '../../gateway/sealed.ts'
import { listAudit } from '../../records/audit.ts'
import { markDone } from '../../records/once.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { raiseAlarm } from './alarm.ts'
import { type Answer, call, type Person, startDesk, type TestDesk } from './desk.ts'

const KEY = 'f2b7c1d0-once-more'
const ELDER = { name: '王秀英' }

/** Somebody who names what they ask. */
const keyed =
  ({ url }: TestDesk, { token }: Person, key = KEY) =>
  (path: string, body: unknown = {}): Promise<Answer> =>
    call(url, { method: 'POST', path, body, token, headers: { 'idempotency-key': key } })

const noted = (desk: TestDesk) =>
  desk.records.db.selectFrom('timeline').select('detailJson').where('kind', '=', 'noted').execute()
const doneRows = (desk: TestDesk) => desk.records.db.selectFrom('doneRequests').selectAll().execute()

async function startAlarm() {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const id = await raiseAlarm(desk)
  expect((await operator.call('POST', `/alarms/${id}/accept`)).status).toBe(200)
  return { desk, operator, id }
}

test('a note that is sent twice stands once; the answer is the alarm as it is now', async () => {
  const { desk, operator, id } = await startAlarm()
  const ask = keyed(desk, operator)
  const note = () => ask(`/alarms/${id}/note`, { text: '没有人接电话' })
  const first = await note()
  expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([200, null])
  await operator.call('POST', `/alarms/${id}/release`)
  const again = await note()
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
  expect(again.body).toMatchObject({ id, state: 'raised' })
  expect(await noted(desk)).toHaveLength(1)
  const { items } = await listAudit(desk.records.db, { scope: WHOLE_HUB, limit: 20 })
  expect(items.filter(({ action }) => action === 'POST /alarms/:id/note')).toHaveLength(1)
})

test('two that come at the same moment are done once', async () => {
  const { desk, operator, id } = await startAlarm()
  const ask = keyed(desk, operator)
  const both = await Promise.all([1, 2, 3].map(() => ask(`/alarms/${id}/note`, { text: '一次' })))
  expect(both.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await noted(desk)).toHaveLength(1)
})

test('who has an alarm is said anew each time: an old answer would tell the wrong name', async () => {
  const { desk, operator, id } = await startAlarm()
  const ask = keyed(desk, operator)
  expect((await ask(`/alarms/${id}/accept`)).status).toBe(200)
  await operator.call('POST', `/alarms/${id}/release`)
  expect((await ask(`/alarms/${id}/accept`)).body).toMatchObject({ owner: { id: operator.id } })
  expect(await doneRows(desk)).toEqual([])
})

test('what was made is made once, and told as the first time, to whoever made it', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const ask = keyed(desk, admin)
  const first = await ask('/residents', ELDER)
  const again = await ask('/residents', ELDER)
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.body).toEqual(first.body)
  const other = await keyed(desk, await desk.person('admin'))('/residents', ELDER)
  expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([201, null])
  expect((await admin.call('GET', '/residents')).body.items).toHaveLength(2)
})

test('a secret is told again to whoever has the key, and stands nowhere', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const band = { id: 'band', kind: 'bracelet', protocol: 'mqtt' }
  const { secret } = (await keyed(desk, admin)('/devices', band)).body
  expect((await keyed(desk, admin)('/devices', band)).body.secret).toBe(secret)
  const renewed = (await keyed(desk, admin, 'another-key-of-mine')('/devices/band/secret')).body.secret
  const stored = JSON.stringify(await doneRows(desk))
  for (const hidden of [secret, renewed, KEY, 'band']) expect(stored).not.toContain(hidden)
  expect(() => unseal(seal('密', KEY), 'another-key-of-mine')).toThrow()
})

test('an answer without a body is repeated without one', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await admin.call('POST', '/channels', {
    kind: 'web_push',
    name: '推送',
    config: { subject: 'mailto:desk@example.com' },
  })
  const browser = { endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } }
  const ask = keyed(desk, admin)
  expect((await ask('/push', browser)).status).toBe(204)
  const again = await ask('/push', browser)
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true'])
})

test('a key belongs to one request, and is long enough that nobody guesses it', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await keyed(desk, admin)('/residents', ELDER)
  const path = 'headers.idempotency-key'
  expect(await keyed(desk, admin)('/residents', { name: '李建国' })).toMatchObject({
    status: 400,
    body: { errors: [{ path, reason: 'used' }] },
  })
  expect(await keyed(desk, admin, 'short')('/residents', ELDER)).toMatchObject({
    status: 400,
    body: { errors: [{ path, reason: 'invalid_format' }] },
  })
})

test('what was refused was not done, and can be asked again', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const ask = keyed(desk, admin)
  const contact = { residentId: 'wang', name: '女儿', phone: '1' }
  expect((await ask('/contacts', contact)).status).toBe(400)
  await admin.call('POST', '/residents', { ...ELDER, id: 'wang' })
  expect((await ask('/contacts', contact)).status).toBe(201)
})

test('where another gateway was faster, nothing is done, and it is said that it was', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await keyed(desk, admin)('/residents', ELDER)
  const [row] = await doneRows(desk)
  if (!row) throw new Error('it was not written down')
  const { actorId, keyHash, requestHash } = row
  // As it is before the other gateway has kept its answer.
  await desk.records.db.updateTable('doneRequests').set({ status: null, sealedAnswer: null }).execute()
  expect(await keyed(desk, admin)('/residents', ELDER)).toMatchObject({
    status: 409,
    body: { code: 'ALREADY_DONE' },
  })
  const mark = (at: number) =>
    desk.records.db.transaction().execute(tx => markDone(tx, { actorId, keyHash, requestHash, at }))
  expect(await mark(1)).toBe(false)
  expect((await admin.call('GET', '/residents')).body.items).toHaveLength(1)
})

test('it is known for a day, and forgotten with what comes after', async () => {
  const desk = await startDesk()
  await keyed(desk, await desk.person('admin'))('/residents', ELDER)
  desk.clock.advance(KNOWN_FOR_MS + 1)
  const later = await desk.person('admin')
  await keyed(desk, later)('/residents', ELDER)
  expect(await doneRows(desk)).toMatchObject([{ actorId: later.id }])
})

test('what is answered by how things are now is forgotten as well', async () => {
  const { desk, operator, id } = await startAlarm()
  await keyed(desk, operator)(`/alarms/${id}/note`, { text: '没有人接电话' })
  desk.clock.advance(KNOWN_FOR_MS + 1)
  const later = await desk.person('supervisor')
  await later.call('POST', `/alarms/${id}/takeover`)
  expect((await keyed(desk, later)(`/alarms/${id}/note`, { text: '有人接了' })).status).toBe(200)
  expect(await doneRows(desk)).toMatchObject([{ actorId: later.id }])
})

test('what was asked, a password say, cannot be found out by trying: not without the key', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const ask = (key: string) => keyed(desk, admin, key)('/residents', ELDER)
  await ask('one-key-of-mine-1')
  await ask('one-key-of-mine-2')
  const hashes = (await doneRows(desk)).map(({ requestHash }) => requestHash)
  expect(new Set(hashes).size).toBe(2)
})

/** A ring of a thousand corners. */
const ring = (radius: number): [number, number][] =>
  Array.from({ length: 1_000 }, (_, index) => {
    const angle = ((index % 999) / 999) * 2 * Math.PI
    return [122.1 + radius * Math.cos(angle), 37.5 + radius * Math.sin(angle)]
  })

test('an answer that is too long is not kept: it is said that it was done', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const ask = keyed(desk, admin)
  const zone = { name: '湖边', kind: 'safe', areaId: 'root', shape: { polygon: [ring(0.02), ring(0.01)] } }
  const first = await ask('/zones', zone)
  expect([first.status, JSON.stringify(first.body).length > KEPT_ANSWER_MAX]).toEqual([201, true])
  expect(await ask('/zones', zone)).toMatchObject({ status: 409, body: { code: 'ALREADY_DONE' } })
  expect((await admin.call('GET', '/zones')).body.items).toHaveLength(1)
})

// Numbers and addresses are hidden of whoever has no reason to see them, and who saw them is on record.

import { expect, test } from 'vitest'
import { listAudit } from '../../records/audit.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { raiseAlarm } from './alarm.ts'
import { startDesk, type TestDesk } from './desk.ts'

const PHONE = '13800001234'
const HIDDEN = '138****1234'
const ELDER = {
  id: 'r1',
  name: '张秀英',
  phone: PHONE,
  address: '竹岛 3 号',
  accessNotes: '密码 4711',
  medicalNotes: '糖尿病',
}

async function home() {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const made = await admin.call('POST', '/residents', { ...ELDER, areaId: 'root' })
  expect(made.body.phone).toBe(PHONE) // they wrote it
  await admin.call('POST', '/contacts', { id: 'c1', residentId: 'r1', name: '女儿', phone: '13900005678' })
  return { desk, admin, operator: await desk.person('operator') }
}

const reveals = async ({ records }: TestDesk, targetId: string) =>
  (await listAudit(records.read, { scope: WHOLE_HUB, targetId, limit: 100 })).items.filter(
    ({ action }) => action === 'reveal' || action === 'POST /reveals',
  )

test('lists and single rows are hidden, for administrators, too', async () => {
  const { admin, operator } = await home()
  for (const person of [admin, operator]) {
    expect((await person.call('GET', '/residents')).body.items[0]).toMatchObject({
      phone: HIDDEN,
      address: '****',
    })
    expect((await person.call('GET', '/residents/r1')).body).toMatchObject({
      accessNotes: '****',
      medicalNotes: '****',
    })
    expect((await person.call('GET', '/contacts')).body.items[0].phone).toBe('139****5678')
  }
})

test('another system sees what it keeps in step', async () => {
  const { desk } = await home()
  const system = await desk.person('integration')
  expect((await system.call('GET', '/residents/r1')).body.phone).toBe(PHONE)
})

test('what is shown in place of it is not stored in its place', async () => {
  const { admin } = await home()
  const { status, body } = await admin.call('PATCH', '/residents/r1', { phone: HIDDEN })
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' })
  expect((await admin.call('PATCH', '/residents/r1', { name: '张' })).body).toMatchObject({ phone: HIDDEN })
})

test('a file is clear to whoever has accepted its alarm, and that is written down once for each accept', async () => {
  const { desk, operator } = await home()
  const other = await desk.person('supervisor')
  const id = await raiseAlarm(desk, { residentId: 'r1' })
  const phoneFor = async (person: typeof operator) =>
    (await person.call('GET', `/alarms/${id}`)).body.resident.phone
  expect(await phoneFor(operator)).toBe(HIDDEN)
  await operator.call('POST', `/alarms/${id}/accept`)
  expect(await phoneFor(operator)).toBe(PHONE)
  expect(await phoneFor(operator)).toBe(PHONE)
  expect(await phoneFor(other)).toBe(HIDDEN)
  const [noted, ...more] = await reveals(desk, 'r1')
  expect(noted).toMatchObject({ actorId: operator.id, reason: `incident:${id}:${desk.clock.now()}` })
  expect(more).toEqual([])

  desk.clock.advance(1_000)
  await operator.call('POST', `/alarms/${id}/release`)
  expect(await phoneFor(operator)).toBe(HIDDEN)
  await operator.call('POST', `/alarms/${id}/accept`)
  expect(await phoneFor(operator)).toBe(PHONE)
  expect(await reveals(desk, 'r1')).toHaveLength(2)
})

test('a reveal says what was asked for, and is on record', async () => {
  const { desk, operator } = await home()
  const asked = { type: 'resident', id: 'r1', fields: ['phone', 'address'], reason: 'follow_up' }
  const { status, body } = await operator.call('POST', '/reveals', asked)
  expect({ status, body }).toEqual({
    status: 200,
    body: { type: 'resident', id: 'r1', values: { phone: PHONE, address: '竹岛 3 号' } },
  })
  const [noted] = await reveals(desk, 'r1')
  expect(noted).toMatchObject({ actorId: operator.id, targetType: 'resident', reason: 'follow_up' })
})

test.each<[object, number, string]>([
  [{ reason: undefined }, 400, 'without a reason'],
  [{ reason: 'because' }, 400, 'for a reason that is none'],
  [{ fields: [] }, 400, 'of nothing'],
  [{ fields: ['name'] }, 400, 'of what is not hidden'],
  [{ type: 'contact', id: 'c1', fields: ['address'] }, 400, 'of a field that it has not'],
  [{ id: 'nobody' }, 404, 'of nobody'],
])('no reveal %j is %i: %s', async (given, expected, _reason) => {
  const { desk, operator } = await home()
  const asked = { type: 'resident', id: 'r1', fields: ['phone'], reason: 'follow_up', ...given }
  expect((await operator.call('POST', '/reveals', asked)).status).toBe(expected)
  expect(await reveals(desk, 'r1')).toEqual([])
})

test('a contact who can be written to is listed, with the address hidden; what is no address is refused', async () => {
  const { admin } = await home()
  const contact = { id: 'c2', residentId: 'r1', name: '儿子', phone: '13900005679' }
  const refused = await admin.call('POST', '/contacts', { ...contact, email: 'nobody' })
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'body.email' }] } })
  expect((await admin.call('POST', '/contacts', { ...contact, email: 'son@example.com' })).status).toBe(201)
  const listed = await admin.call('GET', '/contacts?residentId=r1')
  expect(listed).toMatchObject({
    status: 200,
    body: { items: expect.arrayContaining([expect.objectContaining({ name: '儿子', email: '****' })]) },
  })
})

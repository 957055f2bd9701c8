import { expect, test } from 'vitest'
import { lastSeq } from '../../records/db.ts'
import { startDesk } from './desk.ts'

test('an elder is registered with people to call, a wearable and a fence, changed, and archived with them', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const area = await admin.call('POST', '/areas', { parentId: 'root', name: '环翠区', level: 'district' })
  expect(area).toMatchObject({ status: 201, body: { parentId: 'root', name: '环翠区', level: 'district' } })

  const resident = await admin.call('POST', '/residents', {
    areaId: area.body.id,
    name: '张秀英',
    wandering: true,
  })
  expect(resident).toMatchObject({ status: 201, body: { gender: null, wandering: true, livesAlone: false } })
  const residentId = resident.body.id

  for (const [name, position] of [
    ['邻居', 2],
    ['女儿', 1],
  ]) {
    await admin.call('POST', '/contacts', { residentId, name, phone: '138', position })
  }
  const contacts = await admin.call('GET', `/contacts?residentId=${residentId}`)
  expect(contacts.body.items.map((contact: { name: string }) => contact.name)).toEqual(['女儿', '邻居'])

  const made = await admin.call('POST', '/devices', {
    id: 'band-1',
    kind: 'bracelet',
    protocol: 'mqtt',
    residentId,
  })
  expect(made).toMatchObject({
    status: 201,
    body: {
      device: { id: 'band-1', residentId, areaId: area.body.id },
      secret: expect.stringMatching(/^[\w-]{32}$/),
    },
  })
  expect((await admin.call('GET', '/devices/band-1')).body).toEqual(made.body.device)

  const polygon = [
    [
      [122, 37],
      [122.1, 37],
      [122.1, 37.1],
      [122, 37.1],
    ],
  ]
  const zone = await admin.call('POST', '/zones', {
    name: '家',
    kind: 'safe',
    shape: { polygon },
    residentId,
  })
  expect(zone).toMatchObject({ status: 201, body: { dwellMs: 60_000, areaId: null } })
  expect(zone.body.shape.polygon[0]).toHaveLength(5) // stored closed

  const changed = await admin.call('PATCH', `/residents/${residentId}`, { phone: '0631' })
  expect(changed).toMatchObject({ status: 200, body: { phone: '0631', name: '张秀英', wandering: true } })

  expect(await admin.call('DELETE', `/residents/${residentId}`)).toMatchObject({ status: 204, body: '' })
  expect((await admin.call('GET', `/residents/${residentId}`)).status).toBe(404)
  expect((await admin.call('GET', `/zones/${zone.body.id}`)).status).toBe(404)
  expect((await admin.call('GET', '/contacts')).body.items).toEqual([])
  expect((await admin.call('GET', '/devices/band-1')).body).toMatchObject({
    residentId: null,
    archivedAt: null,
  })
})

test('what every write of the registry changed is on record, and followers are nudged', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  let nudges = 0
  desk.records.nudge.subscribe('registry', () => nudges++)
  const before = await lastSeq(desk.records.db, 'changes')
  const { body } = await admin.call('POST', '/devices', { kind: 'watch', protocol: 'mqtt' })
  await admin.call('PATCH', `/devices/${body.device.id}`, { kind: 'phone' })
  await admin.call('DELETE', `/devices/${body.device.id}`)
  const changes = await desk.records.db.selectFrom('changes').selectAll().where('seq', '>', before).execute()
  expect(changes).toEqual(
    [1, 2, 3].map(i => expect.objectContaining({ seq: before + i, noun: 'device', id: body.device.id })),
  )
  expect(nudges).toBe(3)
})

test('an id or a user name is taken once, archived or not', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const device = { id: 'd1', kind: 'watch', protocol: 'mqtt' }
  await admin.call('POST', '/devices', device)
  await admin.call('DELETE', '/devices/d1')
  expect(await admin.call('POST', '/devices', device)).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT' },
  })
  const user = { username: 'li', name: '李', role: 'operator', areaId: 'root', password: 'long enough' }
  expect((await admin.call('POST', '/users', user)).status).toBe(201)
  expect(await admin.call('POST', '/users', user)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect((await admin.call('GET', '/devices?archived=true')).body.items).toMatchObject([{ id: 'd1' }])
})

test('a list is walked page by page, whatever is added in between', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  for (let i = 0; i < 5; i++)
    await admin.call('POST', '/residents', { id: `r${i}`, areaId: 'root', name: `同名${i % 2}` })
  const seen: string[] = []
  let next: string | null = ''
  while (next !== null) {
    const page: { items: { id: string }[]; next: string | null; seq: number } = (
      await admin.call('GET', `/residents?limit=2${next && `&cursor=${next}`}`)
    ).body
    seen.push(...page.items.map(({ id }) => id))
    next = page.next
    await admin.call('POST', '/residents', { areaId: 'root', name: '同名' }) // before all: on no later page
    expect(page.seq).toBe(0)
  }
  expect(seen).toEqual(['r0', 'r2', 'r4', 'r1', 'r3'])
})

test('a name or a text that cannot be stored or read is refused by field, and names lose their blanks', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const user = { username: 'li', role: 'operator', password: 'long enough' }
  const shape = { circle: { center: [122, 37], radiusM: 300 } }
  const bad: [path: string, body: object, field: string][] = [
    ['/residents', { name: '  ' }, 'name'],
    ['/residents', { name: '李', medicalNotes: 'a\0b' }, 'medicalNotes'],
    ['/contacts', { residentId: 'r', name: '女儿', phone: '\ud83d' }, 'phone'],
    ['/areas', { name: '\u3000', level: 'street' }, 'name'],
    ['/zones', { name: '\ud83d', kind: 'safe', shape, areaId: 'root' }, 'name'],
    ['/users', { ...user, name: '\0' }, 'name'],
    ['/alarms/inc_1/note', { text: 'a\0' }, 'text'],
  ]
  for (const [path, body, field] of bad) {
    expect.soft(await admin.call('POST', path, body), path).toMatchObject({
      status: 400,
      body: { errors: [{ path: `body.${field}`, message: expect.stringMatching(/^must not/) }] },
    })
  }
  expect((await admin.call('POST', '/residents', { name: ' 李秀英 ' })).body.name).toBe('李秀英')
})

test('residents are found by a part of their name, where % is a character, and by no hidden part of their number', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await admin.call('POST', '/residents', {
    id: 'r1',
    areaId: 'root',
    name: '张秀%英',
    phone: '138 0000 1234',
  })
  await admin.call('POST', '/residents', { id: 'r2', areaId: 'root', name: '李桂兰', phone: '0631-500' })
  const found = async (text: string) =>
    (await admin.call('GET', `/residents?text=${encodeURIComponent(text)}`)).body.items.map(
      ({ id }: { id: string }) => id,
    )
  expect(await found('秀')).toEqual(['r1'])
  expect(await found('%')).toEqual(['r1'])
  for (const whole of ['13800001234', '+86 138-0000-1234', '1234']) expect(await found(whole)).toEqual(['r1'])
  for (const part of ['0000', '138', '00001234', '500', '0500']) expect(await found(part)).toEqual([])
})

test('a zone has a schedule; one that is misspelt is refused: ignored in silence it would hold at the wrong time', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const zone = {
    name: '家',
    kind: 'safe',
    shape: { circle: { center: [122, 37], radiusM: 300 } },
    areaId: 'root',
  }
  const schedule = [{ days: [1], from: '06:00', to: '22:00' }]
  const { body } = await admin.call('POST', '/zones', { ...zone, schedule, timeZone: 'Asia/Shanghai' })
  expect(body).toMatchObject({ schedule, timeZone: 'Asia/Shanghai' })
  expect((await admin.call('GET', `/zones/${body.id}`)).body).toEqual(body)
  const changed = await admin.call('PATCH', `/zones/${body.id}`, { schedule: [], timeZone: null })
  expect(changed.body).toEqual({ ...body, schedule: [], timeZone: null })
  expect(await admin.call('POST', '/zones', { ...zone, scheduel: schedule })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'body.scheduel', message: 'is not known' }] },
  })
  expect((await admin.call('POST', '/zones', { ...zone, areaId: null })).body.errors).toEqual([
    {
      path: 'residentId',
      message: 'a zone belongs to exactly one of residentId and areaId',
      reason: 'exactly_one',
    },
  ])
})

test("messages that were not understood are shown by device, and a device's secret never is", async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await admin.call('POST', '/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt' })
  const reject = {
    receiptId: 'r-1-0',
    deviceId: 'd1',
    receivedAt: 1,
    kind: 'telemetry',
    reason: 'not_json',
    raw: '{',
  }
  await desk.records.db.insertInto('rejects').values(reject).execute()
  expect((await admin.call('GET', '/devices/d1/rejects')).body.items).toEqual([reject])
  expect(JSON.stringify((await admin.call('GET', '/devices')).body)).not.toContain('secret')
})

test('accounts: a new password ends the sessions, and nobody takes their own role away', async () => {
  const desk = await startDesk()
  const [admin, person] = [await desk.person('admin'), await desk.person('operator')]
  expect((await admin.call('PATCH', `/users/${person.id}`, { password: 'another password' })).status).toBe(
    200,
  )
  expect((await person.call('GET', '/session')).status).toBe(401)
  expect(await admin.call('DELETE', `/users/${admin.id}`)).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT' },
  })
  expect((await admin.call('PATCH', `/users/${admin.id}`, { role: 'operator' })).status).toBe(409)
  expect((await admin.call('DELETE', `/users/${person.id}`)).status).toBe(204)
  expect((await admin.call('GET', `/users/${person.id}`)).body.archivedAt).toBe(desk.clock.now())
  expect(JSON.stringify((await admin.call('GET', '/users')).body)).not.toContain('argon2')
})

// The audit log as people meet it: what stands in it, who sees it, and what keeps it from saying too much.

import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { startCheckpoints } from '../../gateway/audit-checkpoint.ts'
import { appendAudit } from '../../records/audit.ts'
import { auditHead, verifyAudit } from '../../records/audit-chain.ts'
import { raiseAlarm } from './alarm.ts'
import { call, PASSWORD, type Person, startDesk, testLog } from './desk.ts'

const rowsOf = async (reader: Person, query = ''): Promise<Record<string, unknown>[]> =>
  (await reader.call('GET', `/audit${query}`)).body.items

test('what is made has its id and its area in the log', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await admin.call('POST', '/areas', { id: 'wh', parentId: 'root', name: '威海', level: 'city' })
  const { body: resident } = await admin.call('POST', '/residents', {
    name: '张秀英',
    areaId: 'wh',
    phone: '13800138000',
  })
  const { body: made } = await admin.call('POST', '/devices', {
    kind: 'watch',
    protocol: 'mqtt',
    residentId: resident.id,
  })
  const { body: user } = await admin.call('POST', '/users', {
    username: 'li.na',
    name: '李娜',
    role: 'operator',
    areaId: 'wh',
    password: PASSWORD,
  })
  const rows = await rowsOf(admin)
  expect(rows).toMatchObject([
    { action: 'POST /users', targetType: 'user', targetId: user.id, areaId: 'wh' },
    { action: 'POST /devices', targetType: 'device', targetId: made.device.id, areaId: 'wh' },
    { action: 'POST /residents', targetType: 'resident', targetId: resident.id, areaId: 'wh' },
    { action: 'POST /areas', targetType: 'area', targetId: 'wh', areaId: 'wh' },
  ])
  const text = JSON.stringify(await desk.records.db.selectFrom('audit').selectAll().execute())
  for (const personal of ['张秀英', '李娜', '13800138000', PASSWORD, made.secret])
    expect(text).not.toContain(personal)
})

test('a password leaves no trace in the hash of what was asked', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const operator = await desk.person('operator')
  for (const password of ['one long password', 'quite another one'])
    await admin.call('PATCH', `/users/${operator.id}`, { password })
  const [one, other] = await rowsOf(admin, `?targetId=${operator.id}`)
  expect(one?.detailHash).toBe(other?.detailHash)
  expect(one?.hash).not.toBe(other?.hash)
})

test('an alarm that is accepted, and one that somebody else has', async () => {
  const desk = await startDesk()
  const [fast, slow, auditor] = [
    await desk.person('operator'),
    await desk.person('operator'),
    await desk.person('auditor'),
  ]
  const id = await raiseAlarm(desk)
  const outcomes = await Promise.all([fast, slow].map(each => each.call('POST', `/alarms/${id}/accept`)))
  expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 409])
  const winner = outcomes[0]?.status === 200 ? fast : slow
  expect(await rowsOf(auditor)).toMatchObject([
    { action: 'POST /alarms/:id/accept', actorId: winner.id, targetType: 'alarm', targetId: id },
  ])
})

describe('who reads it', () => {
  test('an auditor, who sees nothing else', async () => {
    const desk = await startDesk()
    const auditor = await desk.person('auditor')
    expect((await auditor.call('GET', '/audit')).status).toBe(200)
    for (const path of ['/alarms', '/residents', '/users', '/devices', '/channels'])
      expect((await auditor.call('GET', path)).status).toBe(403)
  })

  test('what was done in their areas, by whomever', async () => {
    const desk = await startDesk()
    const admin = await desk.person('admin')
    for (const id of ['wh', 'qd']) {
      await admin.call('POST', '/areas', { id, parentId: 'root', name: id, level: 'city' })
      await admin.call('POST', '/residents', { id: `res_${id}`, areaId: id, name: '李' })
    }
    const rows = await rowsOf(await desk.person('auditor', 'qd'))
    expect(rows.map(({ targetId }) => targetId)).toEqual(['res_qd', 'qd'])
  })

  test('nobody else', async () => {
    const desk = await startDesk()
    for (const role of ['operator', 'supervisor', 'responder', 'family', 'integration'] as const)
      expect((await (await desk.person(role)).call('GET', '/audit')).status).toBe(403)
  })

  test('that it was read is in it, too', async () => {
    const desk = await startDesk()
    const auditor = await desk.person('auditor')
    await rowsOf(auditor)
    expect(await rowsOf(auditor)).toMatchObject([{ action: 'GET /audit', actorId: auditor.id }])
  })

  test('nobody writes it', async () => {
    const desk = await startDesk()
    const admin = await desk.person('admin')
    for (const [method, path] of [
      ['POST', '/audit'],
      ['DELETE', '/audit'],
      ['PATCH', '/audit/1'],
    ] as const)
      expect((await admin.call(method, path, {})).status).toBe(404)
  })

  test('whether it is whole: the same for everybody who may read it, and that they asked is in it', async () => {
    const desk = await startDesk()
    const admin = await desk.person('admin')
    await admin.call('POST', '/areas', { id: 'qd', parentId: 'root', name: '青岛', level: 'city' })
    const auditor = await desk.person('auditor', 'qd')
    const { body } = await auditor.call('POST', '/audit/check', {})
    const head = expect.objectContaining({ seq: 1 })
    expect(body).toEqual({
      ok: true,
      rows: 1,
      from: expect.any(Number),
      to: expect.any(Number),
      head,
      isEnd: true,
    })
    expect((await rowsOf(admin))[0]).toMatchObject({ action: 'POST /audit/check', actorId: auditor.id })
    const next = await auditor.call('POST', '/audit/check', { after: body.head })
    expect(next.body).toMatchObject({ ok: true, rows: 2, isEnd: true })
    const forged = { after: { ...body.head, hash: 'f'.repeat(64) } }
    const refused = { ok: false, seq: 2, fault: 'unlinked' }
    expect((await auditor.call('POST', '/audit/check', forged)).body).toEqual(refused)
    expect((await auditor.call('POST', '/audit/check', { after: { seq: 1, hash: 'x' } })).status).toBe(400)
    for (const role of ['operator', 'supervisor', 'responder', 'family', 'integration'] as const)
      expect((await (await desk.person(role)).call('POST', '/audit/check', {})).status).toBe(403)
  })

  test('page by page, by what they look for', async () => {
    const desk = await startDesk()
    const admin = await desk.person('admin')
    for (let n = 0; n < 5; n++) await admin.call('POST', '/residents', { id: `res_${n}`, name: '李' })
    const query = `/audit?action=${encodeURIComponent('POST /residents')}&limit=2`
    const first = (await admin.call('GET', query)).body
    const second = (await admin.call('GET', `${query}&cursor=${first.next}`)).body
    expect([...first.items, ...second.items].map(({ targetId }: { targetId: string }) => targetId)).toEqual([
      'res_4',
      'res_3',
      'res_2',
      'res_1',
    ])
    expect(first.head).toEqual({ seq: 5, hash: first.items[0].hash })
    expect((await admin.call('GET', `/audit?cursor=${first.next}`)).status).toBe(400)
    expect((await admin.call('GET', '/audit?unknown=1')).status).toBe(400)
  })
})

test('where the log cannot be written, nothing is done', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await sql`alter table audit rename to audit_away`.execute(desk.records.db)
  expect((await admin.call('POST', '/residents', { id: 'res_1', name: '李' })).status).toBe(500)
  await sql`alter table audit_away rename to audit`.execute(desk.records.db)
  expect((await admin.call('GET', '/residents/res_1')).status).toBe(404)
  expect((await admin.call('POST', '/residents', { id: 'res_1', name: '李' })).status).toBe(201)
  expect(await verifyAudit(desk.records.db)).toMatchObject({ ok: true, rows: 1 })
})

test('a checkpoint is told when the log has grown, and of its metric', async () => {
  const desk = await startDesk()
  const told: { level: string; facts: object; message: string }[] = []
  const gauge: number[] = []
  const metrics = { auditSeq: { set: (value: number) => void gauge.push(value) } }
  const checkpoints = startCheckpoints({ records: desk.records, log: testLog(told), metrics })
  await checkpoints.tell()
  expect(told).toEqual([])
  const entry = { at: 1, actorId: null, action: 'test' }
  await desk.records.db.transaction().execute(tx => appendAudit(tx, entry))
  await checkpoints.tell()
  await checkpoints.stop()
  const head = await auditHead(desk.records.db)
  const facts = { auditSeq: 1, auditHash: head?.hash }
  expect(told).toEqual([{ level: 'info', facts, message: 'audit checkpoint' }])
  expect(gauge.at(-1)).toBe(1)
})

test('a sign-in by a page of the console and one by a program are both there', async () => {
  const desk = await startDesk()
  const auditor = await desk.person('auditor')
  await call(desk.url, {
    method: 'POST',
    path: '/session',
    body: { username: 'auditor1', password: PASSWORD },
  })
  await auditor.call('DELETE', '/session')
  const again = await call(desk.url, {
    method: 'POST',
    path: '/session',
    body: { username: 'auditor1', password: PASSWORD },
  })
  const { body } = await call(desk.url, { path: '/audit', token: again.body.token })
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
    'sign_in',
    'DELETE /session',
    'sign_in',
  ])
})

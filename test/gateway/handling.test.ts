// The work on an alarm over HTTP: who is sent, what is ticked, what one shift leaves to the next, and who is there.

import { describe, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { raiseAlarm } from './alarm.ts'
import { startDesk } from './desk.ts'

async function accepted() {
  const desk = await startDesk()
  const [admin, operator, responder] = [
    await desk.person('admin'),
    await desk.person('operator'),
    await desk.person('responder'),
  ]
  await admin.call('POST', '/residents', {
    id: 'r1',
    areaId: 'root',
    name: '张秀英',
    address: '竹岛 3 号',
    accessNotes: '密码 4711',
  })
  const id = await raiseAlarm(desk, { residentId: 'r1' })
  await operator.call('POST', `/alarms/${id}/accept`)
  return { desk, admin, operator, responder, id }
}

describe('dispatch', () => {
  test('a responder is shown where to go, and what they report is on the alarm', async () => {
    const { desk, operator, responder, id } = await accepted()
    const { body: choice } = await operator.call('GET', `/alarms/${id}/responders`)
    expect(choice).toEqual({ items: [{ id: responder.id, name: expect.any(String), pending: 0 }] })
    const asked = { responderId: responder.id, note: '带上钥匙' }
    expect(await operator.call('POST', `/alarms/${id}/dispatch`, asked)).toMatchObject({
      status: 200,
      body: { state: 'dispatched' },
    })
    const { items } = (await responder.call('GET', '/dispatches?state=pending')).body
    expect(items).toMatchObject([
      {
        alarmId: id,
        state: 'asked',
        note: '带上钥匙',
        address: '竹岛 3 号',
        accessNotes: '密码 4711',
        alarm: { kind: 'sos', subject: { name: '张秀英' } },
      },
    ])
    const dispatchId = items[0].id
    for (const step of ['accept', 'on-the-way', 'arrive']) {
      expect((await responder.call('POST', `/dispatches/${dispatchId}/${step}`)).status, step).toBe(200)
    }
    const { body } = await operator.call('GET', `/alarms/${id}`)
    expect(body).toMatchObject({
      alarm: { state: 'arrived', owner: { id: operator.id } },
      dispatches: [{ id: dispatchId, state: 'arrived', responder: { id: responder.id } }],
    })
    const other = await desk.person('responder')
    expect((await other.call('GET', `/dispatches?responderId=${responder.id}`)).body.items).toEqual([])
    expect(await other.call('POST', `/dispatches/${dispatchId}/accept`)).toMatchObject({ status: 404 })
    expect((await operator.call('GET', `/dispatches?alarmId=${id}`)).body.items).toHaveLength(1)
    expect(await responder.call('POST', `/dispatches/${dispatchId}/decline`)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    })
  })

  test('a responder sees the alarm that they are sent to, no other one, and none that they are not needed for', async () => {
    const { desk, operator, responder, id } = await accepted()
    const sees = async () => [
      (await responder.call('GET', '/alarms')).body.items.map((alarm: { id: string }) => alarm.id),
      (await responder.call('GET', `/alarms/${id}`)).status,
    ]
    await raiseAlarm(desk)
    const other = await desk.person('responder')
    await operator.call('POST', `/alarms/${id}/dispatch`, { responderId: other.id })
    expect(await sees()).toEqual([[], 404])
    expect(await responder.call('POST', `/alarms/${id}/arrive`)).toMatchObject({ status: 404 })
    await operator.call('POST', `/alarms/${id}/dispatch`, { responderId: responder.id })
    expect(await sees()).toEqual([[id], 200])
    expect((await responder.call('GET', `/alarms/${id}`)).body.resident.address).toBe('竹岛 3 号')
    expect(await responder.call('POST', `/alarms/${id}/arrive`)).toMatchObject({ status: 200 })
    await operator.call('POST', `/alarms/${id}/resolve`, { disposition: 'helped_at_home' })
    expect(await sees()).toEqual([[], 404])
  })

  test('whoever may not see the alarm is not sent there', async () => {
    const { desk, admin, operator, id } = await accepted()
    await admin.call('POST', '/areas', { id: 'wd', parentId: 'root', name: '文登区', level: 'district' })
    const far = await desk.person('responder', 'wd')
    const { body } = await operator.call('GET', `/alarms/${id}/responders`)
    expect(body.items.map((one: { id: string }) => one.id)).not.toContain(far.id)
    expect(await operator.call('POST', `/alarms/${id}/dispatch`, { responderId: far.id })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    })
  })
})

test('the procedure of an alarm is in its file, and is ticked', async () => {
  const { admin, operator, id } = await accepted()
  const made = await admin.call('POST', '/procedures', {
    name: '独居老人',
    residentId: 'r1',
    steps: [{ text: '回拨' }, { text: '打女儿' }],
  })
  expect(made).toMatchObject({ status: 201, body: { version: 1, kind: null, areaId: null } })
  const [first] = made.body.steps
  expect((await operator.call('GET', `/alarms/${id}`)).body.procedure).toMatchObject({
    id: made.body.id,
    begunAt: null,
  })
  expect((await operator.call('POST', `/alarms/${id}/tick`, { stepId: first.id })).status).toBe(200)
  expect((await operator.call('GET', `/alarms/${id}`)).body.procedure.steps).toMatchObject([
    { text: '回拨', tickedBy: { id: operator.id } },
    { text: '打女儿', tickedAt: null },
  ])
  const change = { steps: [{ ...first, text: '改了' }] }
  expect((await admin.call('PATCH', `/procedures/${made.body.id}`, change)).body).toMatchObject({
    version: 2,
  })
  expect((await operator.call('GET', `/alarms/${id}`)).body.procedure.steps[0].text).toBe('回拨')
  expect(await operator.call('POST', '/procedures', { name: 'x', areaId: 'root', steps: [] })).toMatchObject({
    status: 403,
  })
  expect(await admin.call('POST', '/procedures', { name: 'x', steps: [{ text: 'y' }] })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'residentId' }] },
  })
})

test('a service that has taken over is written down; one that does not exist is refused', async () => {
  const { operator, id } = await accepted()
  const handOver = (body: object) => operator.call('POST', `/alarms/${id}/hand-over`, body)
  expect(await handOver({ service: '120', reference: 'A17' })).toMatchObject({ status: 200 })
  expect(await handOver({ service: '911' })).toMatchObject({ status: 400 })
  expect(
    await operator.call('POST', `/alarms/${id}/call`, { whom: 'elder', outcome: 'reached' }),
  ).toMatchObject({
    status: 200,
  })
})

test('reopening after a day is refused with the reason', async () => {
  const { desk, operator, id } = await accepted()
  await operator.call('POST', `/alarms/${id}/resolve`, { disposition: 'test', seenSeq: 1 })
  desk.clock.advance(24 * 3_600_000 + 1)
  const later = await desk.person('operator') // the session is a day old
  expect(await later.call('POST', `/alarms/${id}/reopen`)).toMatchObject({
    status: 409,
    body: {
      code: 'ALARM_STATE',
      state: 'resolved',
      detail: expect.stringContaining('the day in which it could be reopened is over'),
    },
  })
})

test('a shift is handed over with its alarms, and the next one reads it', async () => {
  const { desk, operator, responder, id } = await accepted()
  const next = await desk.person('operator')
  const { status, body } = await operator.call('POST', '/shifts/hand-over', { text: '张秀英家没人接电话' })
  expect(status).toBe(201)
  expect((await next.call('GET', '/shifts?state=open')).body.items).toMatchObject([
    { id: body.id, text: '张秀英家没人接电话', alarms: [{ id, owner: { id: operator.id } }] },
  ])
  expect(await next.call('POST', `/shifts/${body.id}/accept`)).toMatchObject({
    status: 200,
    body: { state: 'accepted', acceptedBy: { id: next.id }, alarms: [{ id, owner: { id: next.id } }] },
  })
  expect(await operator.call('POST', `/shifts/${body.id}/accept`)).toMatchObject({ status: 409 })
  expect(await responder.call('GET', '/shifts')).toMatchObject({ status: 403 })
  expect(await operator.call('POST', '/shifts/hand-over', { text: ' ' })).toMatchObject({ status: 400 })
  expect(
    await operator.call('POST', '/shifts/hand-over', { text: 'x', toUserId: responder.id }),
  ).toMatchObject({ status: 400 })
})

describe('presence', () => {
  test('is ready with a live connection, busy with an alarm, in a pause by one’s own word, and away without', async () => {
    const desk = await startDesk({ feedLimits: { presenceMs: 20 } })
    const [supervisor, operator] = [await desk.person('supervisor'), await desk.person('operator')]
    const board = await desk.follow(supervisor)
    const states = () =>
      board.messages.flatMap(message =>
        message.type === 'presence' && message.presence.user.id === operator.id ? message.presence.state : [],
      )
    const until = (state: string) => board.until(() => states().at(-1) === state)
    await until('away')
    const screen = await desk.follow(operator)
    await until('ready')
    const id = await raiseAlarm(desk)
    await operator.call('POST', `/alarms/${id}/accept`)
    await until('busy')
    expect((await operator.call('PUT', '/presence', { status: 'pause', reason: '午饭' })).body).toMatchObject(
      {
        state: 'pause',
        reason: '午饭',
        alarms: 1,
      },
    )
    await until('pause')
    expect((await operator.call('GET', '/presence/own')).body).toMatchObject({
      state: 'pause',
      reason: '午饭',
    })
    expect((await supervisor.call('GET', '/presence')).body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ user: expect.objectContaining({ id: operator.id }), state: 'pause' }),
      ]),
    )
    screen.socket.terminate()
    await eventually(() => expect(screen.socket.readyState).toBe(screen.socket.CLOSED))
    // Whoever renews in this moment is through with it; then 20 s pass.
    await eventually(() => {
      desk.clock.advance(21_000)
      expect(states().at(-1)).toBe('away')
    })
    expect(screen.messages.filter(({ type }) => type === 'presence')).toEqual([])
  })

  test('is seen by supervisors of the areas; a pause says why', async () => {
    const desk = await startDesk()
    const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
    await admin.call('POST', '/areas', { id: 'wd', parentId: 'root', name: '文登区', level: 'district' })
    const local = await desk.person('supervisor', 'wd')
    const { items } = (await local.call('GET', '/presence')).body
    expect(items.map(({ user }: { user: { id: string } }) => user.id)).toEqual([local.id])
    expect(await operator.call('GET', '/presence')).toMatchObject({ status: 403 })
    expect(await operator.call('PUT', '/presence', { status: 'pause' })).toMatchObject({ status: 400 })
    expect(await operator.call('PUT', '/presence', { status: 'busy' })).toMatchObject({ status: 400 })
    const responder = await desk.person('responder')
    expect(await responder.call('PUT', '/presence', { status: 'ready' })).toMatchObject({ status: 403 })
    expect(await responder.call('GET', '/presence/own')).toMatchObject({ status: 403 })
  })
})

import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startOf } from '../../gateway/feed/greeting.ts'
import { lastSeq } from '../../records/db.ts'
import { eventually } from '../eventually.ts'
import { addEntries, raiseAlarm } from './alarm.ts'
import { follow, startDesk } from './desk.ts'

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('hazard 7: after a reconnect nothing is missing and nothing is there twice, while others write', async () => {
  const desk = await startDesk({ feedLimits: { pageEntries: 7 } })
  const operator = await desk.person('operator')
  const incidentId = await raiseAlarm(desk)
  await addEntries(desk, { incidentId, count: 60 })
  const writers = [1, 2, 3].map(() => addEntries(desk, { incidentId, count: 50 }))
  const followers = await Promise.all(
    [0, 10, 61, 5, 33].map(since => desk.follow(operator, `?since=${since}`)),
  )
  const late = (async () => {
    await eventually(async () => expect(await lastSeq(desk.records.read, 'feed')).toBeGreaterThan(100))
    return desk.follow(operator, '?since=0')
  })()
  await Promise.all(writers)
  const last = await lastSeq(desk.records.db, 'feed')
  expect(last).toBe(211)
  for (const [index, follower] of [...followers, await late].entries()) {
    const since = [0, 10, 61, 5, 33, 0][index] as number
    await follower.until(() => follower.seqs().at(-1) === last)
    expect(follower.seqs()).toEqual(upTo(since + 1, last))
    expect(follower.messages[0]).toMatchObject({ type: 'hello', epoch: desk.records.epoch, oldest: 1 })
  }
})

test('a list and the feed after its seq are the whole story', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const first = await raiseAlarm(desk)
  const { items, seq } = (await operator.call('GET', '/alarms?state=open')).body
  const second = await raiseAlarm(desk)
  const follower = await desk.follow(operator, `?since=${seq}`)
  const third = await raiseAlarm(desk)
  await follower.until(() => follower.seqs().length === 2)
  const fed = follower.messages.flatMap(message => (message.type === 'alarm' ? [message.alarm.id] : []))
  expect([...items.map(({ id }: { id: string }) => id), ...fed]).toEqual([first, second, third])
})

test('records that have lost what was told are followed from where they are, and every list is read anew', async () => {
  const desk = await startDesk({ feedLimits: { sweepMs: 20 } })
  const operator = await desk.person('operator')
  const [kept, lost] = [await raiseAlarm(desk), await raiseAlarm(desk)]
  const follower = await desk.follow(operator, '?since=0')
  await follower.until(() => follower.seqs().length === 2)
  await desk.records.db.transaction().execute(async tx => {
    await tx.deleteFrom('timeline').where('incidentId', '=', lost).execute()
    await tx.deleteFrom('incidents').where('id', '=', lost).execute()
    await tx.updateTable('counters').set({ value: 1 }).where('name', '=', 'feed').execute()
  })
  expect(await follower.closed).toBe(1011)
  expect(follower.messages.at(-1)).toMatchObject({ type: 'reset', seq: 1 })

  const { items, seq } = (await operator.call('GET', '/alarms?state=open')).body
  expect(items).toMatchObject([{ id: kept }])
  const again = await desk.follow(operator, `?since=${seq}`)
  const next = await raiseAlarm(desk)
  await again.until(() => again.seqs().length > 0)
  expect(again.messages.at(-1)).toMatchObject({ type: 'alarm', seq: 2, alarm: { id: next } })
})

test('without since the feed starts now', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  await raiseAlarm(desk)
  const follower = await desk.follow(operator)
  await follower.until(messages => messages.length === 1)
  await raiseAlarm(desk)
  await follower.until(() => follower.seqs().length > 0)
  expect(follower.seqs()).toEqual([2])
})

const BOUNDS = { epoch: 'e1', seq: 50, oldest: 20 }
test.each([
  ['no cursor: from now', {}, { from: 50 }],
  ['the newest place', { since: 50 }, { from: 50 }],
  ['the last place before the oldest that is kept', { since: 19 }, { from: 19 }],
  ['older than what is kept', { since: 18 }, { reset: 'too_old' }],
  ['ahead of this database: it was restored', { since: 51 }, { reset: 'ahead' }],
  ['the same database', { since: 30, epoch: 'e1' }, { from: 30 }],
  ['another database', { since: 30, epoch: 'e0' }, { reset: 'other_epoch' }],
])('where a console goes on: %s', (_reason, cursor, start) => {
  expect(startOf(cursor, BOUNDS)).toEqual(start)
})

test('a cursor of another database gets a reset, and then the feed from now', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  await raiseAlarm(desk)
  const follower = await desk.follow(operator, '?since=0&epoch=epoch_of_another')
  await follower.until(messages => messages.length === 2)
  expect(follower.messages.map(({ type }) => type)).toEqual(['hello', 'reset'])
  await raiseAlarm(desk)
  await follower.until(() => follower.seqs().length > 0)
  expect(follower.seqs()).toEqual([2])
})

test('an account is sent what happens in its areas, live and in a replay', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  for (const id of ['a', 'b'])
    await admin.call('POST', '/areas', { id, parentId: 'root', name: id, level: 'district' })
  const local = await desk.person('operator', 'a')
  await raiseAlarm(desk, { areaId: 'a' })
  await raiseAlarm(desk, { areaId: 'b' })
  const follower = await desk.follow(local, '?since=0')
  await raiseAlarm(desk, { areaId: 'b' })
  await raiseAlarm(desk, { areaId: 'a' })
  await follower.until(() => follower.seqs().length === 2)
  expect(follower.seqs()).toEqual([1, 4])

  await admin.call('PATCH', `/users/${local.id}`, { areaId: 'b' })
  await follower.until(messages => messages.at(-1)?.type === 'reset')
  await raiseAlarm(desk, { areaId: 'a' })
  await raiseAlarm(desk, { areaId: 'b' })
  await follower.until(() => follower.seqs().length === 3)
  expect(follower.seqs()).toEqual([1, 4, 6])
})

test('an elder who moves takes the open alarm along: the new desk has it at once, the old one lets it go', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  for (const id of ['a', 'b'])
    await admin.call('POST', '/areas', { id, parentId: 'root', name: id, level: 'district' })
  const resident = await admin.call('POST', '/residents', { areaId: 'a', name: '张秀英' })
  const residentId = resident.body.id as string
  const [before, after] = [await desk.person('operator', 'a'), await desk.person('operator', 'b')]
  const id = await raiseAlarm(desk, { areaId: 'a', residentId })
  const live = {
    before: await desk.follow(before),
    after: await desk.follow(after),
    both: await desk.follow(await desk.person('operator')),
  }
  await admin.call('PATCH', `/residents/${residentId}`, { areaId: 'b' })

  const entry = { kind: 'moved', by: admin.id, detail: { fromAreaId: 'a', toAreaId: 'b' } }
  const moved = expect.objectContaining({
    type: 'alarm',
    seq: 2,
    entry: expect.objectContaining(entry),
    alarm: expect.objectContaining({ id, areaId: 'b' }),
  })
  const left = { type: 'left', seq: 2, id }
  const replayed = {
    before: await desk.follow(before, '?since=0'),
    after: await desk.follow(after, '?since=0'),
  }
  for (const [follower, message] of [
    [live.before, left],
    [live.after, moved],
    [live.both, moved],
    [replayed.before, left],
    [replayed.after, moved],
  ] as const) {
    await follower.until(messages => messages.at(-1)?.type !== 'hello' && messages.length > 1)
    expect(follower.messages.at(-1)).toEqual(message)
  }
  expect((await after.call('GET', `/alarms/${id}`)).body).toMatchObject({ resident: { id: residentId } })
  expect((await before.call('GET', `/alarms/${id}`)).status).toBe(404)
  // What comes after it is the new desk's alone.
  await addEntries(desk, { incidentId: id, count: 1 })
  await live.after.until(() => live.after.seqs().at(-1) === 3)
  await live.both.until(() => live.both.seqs().at(-1) === 3)
  expect(live.before.messages.at(-1)).toEqual(left)
})

const REFUSED: [reason: string, path: string, headers: Record<string, string>, status: number][] = [
  ['nobody', '/ws/console', {}, 401],
  ['a token that nobody has', '/ws/console', { authorization: 'Bearer nobody' }, 401],
  ['a cursor that is no number', '/ws/console?since=-1', { authorization: 'OPERATOR' }, 400],
  ['another socket', '/ws/else', { authorization: 'OPERATOR' }, 404],
  ['a cookie without an origin', '/ws/console', { cookie: 'OPERATOR' }, 403],
  [
    "a cookie from another site's page",
    '/ws/console',
    { cookie: 'OPERATOR', origin: 'http://evil.example' },
    403,
  ],
]

test('whoever may not follow is told before a socket exists', async () => {
  const desk = await startDesk()
  const { token } = await desk.person('operator')
  const signed = (value: string, name: string) =>
    value.replace('OPERATOR', name === 'cookie' ? `anxin_session=${token}` : `Bearer ${token}`)
  for (const [reason, path, headers, status] of REFUSED) {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, signed(value, name)]),
    )
    expect.soft(await upgradeStatus(`${desk.url}${path}`, sent), reason).toEqual({
      status,
      type: 'application/problem+json',
    })
  }
})

function upgradeStatus(url: string, headers: Record<string, string>) {
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { ...handshake, ...headers } })
    sent.on('response', answer => {
      answer.resume()
      resolve({ status: answer.statusCode, type: answer.headers['content-type'] })
    })
    sent.on('upgrade', (_answer, socket) => {
      socket.destroy()
      resolve({ status: 101 })
    })
    sent.on('error', reject)
    sent.end()
  })
}

test("the browser's cookie opens the feed from the own page; a token is answered with its protocol", async () => {
  const desk = await startDesk()
  const { token } = await desk.person('operator')
  const url = `${desk.url.replace('http', 'ws')}/ws/console`
  const page = await follow(url, undefined, {
    origin: desk.url,
    headers: { cookie: `anxin_session=${token}` },
  })
  expect(page.socket.protocol).toBe('')
  expect((await follow(url, token)).socket.protocol).toBe('token')
})

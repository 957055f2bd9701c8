import { request } from 'node:http'
import { expect, test, vi } from 'vitest'
import { startOf } from '../../gateway/feed/greeting.ts'
import { lastSeq } from '../../records/db.ts'
import { addEntries, call, follow, raiseAlarm, startDesk } from './desk.ts'

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
    await vi.waitFor(async () => expect(await lastSeq(desk.records.read, 'feed')).toBeGreaterThan(100))
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

test('what a person displayed goes on the timeline, and only what they were sent', async () => {
  const desk = await startDesk({ feedLimits: { seenMs: 5 } })
  const operator = await desk.person('operator')
  const incidentId = await raiseAlarm(desk)
  const follower = await desk.follow(operator, '?since=0')
  await follower.until(() => follower.seqs().length === 1)
  follower.send('not JSON')
  follower.send({ type: 'pong' })
  follower.send({ type: 'seen', seq: 999_999 })
  await follower.until(messages => messages.some(m => m.type === 'alarm' && m.entry.kind === 'seen'))
  const { timeline } = (await operator.call('GET', `/alarms/${incidentId}`)).body
  expect(timeline[1]).toMatchObject({ kind: 'seen', by: operator.id, detail: { seq: 1 } })

  // That somebody has seen it is fed as well; confirming that asks for no further note.
  follower.send({ type: 'seen', seq: 2 })
  const next = await raiseAlarm(desk)
  await follower.until(() => follower.seqs().at(-1) === 3)
  desk.clock.advance(1_500)
  follower.send({ type: 'seen', seq: 3 })
  await follower.until(() => follower.seqs().at(-1) === 4)
  expect((await operator.call('GET', `/alarms/${next}`)).body.timeline).toHaveLength(2)
  expect((await operator.call('GET', `/alarms/${incidentId}`)).body.timeline).toHaveLength(2)
  expect(await desk.metric(/^anxin_seen_seconds_sum (.+)$/m)).toBe(1.5)
})

test('the way from a row to a socket is timed, and consoles are counted', async () => {
  const desk = await startDesk()
  const follower = await desk.follow(await desk.person('operator'))
  await follower.until(messages => messages.length === 1)
  expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(1)
  await raiseAlarm(desk)
  await follower.until(() => follower.seqs().length === 1)
  expect(await desk.metric(/^anxin_feed_seconds_count (\d+)$/m)).toBe(1)
  follower.socket.close()
  await vi.waitFor(async () => expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(0))
})

test('a console that does not read is cut off, the others go on, and it replays when it is back', async () => {
  const desk = await startDesk({ feedLimits: { unsentMaxBytes: 2 ** 20, pageEntries: 1 } })
  const operator = await desk.person('operator')
  const incidentId = await raiseAlarm(desk)
  const [slow, quick] = [await desk.follow(operator, '?since=0'), await desk.follow(operator, '?since=0')]
  await slow.until(() => slow.seqs().length === 1)
  slow.socket.pause()
  const count = 60
  await addEntries(desk, { incidentId, count, detail: { text: 'x'.repeat(200_000) } })
  await quick.until(() => quick.seqs().length === count + 1)
  slow.socket.resume()
  expect(await slow.closed).toBe(4408)
  const got = slow.seqs().at(-1) as number
  expect(got).toBeLessThan(count)
  expect(slow.seqs()).toEqual(upTo(1, got))
  const back = await desk.follow(operator, `?since=${got}`)
  await back.until(() => back.seqs().at(-1) === count + 1)
  expect(back.seqs()).toEqual(upTo(got + 1, count + 1))
})

test('a message beyond the bound closes its socket', async () => {
  const desk = await startDesk()
  const follower = await desk.follow(await desk.person('operator'))
  follower.send('x'.repeat(5_000))
  expect(await follower.closed).toBe(1009)
})

test('signing out, an archived account and a role without the feed each end the sockets', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const [leaves, archived, demoted] = [
    await desk.person('operator'),
    await desk.person('operator'),
    await desk.person('operator'),
  ]
  const [a, b, c] = [await desk.follow(leaves), await desk.follow(archived), await desk.follow(demoted)]
  expect((await leaves.call('DELETE', '/session')).status).toBe(204)
  expect(await a.closed).toBe(4401)
  await admin.call('DELETE', `/users/${archived.id}`)
  expect(await b.closed).toBe(4401)
  await admin.call('PATCH', `/users/${demoted.id}`, { role: 'auditor' })
  expect(await c.closed).toBe(4403)
})

test('a session runs on while its console is connected; one that has ended meanwhile is closed', async () => {
  const desk = await startDesk({ feedLimits: { sessionsMs: 10 } })
  const operator = await desk.person('operator')
  const follower = await desk.follow(operator)
  const expiresAt = async () =>
    (await desk.records.read.selectFrom('sessions').select('expiresAt').executeTakeFirstOrThrow()).expiresAt
  const before = await expiresAt()
  desk.clock.advance(11 * 3_600_000)
  await vi.waitFor(async () => expect(await expiresAt()).toBe(before + 11 * 3_600_000))
  desk.clock.advance(12 * 3_600_000)
  expect(await follower.closed).toBe(4401)
})

test("an owner's alarm stays theirs while they are connected", async () => {
  const desk = await startDesk({ feedLimits: { presenceMs: 10 } })
  const operator = await desk.person('operator')
  const id = await raiseAlarm(desk)
  await operator.call('POST', `/alarms/${id}/accept`)
  await desk.follow(operator)
  const lease = async () =>
    (await desk.records.read.selectFrom('incidents').select('leaseUntil').executeTakeFirstOrThrow())
      .leaseUntil
  desk.clock.advance(15_000)
  await vi.waitFor(async () => expect(await lease()).toBeGreaterThan(desk.clock.now() + 15_000))
})

test('a console that answers no heartbeat is gone after two of them; one that does stays', async () => {
  const desk = await startDesk({ feedLimits: { heartbeatMs: 30 } })
  const operator = await desk.person('operator')
  const [silent, alive] = [await desk.follow(operator), await desk.follow(operator)]
  silent.socket.pause()
  await alive.until(messages => messages.filter(({ type }) => type === 'ping').length > 6)
  await vi.waitFor(async () => expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(1))
  expect(alive.socket.readyState).toBe(alive.socket.OPEN)
})

test('a nudge that is lost costs a sweep, not an alarm', async () => {
  const desk = await startDesk({ feedLimits: { sweepMs: 20 } })
  const follower = await desk.follow(await desk.person('operator'))
  desk.records.nudge.publish = () => undefined
  await raiseAlarm(desk)
  await follower.until(() => follower.seqs().length === 1)
})

test('what is wrong with the hub is told when it changes, and to whoever comes later', async () => {
  let full = false
  const disk = { name: 'disk', check: async () => ({ ok: !full, detail: full ? '3 MiB free' : 'plenty' }) }
  const desk = await startDesk({ checks: [disk] })
  const operator = await desk.person('operator')
  const early = await desk.follow(operator)
  await early.until(messages => messages.length === 1)
  full = true
  await desk.readiness.report()
  const late = await desk.follow(operator)
  const told = { type: 'health', problems: [{ name: 'disk', detail: '3 MiB free' }] }
  for (const follower of [early, late]) {
    await follower.until(messages => messages.length === 2)
    expect(follower.messages[1]).toEqual(told)
  }
  full = false
  await desk.readiness.report()
  await late.until(messages => messages.length === 3)
  expect(late.messages[2]).toEqual({ type: 'health', problems: [] })
})

test('when the hub stops, consoles are told to come back', async () => {
  const desk = await startDesk()
  const follower = await desk.follow(await desk.person('operator'))
  await desk.gateway.stop()
  expect(await follower.closed).toBe(1001)
  await expect(call(desk.url, { path: '/session' })).rejects.toThrow()
})

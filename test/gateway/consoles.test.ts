import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { addEntries, raiseAlarm } from './alarm.ts'
import { call, startDesk } from './desk.ts'

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

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

test('what a list showed is displayed as well: the alarm of last night was seen by whoever came in the morning', async () => {
  const desk = await startDesk({ feedLimits: { seenMs: 5 } })
  const operator = await desk.person('operator')
  const incidentId = await raiseAlarm(desk)
  const { seq } = (await operator.call('GET', '/alarms?state=open')).body
  const follower = await desk.follow(operator, `?since=${seq}`)
  follower.send({ type: 'seen', seq })
  await follower.until(() => follower.seqs().length === 1)
  const { timeline } = (await operator.call('GET', `/alarms/${incidentId}`)).body
  expect(timeline[1]).toMatchObject({ kind: 'seen', by: operator.id, detail: { seq } })
})

test('of alarms that no row was drawn for, nobody says that they were seen', async () => {
  const desk = await startDesk({ feedLimits: { seenMs: 5 } })
  const operator = await desk.person('operator')
  const [drawn, below] = [await raiseAlarm(desk), await raiseAlarm(desk)]
  const follower = await desk.follow(operator, '?since=0')
  await follower.until(() => follower.seqs().length === 2)
  const kindsOf = async (id: string) =>
    (await operator.call('GET', `/alarms/${id}`)).body.timeline.map(({ kind }: { kind: string }) => kind)

  follower.send({ type: 'seen', seq: 2, alarms: [drawn] })
  await follower.until(() => follower.seqs().length === 3)
  expect(await kindsOf(drawn)).toEqual(['finding', 'seen'])
  expect(await kindsOf(below)).toEqual(['finding'])

  // Whoever scrolls down has it on the screen as well, though nothing new has come.
  follower.send({ type: 'seen', seq: 2, alarms: [below] })
  await follower.until(() => follower.seqs().length === 4)
  expect(await kindsOf(below)).toEqual(['finding', 'seen'])
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
  await eventually(async () => expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(0))
})

test('a console that does not read is cut off, the others go on, and it replays when it is back', async () => {
  const desk = await startDesk({ feedLimits: { unsentMaxBytes: 2 ** 20, pageEntries: 1 } })
  const operator = await desk.person('operator')
  const incidentId = await raiseAlarm(desk)
  // Live from the start: one that is still brought up to date is waited for, not cut off.
  const [slow, quick] = [await desk.follow(operator), await desk.follow(operator)]
  slow.socket.pause()
  const count = 60
  await addEntries(desk, { incidentId, count, detail: { text: 'x'.repeat(200_000) } })
  await quick.until(() => quick.seqs().at(-1) === count + 1)
  slow.socket.resume()
  expect(await slow.closed).toBe(4408)
  const got = slow.seqs().at(-1) as number
  expect(got).toBeLessThan(count)
  expect(slow.seqs()).toEqual(upTo(2, got))
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

test('a session has a bounded number of consoles; another one is not touched by that', async () => {
  const desk = await startDesk({ feedLimits: { socketsPerSession: 2 } })
  const [operator, other] = [await desk.person('operator'), await desk.person('operator')]
  const first = await desk.follow(operator)
  await desk.follow(operator)
  const third = await desk.follow(operator)
  expect(await third.closed).toBe(4429)
  expect(third.messages).toEqual([])
  const apart = await desk.follow(other)
  await apart.until(messages => messages[0]?.type === 'hello')
  expect(await desk.metric(/^anxin_refused_total\{reason="too_many_consoles"\} (\d+)$/m)).toBe(1)

  first.socket.close()
  await first.closed
  await eventually(async () => expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(2))
  const again = await desk.follow(operator)
  await again.until(messages => messages[0]?.type === 'hello')
})

test('signing out, an archived account and another role each end the sockets', async () => {
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
  expect(await c.closed).toBe(4401) // whoever has another role signs in anew
})

test('a session runs on while its console is connected; one that has ended meanwhile is closed', async () => {
  const desk = await startDesk({ feedLimits: { sessionsMs: 10 } })
  const operator = await desk.person('operator')
  const follower = await desk.follow(operator)
  const expiresAt = async () =>
    (await desk.records.read.selectFrom('sessions').select('expiresAt').executeTakeFirstOrThrow()).expiresAt
  const before = await expiresAt()
  desk.clock.advance(11 * 3_600_000)
  await eventually(async () => expect(await expiresAt()).toBe(before + 11 * 3_600_000))
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
  await eventually(async () => expect(await lease()).toBeGreaterThan(desk.clock.now() + 15_000))
})

test('what a program has received was seen by nobody', async () => {
  const desk = await startDesk({ feedLimits: { seenMs: 10 } })
  const [program, operator] = [await desk.person('integration'), await desk.person('operator')]
  const [system, screen] = [await desk.follow(program, '?since=0'), await desk.follow(operator, '?since=0')]
  const id = await raiseAlarm(desk)
  await system.until(() => system.seqs().length === 1)
  await screen.until(() => screen.seqs().length === 1)
  const [seq] = screen.seqs()
  system.send({ type: 'seen', seq })
  screen.send({ type: 'seen', seq })
  await screen.until(() => screen.seqs().length === 2)
  const { timeline } = (await operator.call('GET', `/alarms/${id}`)).body
  expect(timeline.map(({ kind, by }: { kind: string; by?: string }) => [kind, by])).toEqual([
    ['finding', undefined],
    ['seen', operator.id],
  ])
})

test('what somebody owns is not kept by a browser that does not answer, though its socket is open still', async () => {
  const desk = await startDesk({ feedLimits: { heartbeatMs: 500, presenceMs: 10 } })
  const [gone, there] = [await desk.person('operator'), await desk.person('operator')]
  const [silent, alive] = [await desk.follow(gone), await desk.follow(there)]
  const [lost, kept] = [await raiseAlarm(desk), await raiseAlarm(desk)]
  await gone.call('POST', `/alarms/${lost}/accept`)
  await there.call('POST', `/alarms/${kept}/accept`)
  const leaseOf = async (id: string) =>
    Number(
      (await desk.records.db.selectFrom('incidents').selectAll().where('id', '=', id).execute())[0]
        ?.leaseUntil,
    )
  silent.socket.pause()
  const pings = () => alive.messages.filter(({ type }) => type === 'ping').length
  const before = pings()
  await alive.until(() => pings() > before)
  const until = await leaseOf(lost)
  desk.clock.advance(15_000)
  await eventually(async () => expect(await leaseOf(kept)).toBeGreaterThan(desk.clock.now() + 15_000))
  expect(await leaseOf(lost)).toBe(until)
  expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(2)
})

test('a console that answers no heartbeat is gone after two of them; one that does stays', async () => {
  const desk = await startDesk({ feedLimits: { heartbeatMs: 150 } })
  const operator = await desk.person('operator')
  const [silent, alive] = [await desk.follow(operator), await desk.follow(operator)]
  silent.socket.pause()
  await alive.until(messages => messages.filter(({ type }) => type === 'ping').length > 6)
  await eventually(async () => expect(await desk.metric(/^anxin_consoles (\d+)$/m)).toBe(1))
  expect(alive.socket.readyState).toBe(alive.socket.OPEN)
})

test('a nudge that is lost costs a sweep, not an alarm', async () => {
  const desk = await startDesk({ feedLimits: { sweepMs: 20 } })
  const follower = await desk.follow(await desk.person('operator'))
  await follower.until(messages => messages.length === 1)
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

// While the records are away, or nobody writes them: emergencies reach the screens all the same, screens keep their
// connection, and when all is well again nothing is left over.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import type { FeedConsole } from '../../gateway/feed/console.ts'
import type { FeedItem } from '../../gateway/feed/item.ts'
import { isFor, startUnrecorded } from '../../gateway/feed/unrecorded.ts'
import { createWaiting, LATE_AFTER_MS, TOLD_TO_NEWCOMERS, WAITING_MAX } from '../../gateway/feed/waiting.ts'
import { CONFIRMED_WITHIN_MS, createSessionMemory } from '../../gateway/session-memory.ts'
import { startMetrics } from '../../metrics.ts'
import { HubError } from '../../model/error.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { Finding } from '../../model/finding.ts'
import type { Clock } from '../../model/time.ts'
import type { Role } from '../../model/user.ts'
import { finding } from '../alerts/desk.ts'
import { type OutLog, openOutLog, PARTITIONS } from '../alerts/out-log.ts'
import { eventually } from '../eventually.ts'
import { type Follower, startDesk, type TestDesk, testClock, testLog } from './desk.ts'

const LIMITS = { feedLimits: { sweepMs: 50, presenceMs: 50, sessionsMs: 50 } }

/** A gateway that reads the logs of workers; nobody applies what they find unless the test does. */
async function startWithLog(): Promise<TestDesk & { out: OutLog }> {
  let out: OutLog | undefined
  async function findings(clock: Clock) {
    const dataDir = await mkdtemp(join(tmpdir(), 'anxin-unrecorded-'))
    const opened = await openOutLog({ dataDir, clock })
    out = opened
    onTestFinished(async () => {
      await opened.close()
      await rm(dataDir, { recursive: true })
    })
    return { stream: opened.stream, partitions: PARTITIONS }
  }
  const desk = await startDesk({ ...LIMITS, findings })
  if (!out) throw new Error('the log was not opened')
  return { ...desk, out }
}

/** What `alerts` does when it is there. */
async function record({ records, clock }: TestDesk, ...given: Finding[]): Promise<void> {
  await records.db.transaction().execute(tx => applyFindings(tx, given, clock.now()))
  records.nudge.publish('feed')
}

const sos = ({ clock }: TestDesk, rest: Partial<Finding> = {}): Finding =>
  finding({ receivedAt: clock.now(), ...rest })

/** As it comes from the log, whose place gives the id of what would stand in for it. */
const followed = (one: Finding) => ({ finding: one, standInId: `unreadable-0-urgent-9-${one.id}` })

const toldTo = ({ messages }: Follower): string[] =>
  messages.flatMap(message => (message.type === 'unrecorded' ? [message.finding.id] : []))
const takenBack = ({ messages }: Follower): string[] =>
  messages.flatMap(message => (message.type === 'recorded' ? [message.findingId] : []))

test('an SOS that cannot be recorded is told, and taken back after its alarm has come', async () => {
  const desk = await startWithLog()
  const operator = await desk.follow(await desk.person('operator'))
  await operator.until(messages => messages.length === 1)
  desk.outage.isOn = true
  const [one, minor] = [sos(desk), sos(desk, { kind: 'removed', severity: 'notice' })]
  await desk.out.say(1, 'urgent', one, minor)
  await operator.until(() => toldTo(operator).length > 0)
  expect(operator.messages.find(({ type }) => type === 'unrecorded')).toEqual({
    type: 'unrecorded',
    finding: one,
  })
  expect((await desk.readiness.report()).checks).toContainEqual({
    name: 'alerts',
    ok: false,
    reason: 'not_recorded',
    detail: expect.stringMatching(/^1 findings are not recorded, the oldest for \d+ s$/),
  })

  expect(await desk.metric(/^anxin_unrecorded_total\{severity="critical"\} (\d+)$/m)).toBe(1)

  desk.outage.isOn = false
  await record(desk, one, minor)
  await operator.until(() => takenBack(operator).length > 0)
  const types = operator.messages.map(({ type }) => type)
  expect(types.indexOf('alarm')).toBeLessThan(types.indexOf('recorded'))
  expect([toldTo(operator), takenBack(operator)]).toEqual([[one.id], [one.id]])
  expect((await desk.readiness.report()).ready).toBe(true)
})

test('what is recorded in time is told as an alarm and nothing else', async () => {
  const desk = await startWithLog()
  const operator = await desk.follow(await desk.person('operator'))
  const first = sos(desk)
  await desk.out.say(0, 'urgent', first)
  await record(desk, first)
  // One that is told shows that those before it were looked at.
  const last = sos(desk)
  await desk.out.say(0, 'urgent', last)
  await operator.until(() => toldTo(operator).length > 0)
  expect(toldTo(operator)).toEqual([last.id])
})

test('of a desk that only does not write, each account hears of its own areas', async () => {
  const desk = await startWithLog()
  const admin = await desk.person('admin')
  for (const id of ['a', 'b'])
    await admin.call('POST', '/areas', { id, parentId: 'root', name: id, level: 'district' })
  const { body } = await admin.call('POST', '/residents', { areaId: 'a', name: '张秀英' })
  await admin.call('POST', '/devices', {
    id: 'b-li',
    kind: 'bracelet',
    protocol: 'mqtt',
    residentId: body.id,
  })
  const here = await desk.follow(await desk.person('operator', 'a'))
  const there = await desk.follow(await desk.person('operator', 'b'))
  const above = await desk.follow(admin)
  const machine = await desk.follow(await desk.person('integration'))
  const [known, stranger] = [sos(desk), sos(desk, { deviceId: 'nobody-knows-it' })]
  await desk.out.say(0, 'urgent', known, stranger)
  await above.until(() => toldTo(above).length === 2)
  await here.until(() => toldTo(here).length === 1)
  expect([toldTo(here), toldTo(there), toldTo(machine)]).toEqual([[known.id], [], []])

  // Without the registry nobody knows whose it is: every desk is told.
  desk.outage.isOn = true
  const third = sos(desk)
  await desk.out.say(2, 'urgent', third)
  await there.until(() => toldTo(there).length === 1)
  expect(toldTo(there)).toEqual([third.id])
  desk.outage.isOn = false
  await record(desk, known, stranger, third)
  await there.until(() => takenBack(there).includes(third.id))
  expect(there.seqs()).toEqual([])
})

test('a console that comes back while the records are away is let in, told, and brought up to date afterwards', async () => {
  const desk = await startWithLog()
  const person = await desk.person('operator')
  const before = await desk.follow(person, '?since=0')
  await before.until(messages => messages.length === 1)
  desk.outage.isOn = true
  const one = sos(desk)
  await desk.out.say(3, 'urgent', one)
  await before.until(() => toldTo(before).length > 0)
  before.socket.close()

  const back = await desk.follow(person, '?since=0')
  await back.until(() => toldTo(back).length === 1)
  expect(back.messages[0]).toMatchObject({ type: 'hello', epoch: desk.records.epoch })
  expect((await person.call('GET', '/session')).status).toBe(200)
  expect((await person.call('GET', '/alarms')).status).toBe(503)
  // Whoever was never here is not: nobody can say who they are.
  const stranger = await desk.person('operator')
  await expect(desk.follow(stranger)).rejects.toThrow('503')

  desk.outage.isOn = false
  await record(desk, one)
  await back.until(() => takenBack(back).length > 0 && back.seqs().length > 0)
  expect(back.seqs()).toEqual([1])
})

test('whoever signs out, or is signed out, is not remembered', async () => {
  const desk = await startWithLog()
  const [leaves, stays] = [await desk.person('operator'), await desk.person('operator')]
  await stays.call('GET', '/session')
  await leaves.call('DELETE', '/session')
  await desk.records.db.deleteFrom('sessions').where('userId', '=', stays.id).execute()
  expect((await stays.call('GET', '/session')).status).toBe(401)
  desk.outage.isOn = true
  for (const { call } of [leaves, stays]) expect((await call('GET', '/session')).status).not.toBe(200)
})

test('sockets stay open through an outage, and its failures are said once', async () => {
  const desk = await startWithLog()
  const follower = await desk.follow(await desk.person('operator'))
  await follower.until(messages => messages.length === 1)
  desk.outage.isOn = true
  const said = (what: string) => desk.logged.filter(({ message }) => message.includes(what)).length
  await eventually(() => expect(said('presence could not be kept')).toBe(3)) // leases, sessions, who is there
  await eventually(() => expect(desk.outage.refused).toBeGreaterThan(20))
  expect([said('presence could not be kept'), said('the feed cannot be read')]).toEqual([3, 1])
  expect(follower.socket.readyState).toBe(follower.socket.OPEN)
})

const person = (role: Role, path: string) => ({ user: { role }, scope: { path } })
test.each([
  ['an operator of the area', person('operator', '/root/a/'), '/root/a/1/', true],
  ['an operator of another area', person('operator', '/root/b/'), '/root/a/1/', false],
  ['an operator of another area, when nobody knows where', person('operator', '/root/b/'), null, true],
  ['a supervisor', person('supervisor', '/root/'), '/root/a/', true],
  ['an administrator', person('admin', '/root/'), null, true],
  ['a program, which waits for the alarm', person('integration', '/root/'), null, false],
] as const)('%s is told: %s', (_who, console, areaPath, told) => {
  expect(isFor(console, areaPath)).toBe(told)
})

test('what is recorded while the records are asked is told to nobody: nothing would take it back', async () => {
  const [gone, waits] = [finding({ receivedAt: 0 }), finding({ receivedAt: 1 })]
  const entry = { lane: 'urgent', position: '1', data: Buffer.from(JSON.stringify([gone, waits])) } as const
  const entries = [[entry]]
  const stream = { read: async () => entries.pop() ?? pause(50, []) }
  const sent: FeedMessage[] = []
  const screen = { session: person('admin', '/root/'), send: (said: FeedMessage) => void sent.push(said) }
  const unrecorded = startUnrecorded({
    source: { stream, partitions: 1 },
    consoles: new Set([screen as unknown as FeedConsole]),
    records: {
      get read(): never {
        unrecorded.handedOut([{ findingId: gone.id } as FeedItem])
        throw new HubError('UNAVAILABLE', 'the answer does not come')
      },
    },
    clock: testClock(),
    log: testLog(),
    metrics: startMetrics().metrics,
  })
  onTestFinished(() => unrecorded.stop())
  await eventually(() => expect(sent).toEqual([{ type: 'unrecorded', finding: waits }]))
})

test('a session is remembered until it runs out, and only if it was here shortly before the records went away', () => {
  const memory = createSessionMemory()
  const expiresAt = 10 * CONFIRMED_WITHIN_MS
  const named = (tokenHash: string) => ({ tokenHash, expiresAt }) as Parameters<typeof memory.remember>[0]
  const session = named('t')
  memory.remember(session, 0)
  expect(memory.recall('t', expiresAt - 1)).toBe(session)
  expect(memory.recall('t', expiresAt)).toBeUndefined()
  memory.remember(named('other'), CONFIRMED_WITHIN_MS)
  expect(memory.recall('t', CONFIRMED_WITHIN_MS)).toBe(session)
  memory.remember(named('other'), CONFIRMED_WITHIN_MS + 1)
  expect(memory.recall('t', CONFIRMED_WITHIN_MS + 1)).toBeUndefined()
  memory.remember(session, CONFIRMED_WITHIN_MS + 2)
  expect(memory.recall('t', CONFIRMED_WITHIN_MS + 2)).toBe(session)
  memory.forget('t')
  expect(memory.recall('t', 0)).toBeUndefined()
})

test('findings that wait: the gravest first, each once, and never more than can be held', () => {
  const waiting = createWaiting()
  const high = followed(finding({ receivedAt: 0, kind: 'fall', severity: 'high' }))
  const grave = followed(finding({ receivedAt: 5 }))
  expect([high, grave, high].map(one => waiting.take(one, 0))).toEqual(['taken', 'taken', 'passed_over'])
  expect(waiting.late(LATE_AFTER_MS - 1, 10)).toEqual([])
  expect(waiting.late(LATE_AFTER_MS, 10)).toMatchObject([grave, high])
  const tell = (one: typeof high) => waiting.told({ ...one, areaPath: null })
  expect([high, grave].map(tell)).toEqual([true, true])
  expect(waiting.late(LATE_AFTER_MS, 10)).toEqual([])
  expect(waiting.toTell().map(told => told.finding)).toEqual([grave.finding, high.finding])
  // The database refuses it: something stands in for it on the timeline.
  expect(waiting.recorded(high.standInId)).toBe(high.finding.id)
  expect(waiting.recorded(grave.finding.id)).toBe(grave.finding.id)
  expect([high, grave].map(one => waiting.take(one, 0))).toEqual(['passed_over', 'passed_over'])
  expect(tell(grave)).toBe(false)
  const many = Array.from({ length: WAITING_MAX + 1 }, (_, n) => followed(finding({ receivedAt: n })))
  expect(new Set(many.map(one => waiting.take(one, 0)))).toEqual(new Set(['taken', 'full']))
  for (const one of many) tell(one)
  expect(waiting.toTell()).toHaveLength(TOLD_TO_NEWCOMERS)
  expect(waiting.standing()).toEqual({ told: WAITING_MAX, oldestSinceMs: 0 })
})

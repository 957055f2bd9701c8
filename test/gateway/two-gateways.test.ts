// Two gateways over one database, each with connections of its own, as two processes would have them: one desk.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAlarmDesk } from '../../alerts/desk.ts'
import { sweepOnce } from '../../alerts/sweep.ts'
import { startGateway } from '../../gateway/http.ts'
import { startReadiness } from '../../gateway/readiness.ts'
import { startMetrics } from '../../metrics.ts'
import { ROOT_AREA_ID } from '../../model/area.ts'
import { newSecret } from '../../model/id.ts'
import type { Records } from '../../records/db.ts'
import { getAlarm } from '../../records/incidents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { startSession } from '../../records/sessions.ts'
import { createUser } from '../../records/users.ts'
import { eventually } from '../eventually.ts'
import { newPlace } from '../records/started.ts'
import { raiseAlarm } from './alarm.ts'
import { call, follow, type TestClock, testClock, testLog } from './desk.ts'

const SECOND = 1_000
const SOON = { interval: 10 }
const FEED_LIMITS = { sweepMs: 20, presenceMs: 20, sessionsMs: 20 }

async function startBoth() {
  const clock = testClock()
  const place = await newPlace(clock)
  onTestFinished(place.remove)
  const [a, b] = [await start(await place.open(), clock), await start(await place.open(), clock)]
  const { records } = a
  let people = 0
  return {
    a,
    b,
    clock,
    records,
    async operator() {
      const name = `operator-${++people}`
      const user = { username: name, name, role: 'operator', areaId: ROOT_AREA_ID, passwordHash: '' } as const
      const { id } = await createUser(records, { scope: WHOLE_HUB, user, at: clock.now() })
      const token = newSecret()
      await startSession(records.db, { token, userId: id, at: clock.now() })
      return { id, token }
    },
    alarm: async (id: string) => getAlarm(records.db, { scope: WHOLE_HUB, id }),
    sweep: () => sweepOnce({ records, clock, metrics: startMetrics().metrics }),
  }
}

async function start(records: Records, clock: TestClock) {
  const { metrics, registry } = startMetrics()
  const log = testLog()
  const readiness = startReadiness({ checks: [], log, everyMs: 60_000 })
  const gateway = await startGateway({
    records,
    clock,
    log,
    metrics,
    registry,
    readiness,
    alarms: openAlarmDesk({ records, clock }),
    config: { port: 0, host: '127.0.0.1', consoleDir: join(tmpdir(), 'anxin-no-console') },
    feedLimits: FEED_LIMITS,
  })
  let isOver = false
  const stop = async (): Promise<void> => {
    if (isOver) return
    isOver = true
    readiness.stop()
    await gateway.stop()
  }
  onTestFinished(stop)
  const { url } = gateway.address
  return {
    records,
    stop,
    accept: (token: string, id: string) =>
      call(url, { method: 'POST', path: `/alarms/${id}/accept`, body: {}, token }),
    signOut: (token: string) => call(url, { method: 'DELETE', path: '/session', token }),
    follow: (token: string, query = '') => follow(`${url.replace('http', 'ws')}/ws/console${query}`, token),
  }
}

test('of those who accept at both at once exactly one wins, and the others are told who', async () => {
  const { a, b, operator, ...desk } = await startBoth()
  const people = [await operator(), await operator(), await operator(), await operator()]
  const id = await raiseAlarm(desk)
  const answers = await Promise.all(
    people.map(({ token }, index) => (index % 2 === 0 ? a : b).accept(token, id)),
  )
  const [won, ...others] = answers.toSorted((one, other) => one.status - other.status)
  expect(won?.status).toBe(200)
  const owner = won?.body.owner
  expect((await desk.alarm(id))?.owner).toEqual(owner)
  for (const { status, body } of others)
    expect({ status, code: body.code, owner: body.owner }).toEqual({
      status: 409,
      code: 'ALARM_TAKEN',
      owner,
    })
})

test('what happens at one is on the screens of the other, in the same order', async () => {
  const { a, b, operator, ...desk } = await startBoth()
  const [here, there] = [await operator(), await operator()]
  const followers = [await a.follow(here.token, '?since=0'), await b.follow(there.token, '?since=0')]
  const first = await raiseAlarm(desk)
  await a.accept(here.token, first)
  const second = await raiseAlarm(desk)
  await b.accept(there.token, second)
  for (const follower of followers) {
    await follower.until(() => follower.seqs().length === 4)
    expect(follower.seqs()).toEqual([1, 2, 3, 4])
  }
})

test('an operator whose gateway is gone keeps what is theirs at another one, if they come within 20 s', async () => {
  const { a, b, clock, operator, alarm, sweep, ...desk } = await startBoth()
  const anna = await operator()
  await a.follow(anna.token)
  const id = await raiseAlarm({ ...desk, clock })
  await a.accept(anna.token, id)
  await a.stop()
  clock.advance(19 * SECOND)
  await sweep()
  const back = await b.follow(anna.token)
  const leaseUntil = async (): Promise<number> => {
    const rows = desk.records.db.selectFrom('incidents').select('leaseUntil').where('id', '=', id)
    return Number((await rows.executeTakeFirstOrThrow()).leaseUntil)
  }
  await eventually(async () => expect(await leaseUntil()).toBe(clock.now() + 20 * SECOND), SOON)
  clock.advance(10 * SECOND)
  await sweep()
  expect((await alarm(id))?.owner?.id).toBe(anna.id)

  // Gone for good: nobody's, at the top of the queue.
  back.socket.terminate()
  await b.stop()
  clock.advance(20 * SECOND)
  await sweep()
  expect(await alarm(id)).toMatchObject({ state: 'raised' })
  expect((await alarm(id))?.owner).toBeUndefined()
})

test('each keeps what belongs to those who are connected to it', async () => {
  const { a, b, clock, operator, alarm, sweep, ...desk } = await startBoth()
  const [anna, bert] = [await operator(), await operator()]
  await a.follow(anna.token)
  const away = await b.follow(bert.token)
  const [hers, his] = [await raiseAlarm({ ...desk, clock }), await raiseAlarm({ ...desk, clock })]
  await a.accept(anna.token, hers)
  await b.accept(bert.token, his)
  away.socket.terminate()
  await b.stop()
  const held = async (): Promise<number> => {
    const rows = desk.records.db
      .selectFrom('incidents')
      .select('id')
      .where('leaseUntil', '>', clock.now() + 19_000)
    return (await rows.execute()).length
  }
  for (let passed = 0; passed < 20; passed += 5) {
    clock.advance(5 * SECOND)
    await eventually(async () => expect(await held()).toBe(1), SOON)
    await sweep()
  }
  expect((await alarm(hers))?.owner?.id).toBe(anna.id)
  expect((await alarm(his))?.owner).toBeUndefined()
})

test('whoever signs out at one is signed out at the other', async () => {
  const { a, b, operator } = await startBoth()
  const { token } = await operator()
  const follower = await b.follow(token)
  await a.signOut(token)
  expect(await follower.closed).toBe(4401)
})

// An area falls silent: one alarm, in which every elder is listed, and which hides nothing. On both engines.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startIntake } from '../../alerts/intake.ts'
import { OUTAGE_DEVICES } from '../../alerts/outage.ts'
import { startLog } from '../../log.ts'
import { eventually } from '../eventually.ts'
import { heard, membersOf, openNoticesOf, outageOf, settleIn as settle, silence } from './area.ts'
import { type Desk, finding, HOUR, MINUTE, NOON, openDesk, SECOND } from './desk.ts'
import { openOutLog, PARTITIONS } from './out-log.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const settleIn = (areaId: string, count: number) => settle(desk, areaId, count)
const outage = () => outageOf(desk)
const openNotices = () => openNoticesOf(desk)

describe('an area that falls silent', () => {
  test('is one alarm, high, with every elder on its list, and nobody in the technical list', async () => {
    const ids = await settleIn('wh-1', 30)
    for (const id of ids) {
      desk.wait(SECOND)
      await desk.take(silence(id))
    }
    const alarm = await desk.alarm('emergency')
    expect(alarm).toMatchObject({
      kind: 'area_outage',
      severity: 'high',
      state: 'raised',
      subject: { type: 'area', id: 'wh-1', name: 'wh-1' },
      areaId: 'wh-1',
    })
    const timeline = await desk.timeline(alarm.id)
    expect(timeline[0]?.detail).toMatchObject({ kind: 'area_outage', evidence: { devices: OUTAGE_DEVICES } })
    expect(membersOf(timeline).sort()).toEqual(ids)
    expect(timeline.at(-1)?.detail.member).toEqual({
      type: 'resident',
      id: 'r-wh-1-029',
      name: '老人wh-1-029',
    })
    expect(await openNotices()).toEqual([])
  })

  test('is one alarm also when all are told in one batch', async () => {
    const ids = await settleIn('wh-1', 100)
    const reasons = await desk.take(...ids.map(id => silence(id)))
    expect(new Set(reasons)).toEqual(new Set(['joined']))
    await desk.sweep()
    expect(membersOf(await desk.timeline((await outage()).id))).toHaveLength(100)
    expect(await desk.alarms('technical')).toEqual([])
  })

  test('is told to the supervisor and everybody else when nobody accepts it', async () => {
    await desk.take(...(await settleIn('wh-1', 20)).map(id => silence(id)))
    await desk.forward(31 * SECOND)
    expect((await outage()).escalation).toBe(1)
  })

  test.each<[reason: string, count: number, tell: (ids: string[]) => Promise<void>]>([
    ['nine', 9, async ids => void (await desk.take(...ids.map(id => silence(id))))],
    [
      'one every minute',
      30,
      async ids => {
        for (const id of ids) {
          await desk.take(silence(id))
          desk.wait(MINUTE)
        }
      },
    ],
    [
      'ten of a hundred',
      100,
      async ids => void (await desk.take(...ids.slice(0, 10).map(id => silence(id)))),
    ],
  ])('%s are conditions of their elders', async (_reason, count, tell) => {
    await tell(await settleIn('wh-1', count))
    expect(await desk.alarms('emergency')).toEqual([])
    expect((await openNotices()).length).toBeGreaterThanOrEqual(9)
  })

  test('does not count devices that had been silent before', async () => {
    const ids = await settleIn('wh-1', 100)
    for (const id of ids.slice(0, 60)) {
      await desk.take(silence(id))
      desk.wait(MINUTE)
    }
    desk.wait(HOUR)
    await desk.take(...ids.slice(60, 70).map(id => silence(id)))
    expect((await outage()).findings).toBe(11)
  })

  test('a city is one alarm, and takes a street that nobody has accepted with it', async () => {
    const street = await settleIn('wh-1', 30)
    const rest = await settleIn('wh', 60)
    await desk.take(...street.map(id => silence(id)))
    const first = await outage()
    expect(first.subject.id).toBe('wh-1')
    desk.wait(MINUTE)
    await desk.take(...rest.map(id => silence(id)))
    await desk.sweep()
    const open = (await desk.alarms('emergency')).filter(({ state }) => state === 'raised')
    expect(open).toMatchObject([{ kind: 'area_outage', subject: { id: 'wh' } }])
    expect(membersOf(await desk.timeline(String(open[0]?.id)))).toHaveLength(90)
    expect(await desk.byId(first.id)).toMatchObject({ state: 'closed' })
  })
})

describe('what it hides', () => {
  test('no SOS: it is its elder’s own alarm, before the area', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    await desk.take({ kind: 'sos', severity: 'critical', deviceId: String(ids[3]) })
    const alarms = await desk.alarms('emergency')
    expect(alarms.map(({ kind, subject }) => [kind, subject.id])).toEqual(
      expect.arrayContaining([
        ['area_outage', 'wh-1'],
        ['sos', 'r-wh-1-003'],
      ]),
    )
  })

  test('nobody who lives alone: what turns high alerts the outage anew', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    const { id } = await outage()
    await desk.does('chen', 'accept', id)
    desk.wait(4 * HOUR)
    expect(await desk.take(silence(String(ids[7]), { severity: 'high' }))).toEqual(['realert'])
    const alarm = await outage()
    expect(alarm.alertedAt).toBe(desk.now())
    expect(alarm.escalation).toBe(0)
    expect((await desk.timeline(id)).at(-1)?.detail).toMatchObject({
      severity: 'high',
      member: { id: 'r-wh-1-007' },
    })
  })

  test('and joins the alarm that this elder has open', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    await desk.take({ kind: 'fall', severity: 'high', deviceId: String(ids[7]) })
    expect(await desk.take(silence(String(ids[7]), { severity: 'high' }))).toEqual(['repeat'])
  })

  test('no alarm of the same area that is about something else', async () => {
    await desk.records.db.deleteFrom('devices').where('id', '=', 'b-li').execute()
    await desk.records.db.deleteFrom('assignments').where('deviceId', '=', 'b-li').execute()
    const ids = await settleIn('root', 20)
    await desk.take({ kind: 'unreadable_event', severity: 'high', deviceId: 'unknown' })
    await desk.take(...ids.map(id => silence(id)))
    const [alarm] = await desk.alarms('emergency')
    expect(alarm).toMatchObject({ kind: 'unreadable_event', subject: { type: 'area', id: 'root' } })
    await desk.take(...ids.map(heard))
    expect(await desk.byId(String(alarm?.id))).toMatchObject({ state: 'raised', kind: 'unreadable_event' })
  })
})

describe('its end', () => {
  test('comes by itself when most are heard again', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    const { id } = await outage()
    await desk.take(...ids.slice(0, 15).map(heard))
    expect(await desk.byId(id)).toMatchObject({ state: 'raised' })
    await desk.take(heard(String(ids[15])))
    expect(await desk.byId(id)).toMatchObject({ state: 'closed', conditions: [] })
    expect((await desk.kinds(id)).slice(-2)).toEqual(['ended', 'closed'])
    // Those who are silent still have their own condition, until they are heard as well.
    expect((await openNotices()).map(({ subject }) => subject.id).sort()).toEqual(
      ids.slice(16).map(one => `r-${one}`),
    )
    await desk.take(...ids.slice(16).map(heard))
    expect(await openNotices()).toEqual([])
    expect(await desk.records.db.selectFrom('silences').selectAll().execute()).toEqual([])
  })

  test('gives those who were high already an alarm of their own', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    desk.wait(4 * HOUR)
    await desk.take(silence(String(ids[19]), { severity: 'high' }))
    await desk.take(...ids.slice(0, 16).map(heard))
    const own = (await desk.alarms('emergency')).filter(({ kind }) => kind === 'silent')
    expect(own).toMatchObject([{ state: 'raised', severity: 'high', subject: { id: 'r-wh-1-019' } }])
  })

  test('is for its owner to note when somebody has accepted it', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    const { id } = await outage()
    await desk.does('chen', 'accept', id)
    await desk.take(...ids.map(heard))
    expect(await desk.byId(id)).toMatchObject({ state: 'accepted', conditions: [] })
    await desk.does('chen', 'resolve', id, { disposition: 'device_fault' })
  })

  test('by a person leaves what gets worse to the elder’s own alarm', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    const { id } = await outage()
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition: 'device_fault' })
    await desk.sweep()
    desk.wait(4 * HOUR)
    expect(await desk.take(silence(String(ids[2]), { severity: 'high' }))).toEqual(['first'])
    expect(new Set(await desk.take(...ids.map(heard)))).toEqual(new Set(['ended']))
    expect(await openNotices()).toEqual([])
    expect(await desk.records.db.selectFrom('silences').selectAll().execute()).toEqual([])
  })

  test('and the area may go out again: a new alarm, linked to the old', async () => {
    const ids = await settleIn('wh-1', 20)
    await desk.take(...ids.map(id => silence(id)))
    const first = await outage()
    await desk.take(...ids.map(heard))
    desk.wait(HOUR)
    await desk.take(...ids.map(id => silence(id)))
    const open = (await desk.alarms('emergency')).filter(({ state }) => state === 'raised')
    expect(open).toMatchObject([{ kind: 'area_outage', previousId: first.id }])
  })
})

test('devices without a wearer count where they are', async () => {
  const ids = Array.from({ length: 12 }, (_, n) => `bare-${n}`)
  await desk.records.db
    .insertInto('devices')
    .values(
      ids.map(id => ({
        id,
        kind: 'watch' as const,
        protocol: 'mqtt' as const,
        areaId: 'qd',
        secretHash: '',
        createdAt: 0,
      })),
    )
    .execute()
  await desk.take(...ids.map(id => silence(id)))
  expect((await outage()).subject.id).toBe('qd')
})

test('two processes of alerts, each with some of the partitions, open one', async () => {
  const ids = await settleIn('wh-1', 40)
  const out = await openOutLog({ dataDir: desk.dataDir, clock: { now: () => Date.now() as never } })
  const log = startLog({ level: 'error', destination: { write: () => undefined } })
  const { records, clock, metrics } = desk
  const taken = new Map<string, string>()
  /** Of two who ask for the same partition the one gets the even, the other the odd ones. */
  const stream = (owner: string, isMine: (partition: number) => boolean) => ({
    read: out.stream.read,
    trim: out.stream.trim,
    async lease(request: Parameters<typeof out.stream.lease>[0]) {
      if (!isMine(Number(request.name.split('/')[1]))) return null
      taken.set(request.name, owner)
      return out.stream.lease(request)
    },
  })
  const intakes = [
    startIntake({
      stream: stream('one', p => p % 2 === 0),
      partitions: PARTITIONS,
      records,
      clock,
      log,
      metrics,
      owner: 'one',
    }),
    startIntake({
      stream: stream('two', p => p % 2 === 1),
      partitions: PARTITIONS,
      records,
      clock,
      log,
      metrics,
      owner: 'two',
    }),
  ]
  try {
    await Promise.all(
      [0, 1, 2, 3].map(async partition => {
        for (const id of ids.filter((_, n) => n % 4 === partition))
          await out.say(partition, 'routine', finding({ receivedAt: NOON, ...silence(id) }))
      }),
    )
    await eventually(
      async () => expect(membersOf(await desk.timeline((await outage()).id))).toHaveLength(40),
      { interval: 50 },
    )
    expect(new Set(taken.values())).toEqual(new Set(['one', 'two']))
    expect(await openNotices()).toEqual([])
  } finally {
    await Promise.all(intakes.map(intake => intake.stop()))
    await out.close()
  }
})

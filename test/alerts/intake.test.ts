// The way from the workers' logs to the desk: order, exactly once, and what happens when something is wrong.

import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Intake, startIntake } from '../../alerts/intake.ts'
import { KEEP_FOR_MS, openOutbox } from '../../alerts/outbox.ts'
import { startLog } from '../../log.ts'
import type { Finding } from '../../model/finding.ts'
import { eventually } from '../eventually.ts'
import { DISK_FULL, refuse } from '../records/refuse.ts'
import { ENGINE } from '../records/started.ts'
import { type Desk, finding, NOON, openDesk } from './desk.ts'
import { type OutLog, openOutLog, PARTITIONS } from './out-log.ts'

let desk: Desk
let out: OutLog
let lines: string[]
const started: Intake[] = []

beforeEach(async () => {
  desk = await openDesk()
  out = await openOutLog(desk)
  lines = []
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(intake => intake.stop()))
  await out.close()
  await desk.close()
})

function start({
  owner = 'a-hub',
  stream = out.stream as Pick<OutLog['stream'], 'read' | 'lease' | 'trim'>,
} = {}) {
  const { records, clock, metrics } = desk
  const log = startLog({ level: 'info', destination: { write: line => void lines.push(line) } })
  const intake = startIntake({ stream, partitions: PARTITIONS, records, clock, log, metrics, owner })
  started.push(intake)
  return intake
}

const notice = (n: number): Finding =>
  finding({ receivedAt: NOON, kind: 'low_battery', severity: 'notice', deviceId: `lost-${n % 40}` })

const noticesOf = (entries: number, each: number) =>
  Array.from({ length: entries }, (_, e) => Array.from({ length: each }, (_, n) => notice(e * each + n)))

const raisedIds = async (): Promise<(string | null)[]> =>
  (await desk.records.db.selectFrom('timeline').select('findingId').orderBy('seq').execute()).map(
    row => row.findingId,
  )

describe('findings', () => {
  test('become incidents, with word to the feed', async () => {
    const nudged = vi.fn()
    desk.records.nudge.subscribe('feed', nudged)
    start()
    const sos = finding({ receivedAt: NOON })
    await out.say(2, 'urgent', sos)
    await eventually(async () => expect(await raisedIds()).toEqual([sos.id]))
    expect(nudged).toHaveBeenCalled()
    expect(await desk.alarm()).toMatchObject({ kind: 'sos', subject: { type: 'resident', name: '李秀英' } })
    await eventually(async () =>
      expect(await desk.registry.metrics()).toContain('anxin_raised_total{reason="first"} 1'),
    )
  })

  test('are kept for a while after they were applied, and then given up', async () => {
    start()
    const sos = async () => {
      const press = finding({ receivedAt: NOON })
      await out.say(2, 'urgent', press)
      await eventually(async () => expect(await raisedIds()).toContain(press.id))
    }
    await sos()
    await desk.forward(KEEP_FOR_MS / 2)
    await sos()
    await desk.forward(KEEP_FOR_MS / 2)
    await eventually(async () => expect(await out.kept(2, 'urgent')).toBe(1))
    await desk.forward(KEEP_FOR_MS / 2)
    await eventually(async () => expect(await out.kept(2, 'urgent')).toBe(0))
  })

  test('are raised again when the database comes back without its last commits', async () => {
    start()
    const [kept, lost] = [finding({ receivedAt: NOON }), finding({ receivedAt: NOON, deviceId: 'b-wang' })]
    await out.say(2, 'urgent', kept)
    await eventually(async () => expect(await raisedIds()).toEqual([kept.id]))
    const { db } = desk.records
    const before = await db.selectFrom('cursors').selectAll().executeTakeFirstOrThrow()
    await out.say(2, 'urgent', lost)
    await eventually(async () => expect(await raisedIds()).toEqual([kept.id, lost.id]))
    await db.transaction().execute(async tx => {
      const { incidentId } = await tx
        .selectFrom('timeline')
        .select('incidentId')
        .where('findingId', '=', lost.id)
        .executeTakeFirstOrThrow()
      await tx.deleteFrom('timeline').where('incidentId', '=', incidentId).execute()
      await tx.deleteFrom('incidents').where('id', '=', incidentId).execute()
      await tx.updateTable('cursors').set(before).where('log', '=', before.log).execute()
    })
    await eventually(async () => expect(await raisedIds()).toEqual([kept.id, lost.id]))
  })

  test('are applied once, however often the hub starts', async () => {
    const first = start()
    const one = finding({ receivedAt: NOON })
    await out.say(0, 'urgent', one)
    await eventually(async () => expect(await raisedIds()).toEqual([one.id]))
    await first.stop()
    const two = finding({ receivedAt: NOON })
    await out.say(0, 'urgent', two)
    start({ owner: 'the-next-hub' })
    await eventually(async () => expect(await raisedIds()).toEqual([one.id, two.id]))
  })

  test('are applied once by two hubs that both believe to hold every lease', async () => {
    const { read, trim } = out.stream
    const stream = { read, trim, lease: async () => ({ fence: 1 }) }
    start({ owner: 'one', stream })
    start({ owner: 'two', stream })
    const said: Finding[] = []
    for (let n = 0; n < 60; n++) {
      const sos = finding({ receivedAt: NOON + n })
      said.push(sos)
      await out.say(n % PARTITIONS, 'urgent', sos)
    }
    await eventually(async () => expect((await raisedIds()).length).toBeGreaterThanOrEqual(60))
    expect((await raisedIds()).toSorted()).toEqual(said.map(({ id }) => id).toSorted())
    expect(await desk.alarm()).toMatchObject({ findings: 60 })
  })

  test('are taken by another hub once the first has stopped', async () => {
    const first = start({ owner: 'one' })
    start({ owner: 'two' })
    const sos = finding({ receivedAt: NOON })
    await out.say(1, 'urgent', sos)
    await eventually(async () => expect(await raisedIds()).toEqual([sos.id]))
    await first.stop()
    const next = finding({ receivedAt: NOON })
    await out.say(1, 'urgent', next)
    await eventually(async () => expect(await raisedIds()).toEqual([sos.id, next.id]))
  })
})

test('of more alarms at once than a statement can carry, each is raised', async () => {
  const ids = Array.from({ length: 1_400 }, (_, n) => `many-${n}`)
  const device = { kind: 'bracelet', protocol: 'mqtt', areaId: 'wh-1', secretHash: '' } as const
  const rows = ids.map(id => ({ id, ...device, createdAt: 0, archivedAt: null }))
  for (const from of [0, 700]) {
    await desk.records.db
      .insertInto('devices')
      .values(rows.slice(from, from + 700))
      .execute()
  }
  const press = (deviceId: string): Finding => finding({ receivedAt: NOON, deviceId })
  await out.say(0, 'urgent', ...ids.map(press), ...ids.map(press), ...ids.map(press))
  start()
  await eventually(async () => expect((await raisedIds()).length).toBe(4_200))
  const { alarms } = await desk.records.db
    .selectFrom('incidents')
    .select(e => e.fn.countAll<number>().as('alarms'))
    .where('kind', '=', 'sos')
    .executeTakeFirstOrThrow()
  expect(alarms).toBe(1_400)
}, 20_000)

describe('hazard 11: a flood of low-battery notices', () => {
  const outbox = () =>
    openOutbox({
      stream: out.stream,
      db: desk.records.db,
      clock: desk.clock,
      held: () => Array.from({ length: PARTITIONS }, (_, partition) => partition),
    })

  test('does not stand before an SOS of another partition: urgent of all is read before anything else', async () => {
    await out.flood(0, 'routine', noticesOf(200, 20))
    await out.say(3, 'urgent', finding({ receivedAt: NOON }))
    const reader = outbox()
    const first = await reader.next(200)
    expect(first).toMatchObject({ lane: 'urgent', entries: [{ partition: 3 }] })
    if (first) reader.applied(first)
    expect(await reader.next(200)).toMatchObject({ lane: 'routine' })
  })

  test('is taken in batches, so an SOS that comes in the middle waits for one of them', async () => {
    await out.flood(0, 'routine', noticesOf(200, 20))
    const reader = outbox()
    const flood = await reader.next(200)
    expect(flood?.entries.flatMap(({ findings }) => findings).length).toBe(200)
    if (flood) reader.applied(flood)
    await out.say(1, 'urgent', finding({ receivedAt: NOON }))
    expect(await reader.next(200)).toMatchObject({ lane: 'urgent' })
  })

  test('of urgent findings in one partition does not hold up the SOS of another', async () => {
    await out.flood(
      0,
      'urgent',
      Array.from({ length: 240 }, () => [finding({ receivedAt: NOON, deviceId: 'b-wang' })]),
    )
    await out.say(3, 'urgent', finding({ receivedAt: NOON }))
    const first = await outbox().next(200)
    expect(
      first?.entries
        .map(({ partition }) => partition)
        .slice(0, 2)
        .toSorted(),
    ).toEqual([0, 3])
  })

  test('hides nothing: the SOS is on the desk while most notices still wait', async () => {
    await out.flood(0, 'routine', noticesOf(400, 20))
    const sos = finding({ receivedAt: NOON })
    const waiting = Promise.withResolvers<number>()
    const stop = desk.records.nudge.subscribe('feed', async () => {
      stop()
      await out.say(3, 'urgent', sos)
      await eventually(async () => expect(await raisedIds()).toContain(sos.id))
      waiting.resolve(8_000 - (await raisedIds()).length)
    })
    start()
    expect(await waiting.promise).toBeGreaterThan(4_000)
    await eventually(async () => expect((await raisedIds()).length).toBe(8_001))
  })
})

describe('something is wrong', () => {
  test('with an entry that is no list: raised as an emergency of the whole hub, and the others go on', async () => {
    await out.sayBytes(0, 'urgent', '[{"id":"f')
    const sos = finding({ receivedAt: NOON })
    await out.say(0, 'urgent', sos)
    start()
    await eventually(async () => expect(await desk.alarms()).toHaveLength(2))
    const alarm = (await desk.alarms()).find(({ kind }) => kind === 'unreadable_event')
    expect(alarm).toMatchObject({
      class: 'emergency',
      severity: 'high',
      subject: { type: 'area', id: 'root' },
    })
    const [entry] = await desk.timeline(alarm?.id ?? '')
    expect(entry?.detail).toMatchObject({ evidence: { log: '0/urgent', raw: '[{"id":"f' } })
    expect(lines.join('')).toContain('findings could not be read')
  })

  test('with one finding of a list: the others of the list are raised all the same', async () => {
    const sos = finding({ receivedAt: NOON })
    await out.sayBytes(0, 'urgent', JSON.stringify([{ ...sos, kind: 'sauce' }, sos]))
    start()
    await eventually(async () =>
      expect((await desk.alarms()).map(({ kind }) => kind).toSorted()).toEqual(['sos', 'unreadable_event']),
    )
  })

  test('with a finding that the database never takes: set aside and raised, the others are not held up', async () => {
    await refuse(desk.records.db, { table: 'timeline', when: "new.event_id = 'poison'", why: 'not this one' })
    const before = finding({ receivedAt: NOON })
    const behind = finding({ receivedAt: NOON, deviceId: 'b-wang' })
    await out.say(0, 'urgent', before)
    await out.say(0, 'urgent', finding({ receivedAt: NOON, deviceId: 'b-zhao', eventId: 'poison' }))
    await out.say(0, 'urgent', behind)
    start()
    await eventually(async () => expect(await raisedIds()).toContain(behind.id))
    const alarms = await desk.alarms()
    // Whose press it was is known, and so it is told.
    expect(alarms.map(({ kind, subject }) => `${kind} ${subject.id}`).toSorted()).toEqual([
      'sos li',
      'sos wang',
      'unreadable_event zhao',
    ])
    expect(alarms.find(({ kind }) => kind === 'unreadable_event')).toMatchObject({ severity: 'critical' })
    expect(lines.join('')).toContain('not this one')
  })

  test('with one finding in the middle of an entry: each of the others is raised as what it is', async () => {
    await refuse(desk.records.db, { table: 'timeline', when: "new.event_id = 'poison'", why: 'not this one' })
    await out.say(
      0,
      'urgent',
      finding({ receivedAt: NOON }),
      finding({ receivedAt: NOON, deviceId: 'b-zhao', eventId: 'poison' }),
      finding({ receivedAt: NOON, deviceId: 'b-wang' }),
      finding({ receivedAt: NOON, kind: 'fall' }),
    )
    start()
    await eventually(async () => expect(await desk.alarms()).toHaveLength(3))
    const alarms = await desk.alarms()
    expect(
      alarms.map(({ kind, subject, findings }) => `${kind} ${subject.id} ${findings}`).toSorted(),
    ).toEqual(['sos li 2', 'sos wang 1', 'unreadable_event zhao 1'])
  })

  test('with a finding whose device has no place on the desk: raised for the whole hub', async () => {
    await refuse(desk.records.db, {
      table: 'incidents',
      when: "new.subject_id = 'zhao'",
      why: 'not this elder',
    })
    await out.say(0, 'urgent', finding({ receivedAt: NOON, deviceId: 'b-zhao' }))
    start()
    await eventually(async () => expect(await desk.alarms()).toHaveLength(1))
    expect(await desk.alarm()).toMatchObject({ kind: 'unreadable_event', subject: { id: 'root' } })
  })

  const withFullDisk = () =>
    test('with the disk: while it is full every finding waits, and then each is raised as what it is', async () => {
      const room = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(desk.records.db)
      const { rows } = await sql<Record<string, number>>`pragma page_count`.execute(desk.records.db)
      await room((Object.values(rows[0] ?? {})[0] ?? 0) + 3)
      const tries = vi.spyOn(desk.records.db, 'transaction')
      const presses = Array.from({ length: 60 }, (_, n) =>
        finding({
          receivedAt: NOON,
          deviceId: n % 2 ? 'b-li' : 'b-wang',
          evidence: { text: 'x'.repeat(300) },
        }),
      )
      await out.say(0, 'urgent', ...presses)
      start()
      await eventually(() => expect(tries.mock.calls.length).toBeGreaterThan(5))
      expect(await raisedIds()).toEqual([])
      expect(lines.join('')).toContain('database or disk is full')
      await room(1e6)
      await eventually(async () => expect(await raisedIds()).toEqual(presses.map(({ id }) => id)))
      expect((await desk.alarms()).map(({ kind, findings }) => [kind, findings])).toEqual([
        ['sos', 30],
        ['sos', 30],
      ])
    })
  // How full it is can be set on SQLite alone.
  if (ENGINE === 'sqlite') withFullDisk()

  test('with the database: said once, tried until it works, and nothing is skipped', async () => {
    const goOn = await refuse(desk.records.db, {
      table: 'timeline',
      why: 'the disk is full',
      sqlstate: DISK_FULL,
    })
    const tries = vi.spyOn(desk.records.db, 'transaction')
    start()
    const sos = finding({ receivedAt: NOON })
    await out.say(0, 'urgent', sos)
    // Often enough for an entry to be set aside, if it were only the entry.
    await eventually(() => expect(tries.mock.calls.length).toBeGreaterThan(7))
    await goOn()
    await eventually(async () => expect(await raisedIds()).toEqual([sos.id]))
    expect(await desk.alarm()).toMatchObject({ kind: 'sos', subject: { id: 'li' } })
    expect(lines.filter(line => line.includes('could not be applied'))).toHaveLength(1)
    expect(lines.join('')).toContain('findings are applied again')
  })
})

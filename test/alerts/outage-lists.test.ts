// Nobody who is silent is on no list: members of an outage that was resolved early, and members so many that one
// transaction does not carry them. On both engines.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LISTED_AT_ONCE } from '../../alerts/outage-lists.ts'
import { settleSilences } from '../../alerts/settle.ts'
import { lineOf } from '../../console/desk/sentences.ts'
import { en } from '../../console/desk/words.en.ts'
import { zh } from '../../console/desk/words.zh.ts'
import type { TimelineEntry } from '../../model/incident.ts'
import { lastSeq, type Tx } from '../../records/db.ts'
import { heard, openNoticesOf, outageOf, settleIn as settle, silence } from './area.ts'
import { type Desk, HOUR, MINUTE, openDesk, SECOND } from './desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const settleIn = (areaId: string, count: number) => settle(desk, areaId, count)
const outage = () => outageOf(desk)
const openNotices = () => openNoticesOf(desk)

describe('resolved while elders are silent still', () => {
  async function resolvedEarly(count: number): Promise<{ id: string; ids: string[] }> {
    const ids = await settleIn('wh-1', count)
    await desk.take(...ids.map(id => silence(id)))
    await desk.sweep()
    const { id } = await outage()
    await desk.does('chen', 'accept', id)
    await desk.take(heard(String(ids[0])))
    desk.wait(4 * HOUR)
    await desk.take(silence(String(ids[5]), { severity: 'high' }))
    const { seq } = await desk.byId(id)
    await desk.does('chen', 'resolve', id, { disposition: 'device_fault', seenSeq: seq })
    return { id, ids }
  }

  test('nobody is masked: each has the own condition back, or an alarm when it was high', async () => {
    const { id, ids } = await resolvedEarly(20)
    await desk.sweep()
    expect((await openNotices()).map(({ subject }) => subject.id).sort()).toEqual(
      ids.filter((_, n) => n !== 0 && n !== 5).map(one => `r-${one}`),
    )
    const own = (await desk.alarms('emergency')).filter(({ kind }) => kind === 'silent')
    expect(own).toMatchObject([{ state: 'raised', severity: 'high', subject: { id: 'r-wh-1-005' } }])
    expect((await desk.timeline(String(own[0]?.id)))[0]?.detail).toMatchObject({
      evidence: { because: 'outage_resolved', incidentId: id, silentForMs: 4 * HOUR + 11 * MINUTE },
    })
    expect((await desk.timeline(id)).at(-1)).toMatchObject({
      kind: 'ended',
      detail: { kind: 'area_outage', evidence: { stillSilent: 19 } },
    })
    const last = (await desk.timeline(id)).at(-1) as TimelineEntry
    expect(lineOf(last, en).text).toMatch(/^Of its devices 19 are silent still/)
    expect(lineOf(last, zh).text).toMatch(/^仍有 19 台设备没有消息/)
    expect(await desk.byId(id)).toMatchObject({ state: 'resolved' })
  })

  test('once: not again with the next sweep, nor as an outage of today', async () => {
    const { ids } = await resolvedEarly(20)
    await desk.forward(5 * SECOND)
    const before = (await desk.alarms()).length
    await desk.forward(5 * SECOND)
    expect(await desk.alarms()).toHaveLength(before)
    await desk.take(...ids.map(heard))
    expect(await openNotices()).toEqual([])
    expect(await desk.records.db.selectFrom('silences').selectAll().execute()).toEqual([])
  })

  test('nor when the alarm itself has been deleted', async () => {
    const { id } = await resolvedEarly(20)
    await desk.records.db.deleteFrom('timeline').where('incidentId', '=', id).execute()
    await desk.records.db.deleteFrom('incidents').where('id', '=', id).execute()
    await desk.sweep()
    expect(await openNotices()).toHaveLength(18)
  })

  test('elders who live alone first, when they are many', async () => {
    const ids = await settleIn('wh-1', LISTED_AT_ONCE + 20)
    await desk.take(...ids.map(id => silence(id)))
    await desk.sweep()
    const { id } = await outage()
    const alone = ids.slice(-5).map(one => `r-${one}`)
    await desk.records.db.updateTable('residents').set({ livesAlone: 1 }).where('id', 'in', alone).execute()
    await desk.does('chen', 'accept', id)
    const { seq } = await desk.byId(id)
    await desk.does('chen', 'resolve', id, { disposition: 'device_fault', seenSeq: seq })
    await desk.sweep()
    const told = (await openNotices()).sort((a, b) => a.seq - b.seq).map(({ subject }) => subject.id)
    expect(told).toHaveLength(ids.length)
    expect(told.slice(0, 5).sort()).toEqual(alone)
  })
})

describe('many members', () => {
  const MANY = 400
  /** Of a member: listed, its own condition ended, and that one closed; of the outage: raised, ended. */
  const ENTRIES_AT_ONCE = 3 * LISTED_AT_ONCE + 2

  /** The hub sweeps; returns how many entries each of its transactions has written. */
  async function sizesOfSweep(): Promise<number[]> {
    const { records, clock } = desk
    const sizes: number[] = []
    const db = new Proxy(records.db, {
      get: (target, key) => (key === 'transaction' ? () => ({ execute }) : Reflect.get(target, key, target)),
    })
    async function execute<T>(write: (tx: Tx) => Promise<T>): Promise<T> {
      const before = await lastSeq(records.db, 'feed')
      const written = await records.db.transaction().execute(write)
      sizes.push((await lastSeq(records.db, 'feed')) - before)
      return written
    }
    await settleSilences({ records: { ...records, db }, clock })
    return sizes
  }

  async function entriesOf(work: () => Promise<unknown>): Promise<number> {
    const before = await lastSeq(desk.records.db, 'feed')
    await work()
    return (await lastSeq(desk.records.db, 'feed')) - before
  }

  async function expectAllListed(ids: readonly string[]): Promise<void> {
    const rows = await desk.records.db
      .selectFrom('timeline')
      .select(['kind', 'detailJson'])
      .where('incidentId', '=', (await outage()).id)
      .execute()
    const listed = rows.flatMap(({ kind, detailJson }) => {
      const detail = JSON.parse(detailJson)
      return kind === 'finding' && detail.kind === 'silent' ? [String(detail.deviceId)] : []
    })
    expect(listed.sort()).toEqual([...ids].sort())
  }

  test('told in one batch are listed a few a transaction, each once', async () => {
    const ids = await settleIn('wh-1', MANY)
    expect(await entriesOf(() => desk.take(...ids.map(id => silence(id))))).toBeLessThanOrEqual(
      ENTRIES_AT_ONCE,
    )
    const sizes = await sizesOfSweep()
    expect(sizes.length).toBe(MANY / LISTED_AT_ONCE - 1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(ENTRIES_AT_ONCE)
    await expectAllListed(ids)
    expect(await openNotices()).toEqual([])
    expect(await sizesOfSweep()).toEqual([])
  })

  test('who had their own conditions before it opened leave these a few a transaction', async () => {
    const ids = await settleIn('wh-1', MANY)
    const awake = await settleIn('wh', 5 * MANY)
    const { db } = desk.records
    await db.updateTable('residents').set({ areaId: 'wh-1' }).where('areaId', '=', 'wh').execute()
    await desk.take(...ids.slice(1).map(id => silence(id)))
    expect(await desk.alarms('emergency')).toEqual([])
    await db.deleteFrom('assignments').where('deviceId', 'in', awake).execute()
    await db.updateTable('devices').set({ archivedAt: 1 }).where('id', 'in', awake).execute()
    expect(await entriesOf(() => desk.take(silence(String(ids[0]))))).toBeLessThanOrEqual(ENTRIES_AT_ONCE)
    expect(await openCount()).toBeGreaterThan(MANY / 2)
    expect(Math.max(...(await sizesOfSweep()))).toBeLessThanOrEqual(ENTRIES_AT_ONCE)
    await expectAllListed(ids)
    expect(await openCount()).toBe(0)
  })

  test('who were not listed when it ended are on the list of their own', async () => {
    const ids = await settleIn('wh-1', MANY)
    await desk.take(...ids.map(id => silence(id)))
    await desk.take(...ids.slice(0, 0.8 * MANY).map(heard))
    expect((await desk.alarm('emergency')).state).toBe('closed')
    expect(Math.max(...(await sizesOfSweep()))).toBeLessThanOrEqual(ENTRIES_AT_ONCE)
    expect(await openCount()).toBe(0.2 * MANY)
  })

  async function openCount(): Promise<number> {
    const rows = await desk.records.db
      .selectFrom('incidents')
      .select('id')
      .where('class', '=', 'technical')
      .where('state', '=', 'raised')
      .execute()
    return rows.length
  }
})

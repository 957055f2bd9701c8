// The desk's lists: queue order, pages, filters and scope.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Alarm } from '../../model/incident.ts'
import { appendTimeline } from '../../records/entries.ts'
import {
  type AlarmFilter,
  getAlarm,
  listAlarms,
  previousAlarms,
  TIMELINE_SHOWN,
} from '../../records/incidents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { type Desk, MINUTE, NOON, openDesk, QINGDAO, SECOND, WEIHAI } from '../alerts/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())
beforeEach(() => desk.clear())

const list = async (filter: Partial<AlarmFilter> = {}): Promise<Alarm[]> =>
  (await listAlarms(desk.records.read, { scope: WHOLE_HUB, limit: 100, ...filter })).items

const who = (alarms: readonly Alarm[]): string[] => alarms.map(({ kind, subject }) => `${kind} ${subject.id}`)

/** Six open alarms, the one that came last the gravest, and one that is resolved. */
async function sevenAlarms(): Promise<void> {
  const come = async (...given: Parameters<Desk['take']>): Promise<void> => {
    await desk.take(...given)
    desk.wait(SECOND)
  }
  await come({ deviceId: 'b-spare', kind: 'sos' })
  const [done] = await desk.alarms()
  await desk.does('chen', 'accept', done?.id ?? '')
  await desk.does('chen', 'resolve', done?.id ?? '', { disposition: 'test' })
  await come({ deviceId: 'b-li', kind: 'low_battery', severity: 'notice' })
  await come({ deviceId: 'b-wang', kind: 'service', severity: 'high' })
  await come({ deviceId: 'b-wang', kind: 'zone_exit', severity: 'high' })
  await come({ deviceId: 'b-spare', kind: 'vitals', severity: 'critical' })
  await come({ deviceId: 'b-zhao', kind: 'sos', severity: 'critical' })
  await come({ deviceId: 'b-li', kind: 'sos', severity: 'critical' })
}

describe('a list', () => {
  beforeEach(sevenAlarms)

  test('of open alarms is the queue: severity, then sos, then the longest wait', async () => {
    expect(who(await list({ state: 'open' }))).toEqual([
      'sos zhao',
      'sos li',
      'vitals b-spare',
      'service wang',
      'zone_exit wang',
      'low_battery li',
    ])
  })

  test('puts what nobody is on before what somebody has, within a severity', async () => {
    const [first] = await list({ state: 'open' })
    await desk.does('chen', 'accept', first?.id ?? '')
    expect(who(await list({ state: 'open' })).slice(0, 4)).toEqual([
      'sos li',
      'vitals b-spare',
      'sos zhao',
      'service wang',
    ])
  })

  test('of everything is newest first', async () => {
    const all = await list()
    expect(all).toHaveLength(7)
    expect(all.map(({ raisedAt }) => raisedAt)).toEqual(
      all.map(({ raisedAt }) => raisedAt).toSorted((a, b) => b - a),
    )
  })

  test.each<[Partial<AlarmFilter>, string[], string]>([
    [{ state: 'resolved' }, ['sos b-spare'], 'by state'],
    [{ state: 'open', class: 'service' }, ['service wang'], 'by class'],
    [{ state: 'open', severity: 'notice' }, ['low_battery li'], 'by severity'],
    [{ state: 'open', areaId: 'qd' }, ['sos zhao'], 'by area'],
    [
      { state: 'open', areaId: 'wh', class: 'emergency' },
      ['sos li', 'vitals b-spare', 'zone_exit wang'],
      'below it',
    ],
    [{ scope: QINGDAO }, ['sos zhao'], 'nothing outside the scope'],
    [{ scope: QINGDAO, areaId: 'wh' }, [], 'not by asking for it either'],
  ])('%j: %j, %s', async (filter, found, _reason) => {
    expect(who(await list(filter))).toEqual(found)
  })

  test.each(['open', undefined] as const)('of %s in pages is the same list', async state => {
    const whole = await list({ state })
    const paged: Alarm[] = []
    let cursor: string | undefined
    do {
      const page = await listAlarms(desk.records.read, { scope: WHOLE_HUB, state, limit: 2, cursor })
      paged.push(...page.items)
      cursor = page.next ?? undefined
    } while (cursor)
    expect(paged).toEqual(whole)
  })

  test('goes on after its cursor when alarms come in between', async () => {
    const first = await listAlarms(desk.records.read, { scope: WHOLE_HUB, state: 'open', limit: 3 })
    await desk.take({ deviceId: 'b-wang', kind: 'sos' })
    const rest = await listAlarms(desk.records.read, {
      scope: WHOLE_HUB,
      state: 'open',
      limit: 10,
      cursor: first.next ?? undefined,
    })
    expect(who(rest.items)).toEqual(['service wang', 'low_battery li'])
  })

  test('refuses a cursor that is none', async () => {
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('refuses the cursor of another filter, which would leave alarms out unnoticed', async () => {
    const page = { scope: WHOLE_HUB, limit: 2 }
    const { next: cursor = null } = await listAlarms(desk.records.read, { ...page, state: 'open' })
    expect(cursor).not.toBe(null)
    for (const other of [{}, { state: 'resolved' }, { state: 'open', class: 'emergency' }] as const) {
      const asked = listAlarms(desk.records.read, { ...page, ...other, cursor: cursor ?? '' })
      await expect(asked).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
  })
})

test('one alarm is found in the scope only, with its owner’s name', async () => {
  await desk.take({})
  const { id } = await desk.alarm()
  await desk.does('chen', 'accept', id)
  expect(await getAlarm(desk.records.read, { scope: QINGDAO, id })).toBeUndefined()
  const alarm = await getAlarm(desk.records.read, { scope: WEIHAI, id })
  expect(alarm?.owner).toEqual({ id: 'chen', name: '陈静' })
})

test('a timeline without end shows how it began and its newest thousand, in order', async () => {
  await desk.take({})
  const { id, seq: first } = await desk.alarm()
  const resent = Array.from({ length: 1_200 }, (_, at) => ({
    incidentId: id,
    kind: 'resent' as const,
    at,
    detail: {},
  }))
  await desk.records.db.transaction().execute(tx => appendTimeline(tx, resent.slice(0, 999)))
  const whole = await desk.timeline(id)
  expect(whole.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_000 }, (_, n) => first + n))
  await desk.records.db.transaction().execute(tx => appendTimeline(tx, resent.slice(999)))
  const shown = await desk.timeline(id)
  const { seq: newest } = await desk.alarm()
  expect(shown.map(({ seq }) => seq)).toEqual([
    first,
    ...Array.from({ length: TIMELINE_SHOWN }, (_, n) => newest - TIMELINE_SHOWN + 1 + n),
  ])
})

test('previous alarms of an elder are those before, newest first', async () => {
  for (let day = 0; day < 4; day++) {
    await desk.take({}, { deviceId: 'b-wang' })
    for (const { id } of await list({ state: 'open' })) {
      await desk.does('chen', 'accept', id)
      await desk.does('chen', 'resolve', id, { disposition: 'false_alarm' })
    }
    desk.wait(MINUTE)
  }
  const asked = { subjectType: 'resident', subjectId: 'li', before: NOON + 3 * MINUTE, limit: 2 } as const
  const previous = await previousAlarms(desk.records.read, { ...asked, scope: WEIHAI })
  expect(previous.map(({ raisedAt, subject }) => [raisedAt, subject.id])).toEqual([
    [NOON + 2 * MINUTE, 'li'],
    [NOON + MINUTE, 'li'],
  ])
  // An elder who has moved: what was before stays with the desk that it happened at.
  expect(await previousAlarms(desk.records.read, { ...asked, scope: QINGDAO })).toEqual([])
})

describe('whom an alarm is about', () => {
  test('follows who wore the device when it happened', async () => {
    const { db } = desk.records
    const handedOver = NOON - 10 * MINUTE
    await db.updateTable('assignments').set({ toAt: handedOver }).where('deviceId', '=', 'b-wang').execute()
    await db
      .insertInto('assignments')
      .values({ id: 'handed-over', deviceId: 'b-wang', residentId: 'zhao', fromAt: handedOver, toAt: null })
      .execute()
    const measured = { kind: 'vitals', deviceId: 'b-wang', lateMs: 11 * MINUTE } as const
    await desk.take(measured, { deviceId: 'b-wang' })
    expect((await desk.alarms()).map(({ subject, areaId }) => [subject.id, areaId]).toSorted()).toEqual([
      ['wang', 'wh-1'],
      ['zhao', 'qd'],
    ])
    await db.deleteFrom('assignments').where('id', '=', 'handed-over').execute()
    await db.updateTable('assignments').set({ toAt: null }).where('deviceId', '=', 'b-wang').execute()
  })

  test.each([
    ['b-spare', { type: 'device', id: 'b-spare', name: 'b-spare' }, 'wh-1', 'nobody wears it'],
    ['unheard-of', { type: 'area', id: 'root', name: '全部' }, 'root', 'nobody knows it'],
  ])('%s: %j in %s, because %s', async (deviceId, subject, areaId) => {
    await desk.take({ deviceId })
    expect(await desk.alarm()).toMatchObject({ subject, areaId })
  })

  test('is the present wearer, when nobody wore the device at the time that it claims', async () => {
    await desk.take({ deviceId: 'b-li', lateMs: 31 * 24 * 60 * MINUTE })
    expect(await desk.alarm()).toMatchObject({ subject: { id: 'li' } })
  })
})

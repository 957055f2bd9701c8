// What figures say of what happened.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import type { Records } from '../../records/db.ts'
import { noteHeard } from '../../records/heard.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import type { Asked } from '../../records/stats.ts'
import { chatteringDevices, devicesOnline, staleAlarms } from '../../records/stats-devices.ts'
import { alarmFloods } from '../../records/stats-load.ts'
import { answerTimes, onSiteTimes } from '../../records/stats-times.ts'
import { DAY, HOUR, MINUTE, NOON, QINGDAO, SECOND, settle, WEIHAI } from '../alerts/desk.ts'
import { ASKED, accepted, first, happened, type Mark, NOW, nothingHappened, shares } from './happened.ts'
import { newRecords } from './started.ts'

let records: Records
beforeAll(async () => {
  records = await newRecords({ now: () => epochMs(NOW) })
  await settle(records.db)
})
afterAll(() => records.close())
beforeEach(() => nothingHappened(records))

describe('answer times', () => {
  const total = async (asked: Partial<Asked> = {}) =>
    (await answerTimes(records.read, { ...ASKED, ...asked }, 'emergency')).total

  test.each<[string, Mark[], number | null, string[]]>([
    [
      'the accept answers the press',
      [first(NOON), accepted(NOON + 12 * SECOND)],
      12 * SECOND,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
    [
      'a limit is met to the second',
      [first(NOON), accepted(NOON + 15 * SECOND)],
      15 * SECOND,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
    [
      'it runs from the finding that raised the severity',
      [
        first(NOON),
        { kind: 'finding', reason: 'worsened', at: NOON + MINUTE },
        accepted(NOON + MINUTE + 5_000),
      ],
      5 * SECOND,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
    [
      'another press meanwhile moves nothing',
      [first(NOON), { kind: 'finding', reason: 'realert', at: NOON + 30_000 }, accepted(NOON + 40_000)],
      40 * SECOND,
      ['0/1', '0/1', '1/1', '1/1'],
    ],
    ['what nobody answers counts against every limit', [first(NOON)], null, ['0/1', '0/1', '0/1', '0/1']],
    [
      'what ended by itself in time is nobody’s failure',
      [first(NOON), { kind: 'closed', at: NOON + 17_000 }],
      null,
      ['0/1', '0/0', '0/0', '0/0'],
    ],
    [
      'clocks that went back make no negative times',
      [first(NOON), accepted(NOON - 5_000)],
      0,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
  ])('%s', async (_reason, marks, medianMs, within) => {
    await happened(records, { marks })
    const found = await total()
    expect(found).toMatchObject({ count: 1, medianMs })
    expect(shares(found)).toEqual(within)
  })

  test('each re-alert has its own clock', async () => {
    await happened(records, {
      marks: [
        first(NOON),
        accepted(NOON + 10_000),
        { kind: 'finding', reason: 'realert', at: NOON + HOUR },
        { kind: 'released', at: NOON + HOUR + 1_000 },
        { kind: 'taken_over', by: 'song', at: NOON + HOUR + 70_000 },
      ],
    })
    const found = await total()
    expect(found).toMatchObject({ count: 2, done: 2, medianMs: 10_000, p90Ms: 70_000 })
    expect(shares(found)).toEqual(['1/2', '1/2', '1/2', '2/2'])
  })

  test('are of the asked subtree, within the scope, and of the class', async () => {
    const marks = [first(NOON), accepted(NOON + 1_000)]
    await happened(records, { marks }, { marks, areaId: 'qd' }, { marks, class: 'service' })
    expect((await total()).count).toBe(2)
    expect((await total({ areaId: 'wh' })).count).toBe(1)
    expect((await total({ scope: QINGDAO })).count).toBe(1)
    expect((await total({ scope: QINGDAO, areaId: 'wh' })).count).toBe(0)
    expect((await total({ scope: WEIHAI, areaId: 'root' })).count).toBe(1)
  })

  test('belong to the local day of the alert', async () => {
    const midnight = NOON + 12 * HOUR
    const marks = (at: number) => [first(at), accepted(at + 1_000)]
    await happened(records, { marks: marks(midnight - 1) }, { marks: marks(midnight) })
    const { days } = await answerTimes(records.read, { ...ASKED, to: NOW }, 'emergency')
    expect(days.map(({ day, count }) => [day, count])).toEqual([
      ['2026-11-21', 1],
      ['2026-11-22', 1],
    ])
  })
})

describe('on-site times', () => {
  test('from the alarm, and not for help that was not needed any more', async () => {
    await happened(
      records,
      {
        state: 'arrived',
        marks: [
          first(NOON),
          accepted(NOON + 10_000),
          { kind: 'dispatched', at: NOON + MINUTE },
          { kind: 'arrived', at: NOON + 31 * MINUTE },
        ],
      },
      { state: 'resolved', marks: [first(NOON), { kind: 'dispatched', at: NOON + MINUTE }] },
    )
    const { fromDispatch, fromAlarm } = await onSiteTimes(records.read, ASKED)
    expect(fromDispatch.total).toMatchObject({ count: 2, done: 1, medianMs: 30 * MINUTE })
    expect(shares(fromDispatch.total)).toEqual(['1/1', '1/1'])
    expect(shares(fromAlarm.total)).toEqual(['0/1', '1/1'])
  })
})

describe('floods', () => {
  test('start with the eleventh in ten minutes and end below five', async () => {
    const times = Array.from({ length: 12 }, (_, index) => NOON + index * 10 * SECOND)
    await happened(records, ...times.map(at => ({ marks: [first(at)] })))
    const [flood, ...others] = await alarmFloods(records.read, { ...ASKED, now: NOON + HOUR })
    expect(flood).toEqual({ from: times[10], to: (times[7] ?? 0) + 10 * MINUTE, alarms: 12, most: 12 })
    expect(others).toEqual([])
  })

  test('ten in ten minutes are none', async () => {
    await happened(records, ...Array.from({ length: 10 }, (_, index) => ({ marks: [first(NOON + index)] })))
    expect(await alarmFloods(records.read, ASKED)).toEqual([])
  })
})

describe('devices', () => {
  test('are online unless they are silent, or were never there', async () => {
    const unheard = await devicesOnline(records.read, { scope: WHOLE_HUB, areaId: 'root' })
    expect(unheard.total).toMatchObject({ online: 0, unheard: unheard.total.devices, share: 0 })
    const ids = await records.read.selectFrom('devices').select('id').execute()
    for (const at of [NOON, NOON + 1]) await noteHeard(records, { deviceIds: ids.map(({ id }) => id), at })
    await records.db
      .insertInto('silences')
      .values({
        deviceId: 'b-li',
        areaId: 'wh-1',
        severity: 'notice',
        since: NOON,
        freshUntil: NOON,
        heardAt: null,
        incidentId: null,
        unlisted: null,
      })
      .execute()
    const all = await devicesOnline(records.read, { scope: WHOLE_HUB, areaId: 'root' })
    expect(all.total).toMatchObject({ silent: 1, unheard: 0, online: all.total.devices - 1 })
    const far = await devicesOnline(records.read, { scope: QINGDAO, areaId: 'qd' })
    expect(far.total).toMatchObject({ devices: 1, silent: 0, share: 1 })
  })

  test('chatter when three findings come within a minute', async () => {
    const found = (at: number, deviceId: string): Mark => ({
      kind: 'finding',
      reason: 'repeat',
      at,
      deviceId,
    })
    await happened(
      records,
      { marks: [0, 20, 40, 200].map(s => found(NOON + s * SECOND, 'b-li')) },
      { marks: [0, 31, 61].map(s => found(NOON + s * SECOND, 'b-wang')) },
      { marks: [{ ...found(NOON, 'b-zhao'), count: 7 }], areaId: 'qd' },
    )
    expect(await chatteringDevices(records.read, ASKED)).toEqual([
      { deviceId: 'b-li', findings: 4, chattered: 1, lastAt: NOON + 200 * SECOND },
      { deviceId: 'b-zhao', findings: 7, chattered: 1, lastAt: NOON },
    ])
    expect(await chatteringDevices(records.read, { ...ASKED, scope: QINGDAO })).toHaveLength(1)
  })

  test('have stale alarms after a day', async () => {
    await happened(
      records,
      { state: 'accepted', raisedAt: NOW - DAY - 1, marks: [] },
      { state: 'accepted', raisedAt: NOW - DAY, marks: [] },
      { state: 'closed', raisedAt: NOW - 2 * DAY, marks: [] },
    )
    const stale = await staleAlarms(records.read, { scope: WEIHAI, areaId: 'root', now: NOW })
    expect(stale.map(({ openMs }) => openMs)).toEqual([DAY + 1])
  })
})

// Every device of an elder expects the daily "I'm well"; it is said on one of them.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { lineOf } from '../../console/desk/sentences.ts'
import { en } from '../../console/desk/words.en.ts'
import type { Finding } from '../../model/finding.ts'
import type { TimelineEntry } from '../../model/incident.ts'
import { DAY, type Desk, finding, MINUTE, openDesk } from './desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const missed = (deviceId: string, day: string): Partial<Finding> => ({
  kind: 'missed_check_in',
  severity: 'high',
  deviceId,
  evidence: { day, by: '09:00', timeZone: 'Asia/Shanghai' },
})
const given = (deviceId: string, day: string): Partial<Finding> => ({
  ...missed(deviceId, day),
  severity: 'notice',
  ended: true,
})

test('said on one device it answers for the others of the same elder, on that day', async () => {
  expect(await desk.take(given('p-li', '2026-11-21'))).toEqual(['checked_in'])
  expect(await desk.take(missed('b-li', '2026-11-21'), missed('b-wang', '2026-11-21'))).toEqual([
    'checked_in',
    'first',
  ])
  expect(await desk.take(missed('b-li', '2026-11-22'))).toEqual(['first'])
  const alarms = await desk.alarms('emergency')
  expect(alarms.map(({ kind, subject }) => `${kind} ${subject.id}`).sort()).toEqual([
    'missed_check_in li',
    'missed_check_in wang',
  ])
})

test('what comes from both in one batch goes by the order of the batch', async () => {
  expect(await desk.take(missed('b-li', '2026-11-21'), given('p-li', '2026-11-21'))).toEqual([
    'first',
    'checked_in',
  ])
  desk.wait(DAY)
  expect(await desk.take(given('p-li', '2026-11-22'), missed('b-li', '2026-11-22'))).toEqual([
    'checked_in',
    'checked_in',
  ])
})

test('a day that came late takes nothing back', async () => {
  desk.wait(DAY)
  await desk.take(given('p-li', '2026-11-22'))
  await desk.take(given('b-li', '2026-11-21'))
  expect(await desk.take(missed('b-li', '2026-11-22'))).toEqual(['checked_in'])
})

test('given too late it stands on the open alarm, once, which stays open', async () => {
  await desk.take(missed('b-li', '2026-11-21'), missed('b-wang', '2026-11-21'))
  const [alarm] = (await desk.alarms('emergency')).filter(({ subject }) => subject.id === 'li')
  const id = String(alarm?.id)
  desk.wait(MINUTE)
  const late = finding({ receivedAt: desk.now(), ...given('p-li', '2026-11-21') })
  expect(await desk.take(late, late)).toEqual(['checked_in', 'checked_in'])
  expect(await desk.take(late)).toEqual(['known'])
  const timeline = await desk.timeline(id)
  expect(timeline.map(({ kind }) => kind)).toEqual(['finding', 'ended'])
  expect(timeline[1]).toMatchObject({
    at: desk.now(),
    findingId: late.id,
    detail: { kind: 'missed_check_in', deviceId: 'p-li', evidence: { day: '2026-11-21' } },
  })
  expect(await desk.byId(id)).toMatchObject({ state: 'raised', seq: timeline[1]?.seq })
  expect(lineOf(timeline[1] as TimelineEntry, en).text).toBe('Has said “I’m well” (2026-11-21).')
})

test('given in the same batch as it was missed it stands there as well', async () => {
  await desk.take(missed('b-li', '2026-11-21'), given('p-li', '2026-11-21'))
  expect(await desk.kinds((await desk.alarm('emergency')).id)).toEqual(['finding', 'ended'])
})

test('given in time it stands nowhere, nor on the alarm of somebody else', async () => {
  await desk.take(missed('b-wang', '2026-11-21'), given('b-li', '2026-11-21'))
  expect(await desk.kinds((await desk.alarm('emergency')).id)).toEqual(['finding'])
})

test('a day that was given while the clock was ahead answers for none of those until then', async () => {
  desk.wait(5 * DAY)
  await desk.take(given('b-li', '2026-11-26'))
  desk.wait(-5 * DAY)
  expect(await desk.take(missed('b-li', '2026-11-21'))).toEqual(['first'])
  desk.wait(DAY)
  expect(await desk.take(given('b-li', '2026-11-22'), missed('p-li', '2026-11-22'))).toEqual([
    'checked_in',
    'checked_in',
  ])
})

test('a device that nobody wears answers for nobody', async () => {
  await desk.take(given('b-spare', '2026-11-21'))
  expect(await desk.take(missed('b-li', '2026-11-21'))).toEqual(['first'])
})

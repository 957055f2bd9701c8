// Every device of an elder expects the daily "I'm well"; it is said on one of them.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../model/finding.ts'
import { type Desk, openDesk } from './desk.ts'

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
  expect(await desk.take(given('p-li', '2026-11-22'), missed('b-li', '2026-11-22'))).toEqual([
    'checked_in',
    'checked_in',
  ])
})

test('a day that came late takes nothing back', async () => {
  await desk.take(given('p-li', '2026-11-22'))
  await desk.take(given('b-li', '2026-11-21'))
  expect(await desk.take(missed('b-li', '2026-11-22'))).toEqual(['checked_in'])
})

test('a device that nobody wears answers for nobody', async () => {
  await desk.take(given('b-spare', '2026-11-21'))
  expect(await desk.take(missed('b-li', '2026-11-21'))).toEqual(['first'])
})

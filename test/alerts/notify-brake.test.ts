// A receiver that does not answer keeps no workers from the others.

import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { ChannelError } from '../../alerts/channels/channel.ts'
import { createGuard } from '../../alerts/channels/guard.ts'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import { startNotify } from '../../alerts/notify.ts'
import { createBrake } from '../../alerts/notify-brake.ts'
import { systemClock as clock } from '../../clock.ts'
import { startMetrics } from '../../metrics.ts'
import type { Finding } from '../../model/finding.ts'
import { writeDesk } from '../../records/db.ts'
import { eventually } from '../eventually.ts'
import { testLog } from '../gateway/desk.ts'
import { testRecords } from '../records/started.ts'
import { LOOPBACK, startReceiver } from './channels/receiver.ts'
import { finding, settle } from './desk.ts'

const TRY_WITHIN_MS = 500
const ALARMS = 400
/** Sixteen workers that wait for each of them take ten times this. */
const SOS_WITHIN_MS = ((ALARMS / 16) * TRY_WITHIN_MS) / 2

test('an SOS of another district waits for no storm of messages to a receiver that hangs', async () => {
  const [hanging, well] = [await startReceiver(() => undefined), await startReceiver()]
  const records = await testRecords(clock)
  const log = testLog([])
  await settle(records.db)
  const at = { changedAt: 0, archivedAt: null, kind: 'webhook' as const, enabled: 1 }
  for (const [areaId, { url }] of Object.entries({ wh: hanging, qd: well })) {
    const configJson = JSON.stringify({ url, secret: 'sixteen letters or more' })
    await records.db
      .insertInto('channels')
      .values({ ...at, id: areaId, name: areaId, areaId, configJson })
      .execute()
  }
  const device = {
    kind: 'bracelet',
    protocol: 'mqtt',
    secretHash: '',
    createdAt: 0,
    archivedAt: null,
  } as const
  const ids = Array.from({ length: ALARMS }, (_, i) => `storm-${i}`)
  await records.db
    .insertInto('devices')
    .values(ids.map(id => ({ ...device, id, areaId: 'wh' })))
    .execute()
  const jobs = openSqliteJobs({ records, clock, log })
  onTestFinished(jobs.close)
  const guard = createGuard({ allowed: LOOPBACK })
  const metrics = startMetrics().metrics
  const notify = await startNotify({ records, jobs, clock, log, metrics, guard, timeoutMs: TRY_WITHIN_MS })
  onTestFinished(notify.stop)
  const take = async (findings: Finding[]) => {
    await writeDesk(records, tx => applyFindings(tx, findings, clock.now()))
    records.nudge.publish('feed')
  }
  await take(ids.map(deviceId => finding({ deviceId, receivedAt: clock.now() })))
  await eventually(() => expect(hanging.received.length).toBeGreaterThanOrEqual(16))
  const pressedAt = performance.now()
  await take([finding({ deviceId: 'b-zhao', receivedAt: clock.now() })])
  await eventually(() => expect(well.received).toHaveLength(1), { interval: 10 })
  expect(performance.now() - pressedAt).toBeLessThan(SOS_WITHIN_MS)
})

test('one that does not answer is tried by two at once, and by all when it is back', async () => {
  const brake = createBrake()
  const silent = async () => {
    await wait(1)
    throw new ChannelError('timed_out', 'no answer')
  }
  const reasons = async (tries: number, work: () => Promise<void>) =>
    (await Promise.allSettled(Array.from({ length: tries }, () => brake.pass('a', work)))).filter(
      ({ status }) => status === 'rejected',
    ).length
  let begun = 0
  const counted = async () => {
    begun++
    await silent()
  }
  expect(await reasons(6, counted)).toBe(6)
  expect(begun, 'nobody knew yet').toBe(6)
  expect(await reasons(6, counted)).toBe(6)
  expect(begun).toBe(8)
  await brake.pass('b', async () => undefined) // another one is not held back
  await brake.pass('a', async () => undefined)
  expect(await reasons(6, counted)).toBe(6)
  expect(begun).toBe(14)
})

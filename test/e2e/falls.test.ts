// A fall from the bytes of a burst to the desk, and what follows when nobody gets up.

import { expect, it } from 'vitest'
import { falling, recorded, walking } from '../workers/falls/bursts.ts'
import { startTestHub } from './hub.ts'

const MINUTE = 60_000

it('a burst is a fall on the desk, and critical when the wearer lies still for a minute', async () => {
  const hub = await startTestHub()
  const device = await hub.connect('band-1', await hub.desk.register('band-1'))
  const say = (channel: string, message: object) =>
    device.publishAsync(`hub/v1/band-1/${channel}`, JSON.stringify(message), { qos: 1 })

  await say('motion', { ...recorded(walking), id: 'steps' })
  await say('motion', { ...recorded(falling), id: 'blow' })
  await say('motion', { ...recorded(falling), id: 'blow' })
  const { alarm, entry } = await hub.feed.waitFor(({ alarm }) => alarm.kind === 'fall')
  expect(alarm).toMatchObject({ class: 'emergency', severity: 'high', deviceId: 'band-1' })
  expect(entry).toMatchObject({ eventId: 'blow', detail: { evidence: { source: 'burst', fallsInDay: 1 } } })

  // The device's clock may be up to two minutes ahead: a minute passes by it at once.
  const now = Date.now() + 5_000
  await say('telemetry', { ts: now, steps: 900, worn: true })
  await say('telemetry', { ts: now + MINUTE, steps: 900, worn: true })
  const worse = await hub.feed.waitFor(({ alarm }) => alarm.severity === 'critical')
  expect(worse.alarm.id).toBe(alarm.id)
  expect(worse.entry.detail).toMatchObject({
    kind: 'fall',
    reason: 'worsened',
    evidence: { source: 'stillness', stillForMs: MINUTE, of: entry.findingId },
  })
  expect(hub.feed.findings().map(message => message.entry.detail.severity)).toEqual(['high', 'critical'])
  expect(await hub.metric('anxin_falls_total', { outcome: 'raised' })).toBe(1)
  expect(await hub.metric('anxin_falls_total', { outcome: 'still' })).toBe(1)
})

it('bursts that are none are acknowledged, counted by reason, and raise nothing', async () => {
  const hub = await startTestHub()
  const device = await hub.connect('band-1', await hub.desk.register('band-1'))
  const burst = recorded(falling)
  const { z: _z, ...withoutZ } = burst
  const bad: [reason: string, message: object][] = [
    ['empty', { ...burst, x: [], y: [], z: [] }],
    ['axis_missing', withoutZ],
    ['too_many_samples', { ...burst, x: Array.from({ length: 10_000 }, () => 0), y: [0], z: [0] }],
    ['bad_burst', { ...burst, x: [null, ...burst.x.slice(1)] }],
  ]
  for (const [, message] of bad) {
    await device.publishAsync('hub/v1/band-1/motion', JSON.stringify(message), { qos: 1 })
  }
  await device.publishAsync('hub/v1/band-1/motion', JSON.stringify(burst), { qos: 1 })
  await hub.feed.waitFor(({ alarm }) => alarm.kind === 'fall')
  for (const [reason] of bad) {
    expect(await hub.metric('anxin_unreadable_total', { kind: 'motion', reason }), reason).toBe(1)
  }
  expect(hub.feed.findings()).toHaveLength(1)
})

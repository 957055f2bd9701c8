// What a device said is asked away from a whole hub: the track goes before the vital signs, and an alarm stays.

import { expect, it } from 'vitest'
import type { Chart, Track } from '../../model/history.ts'
import type { RetentionRun } from '../../model/retention.ts'
import { type Desk, signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { startTestHub } from './hub.ts'

const DAY = 24 * 3_600_000
const LOC = { lat: 37.51, lon: 122.12, acc: 15, src: 'gps', datum: 'wgs84' }

type Runs = { items: RetentionRun[] }

/** Asks for a run, and waits for it: the hub looks every few seconds. */
async function run(admin: Desk): Promise<Record<string, number>> {
  const { id } = await admin.must<RetentionRun>('POST', '/retention/runs', {})
  const done = await eventually(
    async () => {
      const { items } = await admin.must<Runs>('GET', '/retention/runs')
      const found = items.find(one => one.id === id)
      if (found?.state !== 'done') throw new Error(`it is not done: ${JSON.stringify(found)}`)
      return found
    },
    { timeout: 60_000, interval: 200 },
  )
  return Object.fromEntries(done.counts.map(({ class: name, items }) => [name, items]))
}

it('lets go of the track, then of the vital signs, and never of an open alarm', {
  timeout: 180_000,
}, async () => {
  const hub = await startTestHub()
  await hub.desk.must('POST', '/residents', { id: 'mei', name: '梅', areaId: 'root' })
  const client = await hub.connect('b1', await hub.desk.register('b1', 'mei'))
  const at = Date.now()
  const sample = { ts: at, seq: 1, loc: LOC, vitals: { hr: 72 }, battery: 80 }
  await client.publishAsync('hub/v1/b1/telemetry', JSON.stringify(sample), { qos: 1 })
  await client.publishAsync('hub/v1/b1/event', '{"id":"e1","kind":"sos"}', { qos: 1 })
  const span = `from=${at - DAY}&to=${at + DAY}`
  const ask = async (desk: Desk) => ({
    track: await desk.must<Track>('GET', `/residents/mei/track?${span}`),
    chart: await desk.must<Chart>('GET', `/residents/mei/history?${span}&metric=hr`),
    open: (await desk.openAlarms()).filter(({ kind }) => kind === 'sos'),
  })
  await eventually(async () => {
    const { track, chart, open } = await ask(hub.desk)
    expect([track.items.length, chart.items.length, open.length]).toEqual([1, 1, 1])
    expect(await hub.metric('anxin_archived_total', { type: 'event' })).toBe(1)
  })

  hub.advance(34 * DAY) // sessions are over by then
  const month = await signIn(hub.httpUrl, { password: PASSWORD })
  expect(await run(month)).toMatchObject({ tracks: 2 }) // the position, and the event as it was sent
  const later = await ask(month)
  expect(later.track).toMatchObject({ items: [], incompleteBefore: expect.any(Number) })
  expect(later.chart).toMatchObject({ items: [{ mean: 72, count: 1 }], incompleteBefore: null })

  hub.advance(62 * DAY)
  const season = await signIn(hub.httpUrl, { password: PASSWORD })
  expect(await run(season)).toMatchObject({ vitals: 1 })
  const last = await ask(season)
  expect(last.chart).toMatchObject({ items: [], incompleteBefore: expect.any(Number) })
  expect(last.open).toHaveLength(1)
  const { items } = await season.must<{ items: { reason: string }[] }>('GET', '/audit?action=retention')
  expect(items.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/\bvitals:1\b/),
    expect.stringMatching(/\btracks:2\b/),
  ])
  expect(await hub.metric('anxin_retention_failures_total')).toBe(0)
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { historyCheck } from '../../gateway/checks.ts'
import { BUCKETS_MAX, CHART_DAYS_MAX, TRACK_DAYS_MAX } from '../../gateway/routes/history.ts'
import { HubError } from '../../model/error.ts'
import type { Telemetry } from '../../model/telemetry.ts'
import { listAudit } from '../../records/audit.ts'
import { noteHole } from '../../records/holes.ts'
import { noteDeletedBefore } from '../../records/retention.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { toWgs84 } from '../../workers/geometry/datum.ts'
import { openSqliteHistory } from '../../workers/history.sqlite.ts'
import { DAY_MS, type History, type KeptSample } from '../../workers/history.ts'
import { entriesOf, sample } from '../contract/history.entries.ts'
import { call, startDesk } from './desk.ts'

const MINUTE_MS = 60_000

/** What `deviceId` said, half a second before it was received. */
const sampleOf = (deviceId: string, at: number, readings: Telemetry): KeptSample =>
  sample(at, readings, { deviceId, receivedAt: at + 500 })

async function newHistory(): Promise<History> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-past-'))
  const open = openSqliteHistory({ dataDir })
  onTestFinished(async () => {
    await open.close()
    await rm(dataDir, { recursive: true })
  })
  return open.history
}

/** A district in which 王秀英 wears d1, and from `changedAt` on d2 while d1 goes to somebody else. */
async function started() {
  const history = await newHistory()
  const desk = await startDesk({ past: { history, partitions: 1 } })
  const admin = await desk.person('admin')
  const make = async (path: string, body: object) => (await admin.call('POST', path, body)).body
  const { id: hers } = await make('/residents', { name: '王秀英' })
  const { id: others } = await make('/residents', { name: '李建国' })
  const putOnAt = desk.clock.now()
  await make('/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt', residentId: hers })
  await make('/devices', { id: 'd2', kind: 'watch', protocol: 'mqtt' })
  desk.clock.advance(60 * MINUTE_MS)
  const changedAt = desk.clock.now()
  await admin.call('PATCH', '/devices/d1', { residentId: others })
  await admin.call('PATCH', '/devices/d2', { residentId: hers })
  desk.clock.advance(60 * MINUTE_MS)
  const operator = await desk.person('operator')
  return { ...desk, history, hers, others, putOnAt, changedAt, operator }
}

describe('charts', () => {
  it('show whom a device was worn by at the time', async () => {
    const { history, hers, others, putOnAt, changedAt, operator } = await started()
    await history.write(
      entriesOf([
        sampleOf('d1', putOnAt - 1, { vitals: { hr: 10 } }),
        sampleOf('d1', putOnAt + MINUTE_MS, { vitals: { hr: 60 } }),
        sampleOf('d1', putOnAt + 2 * MINUTE_MS, { vitals: { hr: 70 } }),
        sampleOf('d1', changedAt + MINUTE_MS, { vitals: { hr: 90 } }),
        sampleOf('d2', changedAt + MINUTE_MS, { vitals: { hr: 75 } }),
      ]),
    )
    const from = putOnAt - 60 * MINUTE_MS
    const span = `from=${from}&to=${from + 4 * 60 * MINUTE_MS}&every=1h&metric=hr`
    expect((await operator.call('GET', `/residents/${hers}/history?${span}`)).body).toEqual({
      metric: 'hr',
      from,
      to: from + 4 * 60 * MINUTE_MS,
      everyMs: 60 * MINUTE_MS,
      items: [
        { at: putOnAt, mean: 65, min: 60, max: 70, count: 2 },
        { at: changedAt, mean: 75, min: 75, max: 75, count: 1 },
      ],
      holes: [],
      incompleteBefore: null,
    })
    const { body } = await operator.call('GET', `/residents/${others}/history?${span}`)
    expect(body.items).toEqual([{ at: changedAt, mean: 90, min: 90, max: 90, count: 1 }])
  })

  it('say where something is missing', async () => {
    const { records, hers, putOnAt, operator } = await started()
    const hole = { id: 'h1', partition: 0, lane: 'routine' as const, records: 12 }
    await noteHole(records.db, { ...hole, fromAt: putOnAt, toAt: putOnAt + 1_000 })
    await noteHole(records.db, { ...hole, fromAt: putOnAt, toAt: putOnAt + 5_000, records: 34 })
    const span = `from=${putOnAt - 1}&to=${putOnAt + DAY_MS}`
    const holes = [{ fromAt: putOnAt, toAt: putOnAt + 5_000, records: 34 }]
    const chart = await operator.call('GET', `/residents/${hers}/history?${span}&metric=steps`)
    expect(chart.body).toMatchObject({ items: [], holes, everyMs: 5 * MINUTE_MS })
    expect((await operator.call('GET', `/residents/${hers}/track?${span}`)).body).toMatchObject({ holes })
    const later = `from=${putOnAt + 6_000}&to=${putOnAt + DAY_MS}`
    expect((await operator.call('GET', `/residents/${hers}/track?${later}`)).body).toMatchObject({
      holes: [],
    })
  })

  it('say up to when something was let go of: a track for longer than a chart', async () => {
    const { records, hers, putOnAt, operator } = await started()
    await records.db.transaction().execute(async tx => {
      await noteDeletedBefore(tx, 'tracks', putOnAt)
      await noteDeletedBefore(tx, 'vitals', putOnAt - 60 * DAY_MS)
    })
    const span = `from=${putOnAt - DAY_MS}&to=${putOnAt + DAY_MS}`
    const chart = await operator.call('GET', `/residents/${hers}/history?${span}&metric=hr`)
    expect(chart.body.incompleteBefore).toBe(null)
    const track = await operator.call('GET', `/residents/${hers}/track?${span}`)
    expect(track.body.incompleteBefore).toBe(putOnAt)
  })

  it.each([
    ['a metric that is none', 'metric=mood&from=1&to=2'],
    ['an end before the beginning', 'metric=hr&from=2&to=1'],
    ['no beginning', 'metric=hr&to=1'],
    ['a span that is too long', `metric=hr&from=0&to=${(CHART_DAYS_MAX + 1) * DAY_MS}`],
    ['too many stretches', `metric=hr&from=0&to=${(BUCKETS_MAX + 1) * 1_000}&every=1s`],
    ['stretches of nothing', 'metric=hr&from=0&to=10&every=0'],
    ['a length that is no length', 'metric=hr&from=0&to=10&every=often'],
    ['a time that is no time', 'metric=hr&from=yesterday&to=10'],
  ])('are refused for %s', async (_what, query) => {
    const { hers, operator } = await started()
    const { status, body } = await operator.call('GET', `/residents/${hers}/history?${query}`)
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' })
  })
})

describe('tracks', () => {
  it('are fixes in order, page by page, in WGS-84', async () => {
    const { history, hers, putOnAt, changedAt, operator } = await started()
    const loc = { lat: 37.5, lon: 122.1, acc: 15, src: 'gps' as const, datum: 'gcj02' as const }
    const times = [0, 1, 1, 2, 3, 4].map(minute => ({ at: putOnAt + minute * MINUTE_MS }))
    const fixes = times.map(({ at }) => sampleOf('d1', at, { loc }))
    await history.write(
      entriesOf([
        ...fixes,
        sampleOf('d1', putOnAt + 30_000, { battery: 5 }),
        sampleOf('d2', changedAt + 1, { loc: { lat: 1, lon: 2 } }),
        sampleOf('d1', changedAt + 1, { loc }),
      ]),
    )
    const seen: unknown[] = []
    let from: number | null = putOnAt - 1
    for (let pages = 0; from !== null && pages < 10; pages++) {
      const path: string = `/residents/${hers}/track?from=${from}&to=${changedAt + DAY_MS}&limit=2`
      const { body } = await operator.call('GET', path)
      seen.push(...body.items)
      from = body.next
    }
    const receivedAt = (at: number) => at + 500
    const place = { ...toWgs84(loc, loc.datum), acc: 15, src: 'gps' }
    expect(place.lat).not.toBe(loc.lat)
    expect(seen).toEqual([
      ...times.map(({ at }) => ({ deviceId: 'd1', at, receivedAt: receivedAt(at), ...place })),
      { deviceId: 'd2', at: changedAt + 1, receivedAt: receivedAt(changedAt + 1), lat: 1, lon: 2 },
    ])
  })

  it('are bounded', async () => {
    const { hers, operator } = await started()
    const { status } = await operator.call(
      'GET',
      `/residents/${hers}/track?from=0&to=${(TRACK_DAYS_MAX + 1) * DAY_MS}`,
    )
    expect(status).toBe(400)
  })
})

describe('what was heard last', () => {
  it('is the newest of each kind, of what is worn now and was worn lately', async () => {
    const { history, hers, others, putOnAt, changedAt, operator } = await started()
    await history.write(
      entriesOf([
        sampleOf('d1', putOnAt + 1, { loc: { lat: 3, lon: 4 }, vitals: { hr: 60 } }),
        sampleOf('d1', changedAt + 1, { loc: { lat: 5, lon: 6 } }),
        sampleOf('d2', changedAt + 2, { vitals: { hr: 71 }, battery: 40 }),
      ]),
    )
    expect((await operator.call('GET', `/residents/${hers}/latest`)).body).toEqual({
      fix: { deviceId: 'd1', at: putOnAt + 1, receivedAt: putOnAt + 501, lat: 3, lon: 4 },
      vitals: { deviceId: 'd2', at: changedAt + 2, receivedAt: changedAt + 502, vitals: { hr: 71 } },
      state: { deviceId: 'd2', at: changedAt + 2, receivedAt: changedAt + 502, battery: 40 },
    })
    expect((await operator.call('GET', `/residents/${others}/latest`)).body).toMatchObject({
      fix: { lat: 5, lon: 6 },
      vitals: null,
    })
  })
})

describe('readiness', () => {
  const silent = () => new Promise<void>(() => undefined)
  const away = async () => {
    throw new HubError('UNAVAILABLE', 'it is away')
  }

  it.each<[string, () => Promise<void>, object]>([
    ['there', async () => undefined, { ok: true, detail: 'answers' }],
    ['away', away, { ok: true, detail: expect.stringMatching(/^warning: .*it is away$/) }],
    ['silent', silent, { ok: true, detail: expect.stringMatching(/^warning: .*no answer$/) }],
  ])('names the history that is %s, and is not red for it', async (_how, ping, expected) => {
    const check = historyCheck({ ping, answersWithinMs: 20 })
    expect(check.name).toBe('history')
    expect(await check.check()).toEqual(expected)
  })
})

describe('who asks', () => {
  it('sees nobody of another area', async () => {
    const { hers, person } = await started()
    const admin = await person('admin')
    const { body: area } = await admin.call('POST', '/areas', {
      name: '青岛',
      parentId: 'root',
      level: 'city',
    })
    const elsewhere = await person('operator', area.id)
    for (const what of ['latest', 'track?from=0&to=1', 'history?from=0&to=1&metric=hr']) {
      const { status, body } = await elsewhere.call('GET', `/residents/${hers}/${what}`)
      expect({ status, code: body.code }, what).toEqual({ status: 404, code: 'NOT_FOUND' })
    }
  })

  it('is told where a hub keeps no history', async () => {
    const desk = await startDesk()
    const admin = await desk.person('admin')
    const { id } = (await admin.call('POST', '/residents', { name: '王秀英' })).body
    for (const what of ['latest', 'track?from=0&to=1', 'history?from=0&to=1&metric=hr']) {
      const { status, body } = await admin.call('GET', `/residents/${id}/${what}`)
      expect({ status, code: body.code }, what).toEqual({ status: 409, code: 'NO_HISTORY' })
    }
  })

  it('is told that it is away, and nobody else notices', async () => {
    const away = async () => {
      throw new HubError('UNAVAILABLE', 'it is away')
    }
    const history = { newest: away, buckets: away } as unknown as History
    const desk = await startDesk({ past: { history, partitions: 1 } })
    const admin = await desk.person('admin')
    const { id } = (await admin.call('POST', '/residents', { name: '王秀英' })).body
    await admin.call('POST', '/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt', residentId: id })
    desk.clock.advance(1_000)
    const { status, body } = await admin.call('GET', `/residents/${id}/latest`)
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'UNAVAILABLE' })
    expect((await call(desk.url, { path: '/../../readyz' })).status).toBe(200)
  })
})

it('who looked at a chart or a track is on record; the newest, which an alarm shows, is not', async () => {
  const { records, hers, putOnAt, changedAt, operator } = await started()
  const span = `from=${putOnAt}&to=${changedAt}`
  for (const path of [`history?metric=hr&${span}`, `track?${span}`, 'latest'])
    expect((await operator.call('GET', `/residents/${hers}/${path}`)).status, path).toBe(200)
  const { items } = await listAudit(records.read, { scope: WHOLE_HUB, actorId: operator.id, limit: 10 })
  expect(items.map(({ action, targetType, targetId }) => [action, targetType, targetId])).toEqual([
    ['GET /residents/:id/track', 'resident', hers],
    ['GET /residents/:id/history', 'resident', hers],
  ])
})

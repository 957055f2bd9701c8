// Trying a zone through the interface: nothing is stored, and nobody's past is shown to whom it is not for.

import { describe, expect, it } from 'vitest'
import { epochMs } from '../../model/units.ts'
import type { History, Kept, KeptSample } from '../../workers/history.ts'
import { emptyTally } from '../../workers/kept.entries.ts'
import { placed } from '../workers/rules/story.ts'
import { startDesk } from './desk.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A history that holds these samples. */
const holding = (kept: readonly KeptSample[]): History => ({
  write: async () => emptyTally(),
  async *read({ deviceId, from, to }): AsyncGenerator<readonly Kept[]> {
    yield kept.filter(one => one.deviceId === deviceId && one.at >= from && one.at < to)
  },
  buckets: async () => [],
  newest: async () => ({}),
  async *retain() {},
  erase: async () => undefined,
})

const walked = (deviceId: string, at: number, eastM: number): KeptSample => ({
  type: 'sample',
  deviceId,
  at: epochMs(at),
  receivedAt: epochMs(at),
  nudgeNs: 0,
  sample: { loc: { ...placed(eastM), acc: 10, src: 'gps' } },
})

const around = (radiusM: number) => {
  const { lat, lon } = placed(0)
  return { circle: { center: [lon, lat], radiusM } }
}

/** 王秀英 wears d1, and walks a kilometre out twice. */
async function started({ past = true } = {}) {
  const kept: KeptSample[] = []
  const desk = await startDesk(past ? { past: { history: holding(kept), partitions: 1 } } : {})
  const admin = await desk.person('admin')
  const make = async (path: string, body: object) => (await admin.call('POST', path, body)).body
  const { id: residentId } = await make('/residents', { name: '王秀英', wandering: true })
  await make('/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt', residentId })
  desk.clock.advance(1)
  const from = desk.clock.now()
  for (let minute = 0; minute < 20; minute++)
    kept.push(walked('d1', from + minute * MINUTE_MS, (minute % 10) * 100))
  desk.clock.advance(20 * MINUTE_MS)
  const tryZone = (body: object) => admin.call('POST', '/zones/dry-run', body)
  return { ...desk, admin, make, residentId, tryZone }
}

describe('a dry run', () => {
  it('shows what a zone would have raised over the last thirty days, and stores nothing', async () => {
    const { tryZone, residentId, clock, admin } = await started()
    const zone = { name: '家', kind: 'safe', shape: around(300), residentId }
    const { status, body } = await tryZone({ zone })
    expect(status).toBe(200)
    expect(body).toMatchObject({ from: clock.now() - 30 * DAY_MS, to: clock.now(), fixes: 20, raised: 2 })
    expect(body.findings).toMatchObject([
      { kind: 'zone_exit', severity: 'critical', deviceId: 'd1', evidence: { zoneName: '家' } },
      { kind: 'zone_exit' },
    ])
    expect((await tryZone({ zone: { ...zone, shape: around(2_000) } })).body).toMatchObject({ raised: 0 })
    expect((await tryZone({ zone: { ...zone, kind: 'danger' } })).body).toMatchObject({
      findings: [{ kind: 'danger_zone_enter' }, { kind: 'danger_zone_enter' }],
    })
    expect((await admin.call('GET', '/zones')).body.items).toEqual([])
  })

  it('takes the place of the zone that is edited, beside the others of the elder', async () => {
    const { tryZone, make, residentId } = await started()
    const zone = { name: '家', kind: 'safe', shape: around(300), residentId }
    const { id: zoneId } = await make('/zones', zone)
    expect((await tryZone({ zone, zoneId })).body).toMatchObject({ raised: 2 })
    expect((await tryZone({ zone: { ...zone, shape: around(2_000) }, zoneId })).body).toMatchObject({
      raised: 0,
    })
    await make('/zones', { ...zone, name: '大区', shape: around(5_000) })
    expect((await tryZone({ zone, zoneId })).body).toMatchObject({ raised: 0 }) // both are safe
  })

  it('of a zone of an area is on an elder that is named', async () => {
    const { tryZone, residentId } = await started()
    const zone = { name: '街道', kind: 'safe', shape: around(300), areaId: 'root' }
    expect(await tryZone({ zone })).toMatchObject({ status: 400, body: { errors: [{ path: 'residentId' }] } })
    expect((await tryZone({ zone, residentId })).body).toMatchObject({ raised: 2 })
  })

  it.each<[string, object, number, string]>([
    [
      'two points',
      {
        polygon: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
      },
      400,
      'shape.polygon.0',
    ],
    [
      'a bow tie',
      {
        polygon: [
          [
            [0, 0],
            [1, 1],
            [1, 0],
            [0, 1],
          ],
        ],
      },
      400,
      'shape.polygon.0',
    ],
    ['latitude 91', { circle: { center: [122, 91], radiusM: 300 } }, 400, 'shape.circle.center'],
    ['swapped', { circle: { center: [37.5, 122], radiusM: 300 } }, 400, 'shape.circle.center'],
  ])('refuses what could not be stored, by name: %s', async (_why, shape, status, path) => {
    const { tryZone, admin, residentId } = await started()
    const zone = { name: '家', kind: 'safe', shape, residentId }
    const refusal = {
      status,
      body: {
        code: 'BAD_REQUEST',
        errors: [{ path, message: expect.any(String), reason: expect.any(String) }],
      },
    }
    expect(await tryZone({ zone })).toMatchObject(refusal)
    expect(await admin.call('POST', '/zones', zone)).toMatchObject(refusal)
  })

  it.each<[string, object, string]>([
    ['ends before it starts', { schedule: [{ days: [1], from: '10:00', to: '09:00' }] }, 'zone.schedule.0'],
    [
      'on a day that is none',
      { schedule: [{ days: [8], from: '09:00', to: '10:00' }] },
      'zone.schedule.0.days.0',
    ],
    ['by no clock', { timeZone: 'Mars/Olympus' }, 'zone.timeZone'],
  ])('refuses a schedule that says nothing, by name: %s', async (_why, change, path) => {
    const { tryZone, residentId } = await started()
    const zone = { name: '家', kind: 'safe', shape: around(300), residentId, ...change }
    expect(await tryZone({ zone })).toMatchObject({
      status: 400,
      body: { errors: [{ path: `body.${path}` }] },
    })
  })

  it('is refused where nothing is kept, of what is not there, and to whom it is not for', async () => {
    const { tryZone, residentId, person } = await started()
    const zone = { name: '家', kind: 'safe', shape: around(300), residentId }
    expect((await tryZone({ zone, zoneId: 'nowhere' })).body).toMatchObject({ code: 'NOT_FOUND' })
    expect((await tryZone({ zone: { ...zone, residentId: 'nobody' } })).status).toBe(400)
    const operator = await person('operator')
    expect((await operator.call('POST', '/zones/dry-run', { zone })).status).toBe(403)
    const empty = await started({ past: false })
    const answer = await empty.tryZone({ zone: { ...zone, residentId: empty.residentId } })
    expect(answer).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  })
})

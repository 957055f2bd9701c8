import { describe, expect, test } from 'vitest'
import { HubError } from '../../model/error.ts'
import { buildDistrict } from '../../simulators/district/district.ts'
import { seedDistrict } from '../../simulators/district/seed.ts'

type Row = Record<string, unknown>

/** A registry that keeps what is posted, knows conflicts, and hides what is archived. */
function registry() {
  const rows = new Map<string, Row>()
  const most = { running: 0 }
  let running = 0
  const live = (path: string): Row => {
    const row = rows.get(path)
    if (row === undefined || row.archived) throw new HubError('NOT_FOUND', `there is no ${path}`)
    return row
  }
  const client = {
    async post(path: string, body: unknown) {
      const row = body as { id: string }
      most.running = Math.max(most.running, ++running)
      await Promise.resolve()
      running--
      const key = `${path}/${row.id}`
      if (rows.has(key)) throw new HubError('CONFLICT', `${key} is there`)
      rows.set(key, { ...row })
      return path === '/devices' ? { device: row, secret: `secret of ${row.id}` } : row
    },
    async get(path: string) {
      const [, residentId] = path.split('/devices?residentId=')
      if (residentId === undefined) return live(path)
      const isWorn = ([key, row]: [string, Row]) =>
        key.startsWith('/devices/') && row.residentId === residentId
      return { items: [...rows].filter(isWorn).flatMap(([, row]) => (row.archived ? [] : [row])) }
    },
    patch: async (path: string, body: unknown) => Object.assign(live(path), body),
    delete: async (path: string) => Object.assign(live(path), { archived: true }),
  }
  return { client, rows, most }
}

const district = buildDistrict({ seed: 5, elders: 30 })

describe('seeding a district', () => {
  test('creates everything once, parents before children, a few at a time', async () => {
    const { client, rows, most } = registry()
    const seeded = await seedDistrict({ client, district, run: 'r1' })
    expect(seeded).toMatchObject({ created: rows.size, found: 0 })
    expect(seeded.suffix).toBeUndefined()
    expect(seeded.devices.map(({ id }) => id)).toEqual(district.households.map(h => h.device.id))
    expect(seeded.devices[3]?.secret).toBe(`secret of ${district.households[3]?.device.id}`)
    expect(most.running).toBeLessThanOrEqual(8)
    const order = [...rows.keys()]
    for (const { resident, zone } of district.households) {
      expect(order.indexOf(`/zones/${zone.id}`)).toBeGreaterThan(order.indexOf(`/residents/${resident.id}`))
    }
  })

  test('a second run finds all of it and brings new wearables, because secrets are shown once', async () => {
    const { client, rows } = registry()
    await seedDistrict({ client, district, run: 'r1' })
    const before = rows.size
    const again = await seedDistrict({ client, district, run: 'r2' })
    expect(again.suffix).toBe('-r2')
    expect(again.created).toBe(30)
    expect(rows.size).toBe(before + 30)
    expect(again.devices.every(({ id, household }) => id === `${household.device.id}-r2`)).toBe(true)
  })

  test('wearables of earlier runs are archived: nobody has their secrets', async () => {
    const { client, rows } = registry()
    for (const run of ['r1', 'r2', 'r3']) await seedDistrict({ client, district, run })
    const live = [...rows].filter(([key, row]) => key.startsWith('/devices/') && !row.archived)
    expect(live.map(([key]) => key.endsWith('-r3'))).toEqual(Array(30).fill(true))
  })

  test('a fence that somebody moved goes back, because what is owed hangs on it', async () => {
    const { client, rows } = registry()
    await seedDistrict({ client, district, run: 'r1' })
    const { zone } = district.households[4] as (typeof district.households)[number]
    await client.patch(`/zones/${zone.id}`, { dwellMs: 1 })
    await seedDistrict({ client, district, run: 'r2' })
    expect(rows.get(`/zones/${zone.id}`)).toEqual(zone)
  })

  test('an elder whom somebody has archived is left in peace, an archived fence as well', async () => {
    const { client } = registry()
    await seedDistrict({ client, district, run: 'r1' })
    const [gone, unfenced] = district.households
    await client.delete(`/residents/${gone?.resident.id}`)
    await client.delete(`/zones/${unfenced?.zone.id}`)
    const again = await seedDistrict({ client, district, run: 'r2' })
    expect(again.archived).toBe(1)
    expect(again.devices).toHaveLength(29)
    expect(again.devices.some(({ household }) => household === gone)).toBe(false)
  })

  test('tells how far it is', async () => {
    const seen: number[] = []
    await seedDistrict({ ...registry(), district, run: 'r1', onProgress: done => seen.push(done) })
    expect(seen.at(-1)).toBe(30)
  })

  test('anything but a conflict ends it', async () => {
    const client = {
      ...registry().client,
      post: async () => {
        throw new HubError('FORBIDDEN', 'not an administrator')
      },
    }
    await expect(seedDistrict({ client, district, run: 'r1' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

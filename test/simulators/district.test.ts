import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { areaSchema } from '../../model/area.ts'
import { contactSchema, residentSchema } from '../../model/resident.ts'
import { zoneSchema } from '../../model/zone.ts'
import { buildDistrict } from '../../simulators/district/district.ts'
import { NOBODYS_PREFIX } from '../../simulators/district/phone.ts'
import { CENTRE } from '../../simulators/district/places.ts'
import { distanceM } from '../../simulators/ground.ts'

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

describe('a district out of a seed', () => {
  test('the same seed gives the same bytes, another seed others', () => {
    const first = hashOf(buildDistrict({ seed: 7, elders: 120 }))
    expect(hashOf(buildDistrict({ seed: 7, elders: 120 }))).toBe(first)
    expect(hashOf(buildDistrict({ seed: 8, elders: 120 }))).not.toBe(first)
  })

  test('a larger district holds a smaller one unchanged: a hub may have been seeded with that', () => {
    const small = buildDistrict({ seed: 7, elders: 50 })
    const large = buildDistrict({ seed: 7, elders: 500 })
    expect(large.households.slice(0, 50)).toEqual(small.households)
    expect(large.areas).toEqual(expect.arrayContaining(small.areas))
  })

  test('everything in it is what the hub takes', () => {
    const { areas, households } = buildDistrict({ seed: 1, elders: 300 })
    for (const area of areas) areaSchema.parse(area)
    for (const { resident, contacts, zone } of households) {
      residentSchema.parse(resident)
      zoneSchema.parse(zone)
      for (const contact of contacts) contactSchema.parse(contact)
    }
  })

  test('the tree has five levels, and parents come before children', () => {
    const { areas, households } = buildDistrict({ seed: 1, elders: 300 })
    const known = new Set(['root'])
    for (const { id, parentId } of areas) {
      expect(known).toContain(parentId)
      known.add(id)
    }
    expect(new Set(areas.map(area => area.level))).toEqual(
      new Set(['province', 'city', 'district', 'street', 'community']),
    )
    const levelOf = new Map(areas.map(area => [area.id, area.level]))
    expect(households.every(({ resident }) => levelOf.get(resident.areaId) === 'community')).toBe(true)
    expect(new Set(areas.map(area => area.name)).size).toBe(areas.length)
  })

  test('ids are unique, all over', () => {
    const { areas, households } = buildDistrict({ seed: 3, elders: 500 })
    const ids = households.flatMap(h => [h.resident.id, h.zone.id, h.device.id, ...h.contacts.map(c => c.id)])
    ids.push(...areas.map(area => area.id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('elders are spread as in life', () => {
    const elders = buildDistrict({ seed: 1, elders: 4_000 }).households
    const share = (is: (household: (typeof elders)[number]) => boolean) =>
      elders.filter(is).length / elders.length
    expect(share(h => h.resident.wandering)).toBeCloseTo(0.18, 1)
    expect(share(h => h.resident.livesAlone)).toBeCloseTo(0.38, 1)
    expect(share(h => h.resident.gender === 'female')).toBeCloseTo(0.56, 1)
    expect(share(h => h.resident.name.startsWith('王'))).toBeGreaterThan(0.08)
    expect(share(h => h.device.kind === 'bracelet')).toBeGreaterThan(0.3)
    expect(share(h => h.device.kind === 'phone')).toBeGreaterThan(0.1)
    expect(share(h => 'polygon' in h.zone.shape)).toBeCloseTo(0.35, 1)
    const years = elders.map(h => h.resident.birthYear as number)
    expect([Math.min(...years), Math.max(...years)]).toEqual([1930, 1961])
    expect(new Set(elders.map(h => h.resident.name)).size).toBeGreaterThan(2_000)
  })

  test('homes lie about the centre, and their telephones are nobody’s', () => {
    for (const { home, resident, contacts } of buildDistrict({ seed: 2, elders: 300 }).households) {
      expect(distanceM(home, CENTRE)).toBeLessThan(14_000)
      for (const phone of [resident.phone, ...contacts.map(contact => contact.phone)]) {
        expect(phone).toMatch(new RegExp(`^${NOBODYS_PREFIX}\\d{6}$`))
      }
    }
  })

  test('the fence holds what it promises: nearer is inside, further is outside', () => {
    for (const { home, zone, fence } of buildDistrict({ seed: 2, elders: 300 }).households) {
      if (!('polygon' in zone.shape)) continue
      const ring = zone.shape.polygon[0] as [number, number][]
      const places = ring.map(([lon, lat]) => ({ lat, lon }))
      for (const [i, corner] of places.entries()) {
        const next = places[(i + 1) % places.length] as typeof corner
        const middle = { lat: (corner.lat + next.lat) / 2, lon: (corner.lon + next.lon) / 2 }
        expect(distanceM(home, corner)).toBeLessThan(fence.outsideM + 1)
        expect(distanceM(home, middle)).toBeGreaterThan(fence.insideM - 1)
      }
    }
  })
})

// The index finds what looking at every zone would find, wherever on the globe, and in a fraction of the time.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Position, Shape, Zone } from '../../../model/zone.ts'
import { type Place, wrapDegrees } from '../../../workers/geometry/earth.ts'
import { distanceToShapeM } from '../../../workers/geometry/shape.ts'
import { indexZones } from '../../../workers/geometry/zone-index.ts'
import { circle } from '../rules/story.ts'

const zoneOf = (id: number, shape: Shape): Zone => circle({ id: `z${String(id).padStart(5, '0')}`, shape })

const lat = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(37.5, 79.9, 80.1, 89.9, -89.99, 90),
)
const lon = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(122.1, 179.999, -179.999, 180, -180),
)
const centre = fc.record({ lat, lon })

/** A shape of some metres around a place, as a zone would be drawn there. */
const shapeAt = (at: Place, sizeM: number, kind: number): Shape => {
  const high = sizeM / 111_195
  const wide = Math.min(60, high / Math.max(0.001, Math.cos((at.lat * Math.PI) / 180)))
  const corner = (x: number, y: number): Position => [
    wrapDegrees(at.lon + x * wide),
    Math.max(-90, Math.min(90, at.lat + y * high)),
  ]
  if (kind === 0) return { circle: { center: [at.lon, at.lat], radiusM: sizeM } }
  if (kind === 1)
    return { corridor: { line: [corner(-1, 0), corner(0, 0.5), corner(1, 0)], widthM: sizeM / 3 } }
  return { polygon: [[corner(-1, -1), corner(1, -1), corner(0.5, 1), corner(-1, 0.5)]] }
}

const shape = fc
  .tuple(centre, fc.constantFrom(20, 300, 5_000, 80_000), fc.integer({ min: 0, max: 2 }))
  .map(([at, sizeM, kind]) => shapeAt(at, sizeM, kind))

describe('the index', () => {
  it('finds every zone that holds a place', () => {
    let held = 0
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 12 }), centre, (shapes, near) => {
        const zones = shapes.map((one, i) => zoneOf(i, one))
        const index = indexZones(zones)
        const places = [near, ...shapes.flatMap(placesIn)]
        for (const place of places) {
          const found = new Set(index.around(place))
          const holding = zones.filter(zone => distanceToShapeM(zone.shape, place) <= 0)
          held += holding.length
          expect(holding.filter(zone => !found.has(zone))).toEqual([])
        }
      }),
      { numRuns: 400 },
    )
    expect(held).toBeGreaterThan(500)
  })

  it('finds the nearest one, of those that are on', () => {
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 12 }), centre, (shapes, place) => {
        const zones = shapes.map((one, i) => zoneOf(i, one))
        const isOn = ({ id }: Zone): boolean => id !== 'z00001'
        const nearest = Math.min(...zones.filter(isOn).map(zone => distanceToShapeM(zone.shape, place)))
        const found = indexZones(zones).nearest(place, isOn)
        // Far away any one will do, and near a pole degrees say little of what is near.
        const share = nearest > 500_000 ? Number.POSITIVE_INFINITY : nearest > 50_000 ? 2 : 0.02
        const within = 0.5 + Math.max(0, nearest) * share
        expect((found?.distanceM ?? 0) - nearest).toBeLessThanOrEqual(within)
      }),
      { numRuns: 400 },
    )
  })

  it('is the same in whatever order zones became known, and takes the first of equals', () => {
    const same = Array.from({ length: 20 }, (_, i) =>
      zoneOf(i, { circle: { center: [122, 37], radiusM: 50 } }),
    )
    for (const zones of [same, same.toReversed()]) {
      const index = indexZones(zones)
      expect(index.nearest({ lat: 37, lon: 122.01 })?.zone.id).toBe('z00000')
      expect(index.around({ lat: 37, lon: 122 }).map(({ id }) => id)).toEqual(same.map(({ id }) => id))
    }
  })

  it('knows nothing of no zones', () => {
    const index = indexZones([])
    expect(index.around({ lat: 37, lon: 122 })).toEqual([])
    expect(index.nearest({ lat: 37, lon: 122 })).toBeUndefined()
  })
})

/** Its centre, or one of its corners. */
function placesIn(shape: Shape): Place[] {
  const at = ([lon, lat]: Position): Place => ({ lon, lat })
  if ('circle' in shape) return [at(shape.circle.center)]
  return ('corridor' in shape ? shape.corridor.line : (shape.polygon[0] ?? [])).map(at)
}

describe('ten thousand zones', () => {
  it('cost a small part of what looking at each would', () => {
    const zones = Array.from({ length: 10_000 }, (_, i) => {
      const at = { lat: 30 + (i % 100) * 0.02, lon: 120 + Math.floor(i / 100) * 0.02 }
      return zoneOf(i, shapeAt(at, 600, i % 3))
    })
    const places = Array.from({ length: 500 }, (_, i) => ({
      lat: 30 + ((i * 0.0137) % 2),
      lon: 120 + ((i * 0.0391) % 2),
    }))
    const index = indexZones(zones)
    const eachUs = (ask: (place: Place) => unknown, asked: readonly Place[], rounds: number): number => {
      const times = Array.from({ length: rounds }, () => {
        const before = performance.now()
        for (const place of asked) ask(place)
        return ((performance.now() - before) * 1_000) / asked.length
      })
      return Math.min(...times)
    }
    const around = eachUs(place => index.around(place), places, 50)
    const nearest = eachUs(place => index.nearest(place), places, 50)
    const ask = (place: Place) => zones.filter(zone => distanceToShapeM(zone.shape, place) <= 0)
    const each = eachUs(ask, places.slice(0, 20), 3)
    const told = Object.entries({ around, nearest, each }).map(([what, us]) => `${what} ${us.toFixed(2)} µs`)
    process.stdout.write(`10,000 zones, a place: ${told.join(', ')}\n`)
    expect(nearest).toBeLessThan(each / 50)
    expect(around).toBeLessThan(each / 200)
  })
})

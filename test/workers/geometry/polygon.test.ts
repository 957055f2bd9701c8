// Signed distance to polygons: against an independent oracle, across 180°, near and around the poles.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Position } from '../../../model/zone.ts'
import { EARTH_RADIUS_M, greatCircleM, type Place, wrapDegrees } from '../../../workers/geometry/earth.ts'
import { distanceToPolygonM } from '../../../workers/geometry/polygon.ts'
import { distanceToShapeM } from '../../../workers/geometry/shape.ts'

const RADIANS = Math.PI / 180

/** The place `metres` away in a direction, on the sphere, by vectors: exact at the poles as well. */
function from({ lat, lon }: Place, metres: number, bearing: number): Place {
  const [phi, lambda, theta, angle] = [
    lat * RADIANS,
    lon * RADIANS,
    bearing * RADIANS,
    metres / EARTH_RADIUS_M,
  ]
  const up = [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)] as const
  const north = [-Math.sin(phi) * Math.cos(lambda), -Math.sin(phi) * Math.sin(lambda), Math.cos(phi)] as const
  const east = [-Math.sin(lambda), Math.cos(lambda), 0] as const
  const along = (axis: 0 | 1 | 2) =>
    up[axis] * Math.cos(angle) +
    (north[axis] * Math.cos(theta) + east[axis] * Math.sin(theta)) * Math.sin(angle)
  const [x, y, z] = [along(0), along(1), along(2)]
  return { lat: Math.atan2(z, Math.hypot(x, y)) / RADIANS, lon: Math.atan2(y, x) / RADIANS }
}

const corner = ({ lat, lon }: Place): Position => [lon, lat]

const regular = (centre: Place, radiusM: number, corners: number): Position[] =>
  Array.from({ length: corners }, (_, i) => corner(from(centre, radiusM, (360 * i) / corners)))

/** How often a ring winds around a place: the sum of the angles under which its edges are seen. */
function winding(ring: readonly Position[], { lat, lon }: Place): number {
  let sum = 0
  for (let i = 0; i < ring.length; i++) {
    const [x1, y1] = ring[i] as Position
    const [x2, y2] = ring[(i + 1) % ring.length] as Position
    const [ax, ay, bx, by] = [x1 - lon, y1 - lat, x2 - lon, y2 - lat]
    sum += Math.atan2(ax * by - ay * bx, ax * bx + ay * by)
  }
  return Math.round(sum / (2 * Math.PI))
}

/** Star-shaped rings around a centre: any radius in any direction. */
const star = (centre: Place) =>
  fc.array(fc.double({ min: 0.001, max: 0.05, noNaN: true }), { minLength: 3, maxLength: 24 }).map(radii =>
    radii.map((radius, i): Position => {
      const angle = (2 * Math.PI * i) / radii.length
      return [centre.lon + radius * Math.cos(angle), centre.lat + radius * Math.sin(angle)]
    }),
  )

const HOME: Place = { lat: 37.51, lon: 122.12 }
const nearHome = fc.record({
  lat: fc.double({ min: HOME.lat - 0.06, max: HOME.lat + 0.06, noNaN: true }),
  lon: fc.double({ min: HOME.lon - 0.06, max: HOME.lon + 0.06, noNaN: true }),
})

describe('distance to a polygon', () => {
  it('is negative exactly where the ring winds around the place', () => {
    fc.assert(
      fc.property(star(HOME), nearHome, (ring, place) => {
        const distanceM = distanceToPolygonM([ring], place)
        if (Math.abs(distanceM) < 0.01) return // on the edge rounding decides
        expect(distanceM < 0).toBe(winding(ring, place) !== 0)
      }),
    )
  })

  it('does not care whether a ring repeats its first corner, or which way it runs', () => {
    fc.assert(
      fc.property(star(HOME), nearHome, (ring, place) => {
        const distanceM = distanceToPolygonM([ring], place)
        expect(distanceToPolygonM([[...ring, ring[0] as Position]], place)).toBeCloseTo(distanceM, 6)
        expect(distanceToPolygonM([ring.toReversed()], place)).toBeCloseTo(distanceM, 6)
      }),
    )
  })

  it('is the same anywhere on the parallel, across 180° as well', () => {
    fc.assert(
      fc.property(
        star(HOME),
        nearHome,
        fc.double({ min: -180, max: 180, noNaN: true }),
        (ring, place, by) => {
          const moved = ring.map(([lon, lat]): Position => [wrapDegrees(lon + by), lat])
          const there = { lat: place.lat, lon: wrapDegrees(place.lon + by) }
          expect(distanceToPolygonM([moved], there)).toBeCloseTo(distanceToPolygonM([ring], place), 3)
        },
      ),
    )
  })

  it('agrees with the sphere at any latitude, the poles included', () => {
    const anywhere = fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    const bearing = fc.double({ min: 0, max: 360, noNaN: true })
    fc.assert(
      fc.property(anywhere, bearing, fc.double({ min: 0, max: 3_000, noNaN: true }), (centre, way, awayM) => {
        // 90 corners lie within 0.1 % of their circle, and the projection within 1 %.
        const distanceM = distanceToPolygonM([regular(centre, 1_000, 90)], from(centre, awayM, way))
        expect(Math.abs(distanceM - (awayM - 1_000))).toBeLessThan(25)
      }),
    )
  })

  const around = (lat: number): Position[] => [
    [0, lat],
    [90, lat],
    [180, lat],
    [-90, lat],
  ]
  const square: Position[] = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ]
  const hole: Position[] = [
    [4, 4],
    [6, 4],
    [6, 6],
    [4, 6],
  ]
  const fiji: Position[] = [
    [179, -18],
    [-179, -18],
    [-179, -16],
    [179, -16],
  ]
  it.each([
    ['the pole itself', [around(80)], { lat: 90, lon: 0 }, true],
    ['beside the pole, on the far side of 180°', [around(80)], { lat: 89, lon: -179.9 }, true],
    ['a ring around the pole, seen from China', [around(80)], { lat: 37, lon: 122 }, false],
    ['a ring around the other pole', [around(-80)], { lat: -89.5, lon: 10 }, true],
    ['between outer edge and hole', [square, hole], { lat: 2, lon: 2 }, true],
    ['in the hole', [square, hole], { lat: 5, lon: 5 }, false],
    ['outside of both', [square, hole], { lat: 20, lon: 5 }, false],
    ['across 180°, from the west', [fiji], { lat: -17, lon: 179.5 }, true],
    ['across 180°, from the east', [fiji], { lat: -17, lon: -179.5 }, true],
    ['the other side of the globe', [fiji], { lat: -17, lon: 0 }, false],
  ] as const)('%s', (_reason, rings, place, inside) => {
    expect(distanceToPolygonM(rings, place) < 0).toBe(inside)
  })

  it('measures from a hole to the edge of the hole', () => {
    expect(distanceToPolygonM([square, hole], { lat: 5, lon: 5.5 })).toBeCloseTo(
      greatCircleM({ lat: 5, lon: 5.5 }, { lat: 5, lon: 6 }),
      -1,
    )
  })
})

describe('distance to a circle', () => {
  it.each([
    ['the centre', { lat: 37.51, lon: 122.12 }, -300],
    ['200 m beyond the edge', from(HOME, 500, 77), 200],
    ['the edge', from(HOME, 300, 200), 0],
  ] as const)('%s', (_reason, place, expectedM) => {
    const shape = { circle: { center: [HOME.lon, HOME.lat] as Position, radiusM: 300 } }
    expect(distanceToShapeM(shape, place)).toBeCloseTo(expectedM, 3)
  })

  it('holds across 180°', () => {
    const shape = { circle: { center: [179.999, 0] as Position, radiusM: 300 } }
    expect(distanceToShapeM(shape, { lat: 0, lon: -179.999 })).toBeCloseTo(222.4 - 300, 1)
  })
})

describe('great circle', () => {
  const QUARTER_M = (EARTH_RADIUS_M * Math.PI) / 2
  it.each([
    ['no way at all', { lat: 37, lon: 122 }, { lat: 37, lon: 122 }, 0],
    ['a degree of latitude', { lat: 37, lon: 122 }, { lat: 38, lon: 122 }, QUARTER_M / 90],
    ['equator to pole', { lat: 0, lon: 5 }, { lat: 90, lon: 99 }, QUARTER_M],
    ['antipodes', { lat: 10, lon: 20 }, { lat: -10, lon: -160 }, 2 * QUARTER_M],
    ['over the pole, not around', { lat: 89, lon: 0 }, { lat: 89, lon: 180 }, QUARTER_M / 45],
    ['one metre', { lat: 0, lon: 0 }, { lat: 90 / QUARTER_M, lon: 0 }, 1],
  ] as const)('%s', (_reason, a, b, metres) => {
    // Rounding costs a hair more where the globe ends.
    expect(Math.abs(greatCircleM(a, b) - metres)).toBeLessThan(0.001 + metres * 1e-7)
  })
})

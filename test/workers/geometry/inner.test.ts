// What is answered quickly is what the exact answer would be.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Position, Shape } from '../../../model/zone.ts'
import { atMostM, greatCircleM, ROUNDING_M } from '../../../workers/geometry/earth.ts'
import { distanceToShapeM, isSurelyInside } from '../../../workers/geometry/shape.ts'

const lat = fc.double({ min: -90, max: 90, noNaN: true })
const lon = fc.double({ min: -180, max: 180, noNaN: true })
/** Half the height of a shape in degrees: from a flat to a country. */
const size = fc.constantFrom(0.0001, 0.002, 0.05, 2, 20)
const unit = fc.integer({ min: -1_000, max: 1_000 }).map(part => part / 1_000)

/** A ring around a centre: star-shaped, or with edges that cross each other. */
const ringOf = (corners: readonly (readonly [number, number])[], centre: Position, degrees: number) =>
  corners.map(([x, y]): Position => [wrap(centre[0] + x * degrees), clamp(centre[1] + y * degrees)])
const star = fc
  .array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 3, maxLength: 40 })
  .map(radii =>
    radii.map((radius, i): [number, number] => {
      const angle = (2 * Math.PI * i) / radii.length
      return [radius * Math.cos(angle), radius * Math.sin(angle)]
    }),
  )
const tangle = fc.array(fc.tuple(unit, unit), { minLength: 3, maxLength: 24 })

const wrap = (degrees: number): number => degrees - 360 * Math.round(degrees / 360)
const clamp = (degrees: number): number => Math.max(-90, Math.min(90, degrees))

const polygon = fc
  .record({
    centre: fc.oneof(
      fc.tuple(lon, lat),
      fc.tuple(fc.constantFrom(122.12, 179.999, -180), fc.constantFrom(37.5, 79.95, 89.9)),
    ),
    degrees: size,
    outer: fc.oneof(star, tangle),
    hole: fc.option(star, { nil: undefined }),
  })
  .map(({ centre, degrees, outer, hole }) => {
    const rings = [ringOf(outer, centre, degrees), ...(hole ? [ringOf(hole, centre, degrees / 3)] : [])]
    return { shape: { polygon: rings } as Shape, centre, degrees }
  })
const circle = fc.record({ centre: fc.tuple(lon, lat), degrees: size }).map(({ centre, degrees }) => ({
  shape: { circle: { center: centre, radiusM: degrees * 100_000 } } as Shape,
  centre,
  degrees,
}))

describe('a quick answer', () => {
  it.each([
    ['polygons', polygon],
    ['circles', circle],
  ])('takes no place for inside that is not: %s', async (_what, shapes) => {
    let inside = 0
    await fc.assert(
      fc.property(
        shapes,
        fc.array(fc.tuple(unit, unit), { minLength: 30, maxLength: 30 }),
        ({ shape, centre, degrees }, offsets) => {
          for (const [x, y] of offsets) {
            const place = {
              lon: wrap(centre[0] + 1.1 * x * degrees),
              lat: clamp(centre[1] + 1.1 * y * degrees),
            }
            if (!isSurelyInside(shape, place)) continue
            inside++
            expect(distanceToShapeM(shape, place)).toBeLessThanOrEqual(0)
          }
        },
      ),
      { numRuns: 2_000 },
    )
    expect(inside, 'it is given often enough to be of use').toBeGreaterThan(500)
  })

  it('knows a bound of every distance', async () => {
    await fc.assert(
      fc.property(lat, lon, lat, lon, (lat1, lon1, lat2, lon2) => {
        const [a, b] = [
          { lat: lat1, lon: lon1 },
          { lat: lat2, lon: lon2 },
        ]
        expect(atMostM(a, b)).toBeGreaterThanOrEqual(greatCircleM(a, b) - ROUNDING_M)
      }),
      { numRuns: 5_000 },
    )
  })
})

// Shapes and places as maps draw them: outlines, distances, datums, and what is near.

import commonjs from 'gcoord'
import { describe, expect, test } from 'vitest'
import { shifted, WGS84 } from '../../../console/map/datum.ts'
import { awayFrom, circleRing, distanceM, stored, unrolled } from '../../../console/map/earth.ts'
import { nearby } from '../../../console/map/nearby.ts'
import { beyondM, cornersOf, outlineOf } from '../../../console/map/outline.ts'
import type { Fence } from '../../../console/map/scene.ts'
import type { Position, Shape } from '../../../model/zone.ts'
import { greatCircleM } from '../../../workers/geometry/earth.ts'
import { distanceToShapeM } from '../../../workers/geometry/shape.ts'

// The package is CommonJS, and its types speak of an ES module.
const gcoord = commonjs as unknown as typeof commonjs.default

const HOME: Position = [122.12, 37.51]
const placeAt = ([lon, lat]: Position) => ({ lon, lat })
const square = (center: Position, half: number): Position[] =>
  [315, 45, 135, 225, 315].map(bearing => awayFrom(center, half * Math.SQRT2, bearing))

const SHAPES: [string, Shape][] = [
  ['circle', { circle: { center: HOME, radiusM: 300 } }],
  ['polygon', { polygon: [square(HOME, 300)] }],
  ['polygon with a hole', { polygon: [square(HOME, 300), square(HOME, 80)] }],
  ['corridor', { corridor: { line: [HOME, awayFrom(HOME, 500, 90)], widthM: 120 } }],
]

describe('the globe', () => {
  test('distances are those of the rules', () => {
    const other: Position = [121.9, 37.2]
    expect(distanceM(HOME, other)).toBeCloseTo(greatCircleM(placeAt(HOME), placeAt(other)), 6)
  })

  test.each([0, 45, 90, 200, 359])('a place 1 km away at %i° is 1 km away', bearing => {
    expect(distanceM(HOME, awayFrom(HOME, 1_000, bearing))).toBeCloseTo(1_000, 3)
  })

  test('the edge of a circle is closed, and everywhere as far away as its radius', () => {
    const ring = circleRing(HOME, 5_000)
    expect(ring.at(-1)).toEqual(ring[0])
    for (const point of ring) expect(distanceM(HOME, point)).toBeCloseTo(5_000, 2)
  })

  test('a line across the date line stays whole, and is stored between −180 and 180', () => {
    expect(
      unrolled([
        [179, 0],
        [-179, 1],
      ]),
    ).toEqual([
      [179, 0],
      [181, 1],
    ])
    expect(stored([181.123456789, 1])).toEqual([-178.8765432, 1])
  })
})

describe('datums', () => {
  const gcj02 = shifted(place => gcoord.transform(place, gcoord.WGS84, gcoord.GCJ02) as Position)

  test.each<[string, Position]>([
    ['Weihai', HOME],
    ['Chengdu', [104.06, 30.67]],
    ['Urumqi', [87.6, 43.8]],
  ])('%s is drawn hundreds of metres away, and means the same place again', (_city, place) => {
    const drawn = gcj02.drawn(place)
    expect(distanceM(place, drawn)).toBeGreaterThan(100)
    expect(distanceM(place, gcj02.meant(drawn))).toBeLessThan(0.01)
  })

  test('outside of China nothing is moved', () => {
    expect(gcj02.drawn([2.35, 48.85])).toEqual([2.35, 48.85])
  })

  test('WGS-84 is drawn as it is', () => {
    expect(WGS84.meant(WGS84.drawn(HOME))).toBe(HOME)
  })
})

describe('outlines', () => {
  test.each(SHAPES)('of a %s: all corners are near', (_kind, shape) => {
    const corners = cornersOf(shape)
    expect(corners.length).toBeGreaterThan(1)
    for (const corner of corners) expect(distanceM(HOME, corner)).toBeLessThan(700)
  })

  test('a corridor is a line with a width, all else is rings', () => {
    expect(SHAPES.map(([, shape]) => 'rings' in outlineOf(shape))).toEqual([true, true, true, false])
    expect(outlineOf(SHAPES[2]?.[1] as Shape)).toMatchObject({ rings: [{}, {}] })
  })

  const away = [0, 40, 79, 81, 200, 299, 301, 900]
  test.each(SHAPES)('how far a place is beyond a %s is what the rules say', (_kind, shape) => {
    for (const metres of away)
      for (const bearing of [10, 100, 190, 280]) {
        const place = awayFrom(HOME, metres, bearing)
        expect(beyondM(shape, place)).toBeCloseTo(distanceToShapeM(shape, placeAt(place)), -0.5)
      }
  })
})

describe('what is near', () => {
  const fence = (name: string, kind: Fence['kind'], eastM: number): Fence => ({
    id: name,
    name,
    kind,
    shape: { circle: { center: awayFrom(HOME, eastM, 90), radiusM: 100 } },
  })

  test('the safe zone that they are in, or the nearest; dangers within half a kilometre', () => {
    const fences = [
      fence('家', 'safe', 0),
      fence('公园', 'safe', 600),
      fence('河', 'danger', 400),
      fence('路', 'danger', 2_000),
    ]
    const { safe, dangers } = nearby(fences, HOME)
    expect(safe).toMatchObject({ fence: { name: '家' }, isInside: true })
    expect(dangers.map(one => [one.fence.name, Math.round(one.beyondM)])).toEqual([['河', 300]])
    expect(nearby(fences, awayFrom(HOME, 450, 90)).safe?.fence.name).toBe('公园')
    expect(nearby([], HOME)).toEqual({ safe: undefined, dangers: [] })
  })
})

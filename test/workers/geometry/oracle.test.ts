// Inside or outside, a hundred thousand times, beside code that is not ours: Turf's point in polygon, which decides in
// the plane of degrees by robust predicates; and vectors on the sphere for corridors and circles. Edges of up to 50 km,
// holes, across 180° and up to the poles. Cases within a metre of an edge may differ.

import booleanPointInPolygon from '@turf/boolean-point-in-polygon'
import { describe, expect, it } from 'vitest'
import type { Position } from '../../../model/zone.ts'
import { checkShape } from '../../../records/shape.ts'
import { EARTH_RADIUS_M, type Place, wrapDegrees } from '../../../workers/geometry/earth.ts'
import { distanceToShapeM } from '../../../workers/geometry/shape.ts'

const RADIANS = Math.PI / 180
const METRES_PER_DEGREE = EARTH_RADIUS_M * RADIANS
/** Nearer to an edge than this the two may differ. */
const MAY_DIFFER_M = 1

/** Dice that always fall the same (mulberry32). */
function diceOf(seed: number) {
  let state = seed >>> 0
  const uniform = (from = 0, to = 1): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return from + (to - from) * (((t ^ (t >>> 14)) >>> 0) / 2 ** 32)
  }
  return { uniform, whole: (from: number, to: number) => Math.floor(uniform(from, to + 1)) }
}
type Dice = ReturnType<typeof diceOf>

/** Where people live, at 180°, and where degrees of longitude are short. */
function centreOf({ uniform, whole }: Dice): Place {
  const lat = [() => uniform(-60, 60), () => uniform(60, 79), () => uniform(79, 81), () => uniform(81, 89)]
  const lon = [() => uniform(-180, 180), () => uniform(179.5, 180), () => uniform(-180, -179.5)]
  const sign = whole(0, 1) === 0 ? 1 : -1
  return { lat: sign * (lat[whole(0, 3)] as () => number)(), lon: (lon[whole(0, 2)] as () => number)() }
}

/** A place so many metres east and north; its longitude goes on beyond 180°. */
function moved({ lat, lon }: Place, eastM: number, northM: number): Place {
  const there = lat + northM / METRES_PER_DEGREE
  return { lat: there, lon: lon + eastM / (METRES_PER_DEGREE * Math.cos(there * RADIANS)) }
}

const pair = ({ lon, lat }: Place): Position => [lon, lat]
const wrapped = ([lon, lat]: Position): Position => [wrapDegrees(lon), lat]

/** A closed star around a centre, of edges of up to 50 km. */
function star({ uniform, whole }: Dice, centre: Place, sizeM: number): Position[] {
  const corners = whole(3, 14)
  const ring = Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * (i + uniform(0, 0.8))) / corners
    const radiusM = sizeM * uniform(0.3, 1)
    return pair(moved(centre, radiusM * Math.cos(angle), radiusM * Math.sin(angle)))
  })
  return [...ring, ring[0] as Position]
}

/** Anywhere around, or within some metres of an edge. */
function placeNear({ uniform, whole }: Dice, { centre, sizeM, rings }: Drawn): Place {
  if (whole(0, 1) === 0) return moved(centre, sizeM * uniform(-1.2, 1.2), sizeM * uniform(-1.2, 1.2))
  const ring = rings[whole(0, rings.length - 1)] as Position[]
  const i = whole(0, ring.length - 2)
  const [[lon1, lat1], [lon2, lat2]] = [ring[i] as Position, ring[i + 1] as Position]
  const along = uniform()
  const on = { lat: lat1 + along * (lat2 - lat1), lon: lon1 + along * (lon2 - lon1) }
  return moved(on, uniform(-25, 25), uniform(-25, 25))
}

type Drawn = { centre: Place; sizeM: number; rings: Position[][] }

function draw(dice: Dice): Drawn {
  const centre = centreOf(dice)
  const sizeM = 10 ** dice.uniform(1.7, Math.log10(25_000))
  const outer = star(dice, centre, sizeM)
  const holed = [outer, star(dice, centre, sizeM * 0.28)]
  const isHoled =
    dice.whole(0, 2) > 0 && 'shape' in checkShape({ polygon: holed.map(ring => ring.map(wrapped)) })
  return { centre, sizeM, rings: isHoled ? holed : [outer] }
}

describe('a hundred thousand cases', () => {
  it('polygons', () => {
    const dice = diceOf(20_261_121)
    let [cases, near, inside, holed] = [0, 0, 0, 0]
    const differ: unknown[] = []
    for (let shape = 0; shape < 800; shape++) {
      const drawn = draw(dice)
      if (drawn.rings.length > 1) holed++
      const ours = { polygon: drawn.rings.map(ring => ring.map(wrapped)) }
      const theirs = { type: 'Polygon' as const, coordinates: drawn.rings }
      for (let i = 0; i < 100; i++) {
        const place = placeNear(dice, drawn)
        const distanceM = distanceToShapeM(ours, { lat: place.lat, lon: wrapDegrees(place.lon) })
        const isInside = booleanPointInPolygon(pair(place), theirs)
        cases++
        if (isInside) inside++
        if (Math.abs(distanceM) < MAY_DIFFER_M) near++
        else if (distanceM < 0 !== isInside) differ.push({ place, distanceM, rings: drawn.rings })
      }
    }
    expect(differ.slice(0, 3)).toEqual([])
    expect(cases).toBe(80_000)
    expect(holed).toBeGreaterThan(200)
    expect(inside).toBeGreaterThan(cases / 5)
    expect(near, 'few are too near to tell').toBeLessThan(cases / 20)
  })

  it('corridors', () => {
    const dice = diceOf(7)
    let [near, inside] = [0, 0]
    for (let shape = 0; shape < 100; shape++) {
      const centre = centreOf(dice)
      const widthM = 10 ** dice.uniform(1, 4)
      const line = [pair(centre)]
      for (let i = 0, at = centre; i < dice.whole(1, 4); i++) {
        at = moved(at, dice.uniform(-30_000, 30_000), dice.uniform(-15_000, 15_000))
        if (Math.abs(at.lat) < 89.5) line.push(pair(at))
      }
      if (line.length < 2) line.push(pair(moved(centre, 1_000, 0)))
      for (let i = 0; i < 100; i++) {
        const from = dice.whole(0, line.length - 2)
        const [[lon1, lat1], [lon2, lat2]] = [line[from] as Position, line[from + 1] as Position]
        const along = dice.uniform(-0.1, 1.1)
        const on = { lat: lat1 + along * (lat2 - lat1), lon: lon1 + along * (lon2 - lon1) }
        const place = moved(on, widthM * dice.uniform(-1, 1), widthM * dice.uniform(-1, 1))
        if (Math.abs(place.lat) > 89.5) continue
        const corridor = { line: line.map(wrapped), widthM }
        const distanceM = distanceToShapeM({ corridor }, { lat: place.lat, lon: wrapDegrees(place.lon) })
        const oracleM = toLineM(line, place) - widthM / 2
        if (oracleM < 0) inside++
        if (Math.abs(oracleM) < MAY_DIFFER_M) near++
        else
          expect(distanceM < 0, JSON.stringify({ place, line, widthM, distanceM, oracleM })).toBe(oracleM < 0)
      }
    }
    expect(inside).toBeGreaterThan(2_000)
    expect(near).toBeLessThan(500)
  })

  it('circles', () => {
    const dice = diceOf(11)
    let inside = 0
    for (let i = 0; i < 10_000; i++) {
      const centre = centreOf(dice)
      const radiusM = 10 ** dice.uniform(1, 4.7)
      const place = moved(centre, radiusM * dice.uniform(-1, 1), radiusM * dice.uniform(-1, 1))
      if (Math.abs(place.lat) > 90) continue
      const shape = { circle: { center: wrapped(pair(centre)), radiusM } }
      const distanceM = distanceToShapeM(shape, { lat: place.lat, lon: wrapDegrees(place.lon) })
      const oracleM = apartM(vector(centre), vector(place)) - radiusM
      if (oracleM < 0) inside++
      if (Math.abs(oracleM) >= MAY_DIFFER_M) expect(distanceM < 0).toBe(oracleM < 0)
    }
    expect(inside).toBeGreaterThan(2_000)
  })
})

type Vector = readonly [number, number, number]

function vector({ lat, lon }: Place): Vector {
  const [phi, lambda] = [lat * RADIANS, lon * RADIANS]
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)]
}

const apartM = (a: Vector, b: Vector): number =>
  2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2))

/** Metres to a line that is straight in degrees: the nearest of many of its points, and then nearer and nearer. */
function toLineM(line: readonly Position[], place: Place): number {
  const from = vector(place)
  let nearest = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) {
    const [[lon1, lat1], [lon2, lat2]] = [line[i - 1] as Position, line[i] as Position]
    const at = (t: number): number =>
      apartM(from, vector({ lat: lat1 + t * (lat2 - lat1), lon: lon1 + t * (lon2 - lon1) }))
    let best = 0
    for (let step = 0; step <= 64; step++) if (at(step / 64) < at(best)) best = step / 64
    let [low, high] = [Math.max(0, best - 1 / 64), Math.min(1, best + 1 / 64)]
    for (let turn = 0; turn < 40; turn++) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3]
      if (at(a) < at(b)) high = b
      else low = a
    }
    nearest = Math.min(nearest, at((low + high) / 2))
  }
  return nearest
}

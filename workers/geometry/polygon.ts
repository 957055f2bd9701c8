// How far a place is outside a polygon, in a plane of metres whose origin is the place itself.
//
// The plane is equirectangular: straight in longitude and latitude, as polygons are drawn (RFC 7946, 3.1.6).
// Near the poles, and for rings that go around one, it is azimuthal equidistant instead.

import type { Position } from '../../model/zone.ts'
import { EARTH_RADIUS_M, type Place, wrapDegrees } from './earth.ts'

/** Corners in metres east and north of the origin, x and y in turn. */
type PlaneRing = readonly number[]

const RADIANS = Math.PI / 180
const METRES_PER_DEGREE = EARTH_RADIUS_M * RADIANS

/** Up to here the width of a degree changes by less than 1 % over ten kilometres. */
export const FLAT_UP_TO_LAT = 80

/**
 * Signed metres from `place` to the edge of a polygon: positive outside, negative inside. The first ring is the
 * outer edge, the others are holes; being in a hole is being outside. Rings may or may not repeat their first
 * corner.
 */
export function distanceToPolygonM(rings: readonly (readonly Position[])[], place: Place): number {
  const planes = rings.map(ring => flatten(ring, place))
  let inside = false
  let nearestSquared = Number.POSITIVE_INFINITY
  for (let i = 0; i < planes.length; i++) {
    const plane = planes[i] as PlaneRing
    if (containsOrigin(plane)) inside = i === 0
    nearestSquared = Math.min(nearestSquared, squaredToEdge(plane))
    if (i === 0 && !inside) break // outside the outer edge: holes say nothing
  }
  return inside ? -Math.sqrt(nearestSquared) : Math.sqrt(nearestSquared)
}

function flatten(ring: readonly Position[], origin: Place): PlaneRing {
  const flat = Math.abs(origin.lat) <= FLAT_UP_TO_LAT ? equirectangular(ring, origin) : undefined
  return flat ?? azimuthal(ring, origin)
}

/**
 * Longitudes are unrolled corner by corner, so that a ring across 180° stays in one piece. Undefined when it
 * then spans half the globe or more: it goes around a pole.
 */
function equirectangular(ring: readonly Position[], origin: Place): PlaneRing | undefined {
  const plane: number[] = []
  const widthM = METRES_PER_DEGREE * Math.cos(origin.lat * RADIANS)
  let east = wrapDegrees((ring[0] as Position)[0] - origin.lon)
  let [west, farEast] = [east, east]
  for (let i = 0; i < ring.length; i++) {
    const [lon, lat] = ring[i] as Position
    if (i > 0) east += wrapDegrees(lon - (ring[i - 1] as Position)[0])
    west = Math.min(west, east)
    farEast = Math.max(farEast, east)
    plane.push(east * widthM, (lat - origin.lat) * METRES_PER_DEGREE)
  }
  return farEast - west < 180 ? plane : undefined
}

/** Keeps distance and direction from the origin; edges bend away from great circles only far from it. */
function azimuthal(ring: readonly Position[], origin: Place): PlaneRing {
  const plane: number[] = []
  const [sin0, cos0] = [Math.sin(origin.lat * RADIANS), Math.cos(origin.lat * RADIANS)]
  for (const [lon, lat] of ring) {
    const [sin, cos] = [Math.sin(lat * RADIANS), Math.cos(lat * RADIANS)]
    const turn = (lon - origin.lon) * RADIANS
    const east = cos * Math.sin(turn)
    const north = cos0 * sin - sin0 * cos * Math.cos(turn)
    const sinAngle = Math.hypot(east, north)
    const angle = Math.atan2(sinAngle, sin0 * sin + cos0 * cos * Math.cos(turn))
    const scale = sinAngle === 0 ? EARTH_RADIUS_M : (EARTH_RADIUS_M * angle) / sinAngle
    plane.push(east * scale, north * scale)
  }
  return plane
}

/** Even-odd: a ray from the origin to the east crosses the ring an odd number of times. */
function containsOrigin(plane: PlaneRing): boolean {
  let inside = false
  let x1 = plane.at(-2) as number
  let y1 = plane.at(-1) as number
  for (let i = 0; i < plane.length; i += 2) {
    const x2 = plane[i] as number
    const y2 = plane[i + 1] as number
    if (y1 > 0 !== y2 > 0 && x1 + ((x2 - x1) * y1) / (y1 - y2) > 0) inside = !inside
    x1 = x2
    y1 = y2
  }
  return inside
}

/** Square metres from the origin to the nearest point of any edge. */
function squaredToEdge(plane: PlaneRing): number {
  let nearest = Number.POSITIVE_INFINITY
  let x1 = plane.at(-2) as number
  let y1 = plane.at(-1) as number
  for (let i = 0; i < plane.length; i += 2) {
    const x2 = plane[i] as number
    const y2 = plane[i + 1] as number
    const dx = x2 - x1
    const dy = y2 - y1
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length))
    const x = x1 + along * dx
    const y = y1 + along * dy
    nearest = Math.min(nearest, x * x + y * y)
    x1 = x2
    y1 = y2
  }
  return nearest
}

// Paths of corners, in a plane of metres whose origin is the place that is asked about.
//
// The plane is equirectangular: straight in longitude and latitude, as zones are drawn (RFC 7946, 3.1.6). Near the
// poles, and for paths around one, it is azimuthal equidistant, and edges are cut so that they keep that course.

import type { Position } from '../../model/zone.ts'
import { EARTH_RADIUS_M, greatCircleM, type Place, wrapDegrees } from './earth.ts'

const RADIANS = Math.PI / 180
export const METRES_PER_DEGREE = EARTH_RADIUS_M * RADIANS

/** Up to here the width of a degree changes by less than 1 % over ten kilometres. */
export const FLAT_UP_TO_LAT = 80

/** `corners` are metres east and north of the origin, x and y in turn. */
export type Plane = {
  readonly origin: Place
  readonly corners: readonly number[]
  /** Of a degree of longitude, where the plane is equirectangular; null where it keeps distances as they are. */
  readonly widthM: number | null
  /** Whether an edge leads from the last corner to the first. */
  readonly isRing: boolean
}

/** A path around `origin`. Rings may or may not repeat their first corner. */
export function flatten(path: readonly Position[], origin: Place, isRing: boolean): Plane {
  const widthM = METRES_PER_DEGREE * Math.cos(origin.lat * RADIANS)
  const corners = Math.abs(origin.lat) <= FLAT_UP_TO_LAT ? equirectangular(path, origin, widthM) : undefined
  if (corners !== undefined) return { origin, corners, widthM, isRing }
  return { origin, corners: azimuthal(path, origin, isRing), widthM: null, isRing }
}

/**
 * Longitudes are unrolled corner by corner, so that a path across 180° stays in one piece. Undefined when it
 * then spans half the globe or more: it goes around a pole.
 */
function equirectangular(path: readonly Position[], origin: Place, widthM: number): number[] | undefined {
  const corners: number[] = []
  let east = wrapDegrees((path[0] as Position)[0] - origin.lon)
  let [west, farEast] = [east, east]
  for (let i = 0; i < path.length; i++) {
    const [lon, lat] = path[i] as Position
    if (i > 0) east += wrapDegrees(lon - (path[i - 1] as Position)[0])
    west = Math.min(west, east)
    farEast = Math.max(farEast, east)
    corners.push(east * widthM, (lat - origin.lat) * METRES_PER_DEGREE)
  }
  return farEast - west < 180 ? corners : undefined
}

/** Keeps distance and direction from the origin. */
function azimuthal(path: readonly Position[], origin: Place, isRing: boolean): number[] {
  const corners: number[] = []
  const [sin0, cos0] = [Math.sin(origin.lat * RADIANS), Math.cos(origin.lat * RADIANS)]
  for (let i = 0; i < path.length; i++) {
    const [lon, lat] = path[i] as Position
    const next = path[i + 1] ?? (isRing ? path[0] : undefined)
    const turn = next === undefined ? 0 : wrapDegrees(next[0] - lon)
    const rise = next === undefined ? 0 : next[1] - lat
    const pieces = piecesOf(turn, rise, Math.min(Math.abs(lat), Math.abs(lat + rise)))
    for (let piece = 0; piece < pieces; piece++) {
      const part = piece / pieces
      project(corners, { lat: lat + part * rise, lon: lon + part * turn - origin.lon }, sin0, cos0)
    }
  }
  return corners
}

/** `lon` is relative to the origin. */
function project(corners: number[], { lat, lon }: Place, sin0: number, cos0: number): void {
  const [sin, cos] = [Math.sin(lat * RADIANS), Math.cos(lat * RADIANS)]
  const east = cos * Math.sin(lon * RADIANS)
  const north = cos0 * sin - sin0 * cos * Math.cos(lon * RADIANS)
  const sinAngle = Math.hypot(east, north)
  const angle = Math.atan2(sinAngle, sin0 * sin + cos0 * cos * Math.cos(lon * RADIANS))
  const scale = sinAngle === 0 ? EARTH_RADIUS_M : (EARTH_RADIUS_M * angle) / sinAngle
  corners.push(east * scale, north * scale)
}

/** An edge that is straight in degrees bends in metres: by so little in each of its pieces … */
const BEND_M = 0.1
/** … unless it is hundreds of kilometres long. */
const PIECES_AT_MOST = 100

/** Along a parallel an edge bends towards the pole, and on its way there it bends as degrees become shorter. */
function piecesOf(turnDegrees: number, riseDegrees: number, lat: number): number {
  const [turn, rise] = [Math.abs(turnDegrees) * RADIANS, Math.abs(riseDegrees) * RADIANS]
  const bendM = EARTH_RADIUS_M * ((Math.cos(lat * RADIANS) * turn * turn) / 8 + (turn * rise) / 4)
  return Math.max(1, Math.min(PIECES_AT_MOST, Math.ceil(Math.sqrt(bendM / BEND_M))))
}

/** Even-odd: a ray from the origin to the east crosses the ring an odd number of times. */
export function containsOrigin({ corners }: Plane): boolean {
  let inside = false
  let x1 = corners.at(-2) as number
  let y1 = corners.at(-1) as number
  for (let i = 0; i < corners.length; i += 2) {
    const x2 = corners[i] as number
    const y2 = corners[i + 1] as number
    if (y1 > 0 !== y2 > 0 && x1 + ((x2 - x1) * y1) / (y1 - y2) > 0) inside = !inside
    x1 = x2
    y1 = y2
  }
  return inside
}

/** Squares of distances in the plane are off by less than this factor within some ten kilometres. */
const DISTORTED = 1.1

/** Metres from the origin to the nearest point of any edge: the plane finds it, and the globe says how far it is. */
export function toNearestEdgeM(plane: Plane): number {
  const { corners, isRing } = plane
  const farM = farSideM(plane)
  if (farM !== undefined) return farM
  let nearestSquared = Number.POSITIVE_INFINITY
  let nearestM = Number.POSITIVE_INFINITY
  let x1 = corners[isRing ? corners.length - 2 : 0] as number
  let y1 = corners[isRing ? corners.length - 1 : 1] as number
  for (let i = 0; i < corners.length; i += 2) {
    const x2 = corners[i] as number
    const y2 = corners[i + 1] as number
    const dx = x2 - x1
    const dy = y2 - y1
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length))
    const x = x1 + along * dx
    const y = y1 + along * dy
    const squared = x * x + y * y
    if (squared <= nearestSquared * DISTORTED) {
      nearestSquared = Math.min(nearestSquared, squared)
      nearestM = Math.min(nearestM, metresTo(plane, x, y))
    }
    x1 = x2
    y1 = y2
  }
  return nearestM
}

/** A quarter of the way around: no zone is so large. */
export const FAR_SIDE_M = 10_000_000

/** From the far side of the globe nothing has a shape in this plane; metres to the first corner, if it lies there. */
function farSideM({ corners, widthM }: Plane): number | undefined {
  if (widthM !== null) return undefined
  const toFirstM = Math.hypot(corners[0] as number, corners[1] as number)
  return toFirstM > FAR_SIDE_M ? toFirstM : undefined
}

function metresTo({ origin, widthM }: Plane, x: number, y: number): number {
  if (widthM === null) return Math.hypot(x, y)
  return greatCircleM(origin, { lat: origin.lat + y / METRES_PER_DEGREE, lon: origin.lon + x / widthM })
}

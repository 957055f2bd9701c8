// What a zone's shape is drawn as, and where it is.

import type { Position, Shape } from '../../model/zone.ts'
import { awayFrom, circleRing, distanceM, unrolled } from './earth.ts'

/** A filled edge with its holes, or a line that is as broad as its corridor. */
export type Outline = { rings: Position[][] } | { line: Position[]; widthM: number }

export function outlineOf(shape: Shape): Outline {
  if ('circle' in shape) return { rings: [circleRing(shape.circle.center, shape.circle.radiusM)] }
  if ('polygon' in shape) return { rings: shape.polygon.map(unrolled) }
  return { line: unrolled(shape.corridor.line), widthM: shape.corridor.widthM }
}

/** Every corner of what is drawn: what a map has to show to show it all. */
export function cornersOf(shape: Shape): Position[] {
  const outline = outlineOf(shape)
  if ('rings' in outline) return outline.rings.flat()
  const { line, widthM } = outline
  return line.flatMap(point => [45, 225].map(bearing => awayFrom(point, widthM * Math.SQRT1_2, bearing)))
}

/**
 * Metres from a place to the edge of a shape: positive outside of it, negative inside. In a plane through the place,
 * which is good to a metre at the size of a town.
 */
export function beyondM(shape: Shape, place: Position): number {
  if ('circle' in shape) return distanceM(shape.circle.center, place) - shape.circle.radiusM
  if ('corridor' in shape) {
    const { line, widthM } = shape.corridor
    return toNearestM(flat(line, place)) - widthM / 2
  }
  const rings = shape.polygon.map(ring => flat(ring, place))
  const nearestM = Math.min(...rings.map(toNearestM))
  return rings.filter(surroundsOrigin).length % 2 === 1 ? -nearestM : nearestM
}

type Flat = readonly [eastM: number, northM: number]

const METRES_PER_DEGREE = distanceM([0, 0], [0, 1])

/** The points as metres east and north of a place. */
function flat(points: readonly Position[], [lon, lat]: Position): Flat[] {
  const shrink = Math.cos((lat * Math.PI) / 180)
  return points.map(([itsLon, itsLat]): Flat => {
    const east = itsLon - lon - 360 * Math.round((itsLon - lon) / 360)
    return [east * shrink * METRES_PER_DEGREE, (itsLat - lat) * METRES_PER_DEGREE]
  })
}

const toNearestM = (points: readonly Flat[]): number =>
  Math.min(...points.map((to, i) => toSegmentM(points[i - 1] ?? to, to)))

/** From the origin to the nearest point of a segment. */
function toSegmentM([x1, y1]: Flat, [x2, y2]: Flat): number {
  const [dx, dy] = [x2 - x1, y2 - y1]
  const lengthSquared = dx * dx + dy * dy
  const along = lengthSquared === 0 ? 0 : Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / lengthSquared))
  return Math.hypot(x1 + along * dx, y1 + along * dy)
}

/** The even-odd rule along the positive x axis. */
function surroundsOrigin(ring: readonly Flat[]): boolean {
  let isInside = false
  for (const [i, [x2, y2]] of ring.entries()) {
    const [x1, y1] = ring[i - 1] ?? (ring.at(-1) as Flat)
    if (y1 > 0 !== y2 > 0 && x1 - (y1 * (x2 - x1)) / (y2 - y1) > 0) isInside = !isInside
  }
  return isInside
}

// Is this a zone that can be evaluated? A polygon that crosses itself has no inside that two readers agree on, so it
// is refused where it is written and never met where alarms are made.

import type { ShapeRefusal } from '../model/shape-refusal.ts'
import type { Position, Shape } from '../model/zone.ts'
import { crossesItself, isInside, meetEachOther, same, unrolled } from './ring.ts'

/** The most points of a stored ring or line, the closing one of a ring included. */
export const MAX_RING_POINTS = 1_000

/**
 * The most of all rings of a polygon. Each edge may have to be compared with every other one, as in holes that interleave:
 * two million comparisons, a quarter of a second in which nobody else is answered.
 */
export const MAX_POLYGON_POINTS = 2_000

/** What people are told. */
const REFUSED: Record<ShapeRefusal, string> = {
  not_a_place: 'a coordinate is no number, or no place on the globe',
  swapped_coordinates: 'coordinates are [longitude, latitude]: these look swapped',
  too_few_points: 'a ring needs at least three different points, and a line two',
  too_many_points: `a ring has at most ${MAX_RING_POINTS} points, and all of a polygon ${MAX_POLYGON_POINTS}`,
  crosses_itself: 'the ring crosses or touches itself',
  hole_outside: 'the hole lies outside of the edge',
  hole_crosses_edge: 'the hole crosses or touches the edge',
  holes_overlap: 'the hole crosses or touches another one, or lies inside of it',
  too_large: 'the zone spans half the globe or more',
}

export type CheckedShape = { shape: Shape } | { reason: ShapeRefusal; refused: string; path: string }

/** The shape as it is stored — rings closed, without repeated neighbours — or why it cannot be a zone. */
export function checkShape(shape: Shape): CheckedShape {
  if ('circle' in shape) {
    const reason = whyNoPlaces([shape.circle.center])
    return reason === undefined ? { shape } : refusal(reason, 'shape.circle.center')
  }
  return 'corridor' in shape ? checkCorridor(shape.corridor) : checkPolygon(shape.polygon)
}

const refusal = (reason: ShapeRefusal, path: string): CheckedShape => ({
  reason,
  refused: REFUSED[reason],
  path,
})

// A line may cross itself: whatever is near it is in the corridor, once or twice.
function checkCorridor({ line, widthM }: { line: readonly Position[]; widthM: number }): CheckedShape {
  const path = 'shape.corridor.line'
  const reason = whyNoPlaces(line)
  if (reason !== undefined) return refusal(reason, path)
  const points = withoutRepeats(line)
  if (points.length < 2) return refusal('too_few_points', path)
  if (spanOf(unrolled(points)) >= 180) return refusal('too_large', path)
  return { shape: { corridor: { line: points, widthM } } }
}

function checkPolygon(given: readonly (readonly Position[])[]): CheckedShape {
  const polygon: Position[][] = []
  let points = 0
  for (const [index, ring] of given.entries()) {
    const path = `shape.polygon.${index}`
    const closed = closedRing(ring)
    points += closed.length
    const isTooMuch = points > MAX_POLYGON_POINTS
    const whyNot = isTooMuch ? 'too_many_points' : whyNoPlaces(ring)
    const reason = whyNot ?? whyNoRing(closed) ?? whyNoHole(closed, polygon)
    if (reason !== undefined) return refusal(reason, path)
    polygon.push(closed)
  }
  return { shape: { polygon } }
}

function whyNoPlaces(points: readonly Position[]): ShapeRefusal | undefined {
  const isPlace = ([lon, lat]: Position): boolean => Math.abs(lon) <= 180 && Math.abs(lat) <= 90
  if (points.every(isPlace)) return undefined
  const isSwapped = points.every(([lon, lat]) => isPlace([lat, lon]))
  return isSwapped ? 'swapped_coordinates' : 'not_a_place'
}

function closedRing(ring: readonly Position[]): Position[] {
  const points = withoutRepeats(ring)
  const [first] = points
  if (first && (points.length === 1 || !same(first, points.at(-1)))) points.push(first)
  return points
}

const withoutRepeats = (points: readonly Position[]): Position[] =>
  points.filter((point, index) => index === 0 || !same(point, points[index - 1]))

function whyNoRing(ring: readonly Position[]): ShapeRefusal | undefined {
  if (ring.length < 4) return 'too_few_points'
  if (ring.length > MAX_RING_POINTS) return 'too_many_points'
  return crossesItself(unrolled(ring)) ? 'crosses_itself' : undefined
}

/** `others` are the rings before it, the outer edge first. */
function whyNoHole(
  ring: readonly Position[],
  others: readonly (readonly Position[])[],
): ShapeRefusal | undefined {
  const [edge, ...holes] = others
  if (edge === undefined) return undefined
  const outer = unrolled(edge)
  // A ring around a pole has an inside that no plane of degrees shows; its holes are taken as they are.
  if (spanOf(outer) >= 180) return undefined
  const hole = unrolled(ring, outer)
  if (meetEachOther(hole, outer)) return 'hole_crosses_edge'
  if (!isInside(hole[0] as Position, outer)) return 'hole_outside'
  for (const given of holes) {
    const other = unrolled(given, outer)
    const isApart =
      !meetEachOther(hole, other) &&
      !isInside(hole[0] as Position, other) &&
      !isInside(other[0] as Position, hole)
    if (!isApart) return 'holes_overlap'
  }
  return undefined
}

function spanOf(points: readonly Position[]): number {
  let [west, east] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [lon] of points) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
  }
  return east - west
}

// Rings of polygons in the plane of degrees: do they cross, and does one lie inside of another?

import type { Position } from '../model/zone.ts'

/**
 * Longitudes that go on beyond ±180° instead of jumping, so that a ring across the date line stays whole; beside
 * `other`, where it is given.
 */
export function unrolled(ring: readonly Position[], other?: readonly Position[]): Position[] {
  const points: Position[] = []
  for (const [lon, lat] of ring) {
    const before = points.at(-1)?.[0] ?? other?.[0]?.[0] ?? lon
    points.push([lon - 360 * Math.round((lon - before) / 360), lat])
  }
  return points
}

/** Whether a closed ring has no inside that two readers agree on. */
export function crossesItself(ring: readonly Position[]): boolean {
  const edges = edgesOf(ring)
  return edges.some((edge, i) => {
    if (foldsBack(edge, edges[(i + 1) % edges.length] as Edge)) return true
    const others = edges.slice(i + 2, i === 0 ? -1 : undefined)
    return others.some(other => meet(edge, other))
  })
}

/** Whether two closed rings have a point in common. */
export function meetEachOther(a: readonly Position[], b: readonly Position[]): boolean {
  if (areApart(a, b, 0) || areApart(a, b, 1)) return false
  const others = edgesOf(b)
  return edgesOf(a).some(edge => others.some(other => meet(edge, other)))
}

/** Whether one lies wholly west or east of the other, or south or north. */
function areApart(a: readonly Position[], b: readonly Position[], axis: 0 | 1): boolean {
  const [ofA, ofB] = [a.map(point => point[axis]), b.map(point => point[axis])]
  return Math.max(...ofA) < Math.min(...ofB) || Math.max(...ofB) < Math.min(...ofA)
}

/** Whether a point that is on no edge of a closed ring is inside of it. */
export function isInside([lon, lat]: Position, ring: readonly Position[]): boolean {
  let inside = false
  for (const [[x1, y1], [x2, y2]] of edgesOf(ring)) {
    if (y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside
  }
  return inside
}

export const same = (a: Position, b: Position | undefined): boolean =>
  b !== undefined && a[0] === b[0] && a[1] === b[1]

type Edge = readonly [from: Position, to: Position]

const edgesOf = (ring: readonly Position[]): Edge[] =>
  ring.slice(1).map((to, index): Edge => [ring[index] as Position, to])

/** Twice the area of the triangle abc: positive when c lies to the left of a → b, 0 when on the line. */
const turn = (a: Position, b: Position, c: Position): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** True when the next edge runs back over this one. */
function foldsBack([a, b]: Edge, [, c]: Edge): boolean {
  const sameWay = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0
  return turn(a, b, c) === 0 && !sameWay
}

/** True when two edges that share no end have a point in common. */
function meet([a, b]: Edge, [c, d]: Edge): boolean {
  const abc = Math.sign(turn(a, b, c))
  const abd = Math.sign(turn(a, b, d))
  const cda = Math.sign(turn(c, d, a))
  const cdb = Math.sign(turn(c, d, b))
  if (abc !== abd && cda !== cdb) return true
  return (
    (abc === 0 && within(a, b, c)) ||
    (abd === 0 && within(a, b, d)) ||
    (cda === 0 && within(c, d, a)) ||
    (cdb === 0 && within(c, d, b))
  )
}

/** For a point on the line through a and b: does it lie between them? */
const within = (a: Position, b: Position, [lon, lat]: Position): boolean =>
  Math.min(a[0], b[0]) <= lon &&
  lon <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= lat &&
  lat <= Math.max(a[1], b[1])

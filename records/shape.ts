// Is this a fence that can be evaluated? A polygon that crosses itself has no inside that two readers agree
// on, so it is refused where it is written and never met where alarms are made.

import type { Position, Shape } from '../model/zone.ts'

/** The most points of a stored ring, its closing one included. */
export const MAX_RING_POINTS = 1_000

export type CheckedShape = { shape: Shape } | { refused: string; path: string }

/** The shape as it is stored — rings closed, without repeated neighbours — or why it cannot be a fence. */
export function checkShape(shape: Shape): CheckedShape {
  if (!('polygon' in shape)) return { shape }
  const polygon: Position[][] = []
  for (const [index, given] of shape.polygon.entries()) {
    const ring = closed(given)
    const refused = whyNot(ring)
    if (refused !== undefined) return { refused, path: `shape.polygon.${index}` }
    polygon.push(ring)
  }
  return { shape: { polygon } }
}

function closed(ring: readonly Position[]): Position[] {
  const points = ring.filter((point, index) => index === 0 || !same(point, ring[index - 1]))
  const [first] = points
  if (first && (points.length === 1 || !same(first, points.at(-1)))) points.push(first)
  return points
}

function whyNot(ring: readonly Position[]): string | undefined {
  if (ring.length < 4) return 'a ring needs at least three different points'
  if (ring.length > MAX_RING_POINTS) return `a ring has at most ${MAX_RING_POINTS} points`
  return crossesItself(unrolled(ring)) ? 'the ring crosses or touches itself' : undefined
}

/** Longitudes that go on beyond ±180° instead of jumping, so that a fence across the date line stays whole. */
function unrolled(ring: readonly Position[]): Position[] {
  const points: Position[] = []
  for (const [lon, lat] of ring) {
    const before = points.at(-1)?.[0] ?? lon
    points.push([lon - 360 * Math.round((lon - before) / 360), lat])
  }
  return points
}

function crossesItself(ring: readonly Position[]): boolean {
  const edges = ring.slice(1).map((to, index): Edge => [ring[index] as Position, to])
  return edges.some((edge, i) => {
    if (foldsBack(edge, edges[(i + 1) % edges.length] as Edge)) return true
    const others = edges.slice(i + 2, i === 0 ? -1 : undefined)
    return others.some(other => meet(edge, other))
  })
}

type Edge = readonly [from: Position, to: Position]

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

const same = (a: Position, b: Position | undefined): boolean =>
  b !== undefined && a[0] === b[0] && a[1] === b[1]

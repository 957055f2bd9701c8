// The box of degrees around a shape, for an index that finds what is near a place.

import type { Position, Shape } from '../../model/zone.ts'
import { type Place, wrapDegrees } from './earth.ts'
import { FLAT_UP_TO_LAT, METRES_PER_DEGREE } from './plane.ts'

/** Degrees. `west` lies between −180 and 180; `east` goes on beyond 180 where the box crosses it. */
export type Box = { west: number; south: number; east: number; north: number }

const RADIANS = Math.PI / 180
/** What rounding may cost, in degrees: some ten centimetres. */
const MARGIN = 1e-6
/** From here on towards a pole, all the way around: shapes there are rare, and their edges no lines in degrees. */
const POLAR_LAT = FLAT_UP_TO_LAT - 1

/** They go with their zones: when one of ten thousand changes, the others are not measured again. */
const boxes = new WeakMap<Shape, Box>()

/** A box that no place inside the shape lies outside of. */
export function boxOf(shape: Shape): Box {
  const known = boxes.get(shape)
  if (known !== undefined) return known
  const box = measured(shape)
  boxes.set(shape, box)
  return box
}

function measured(shape: Shape): Box {
  if ('circle' in shape) return widened([shape.circle.center], shape.circle.radiusM)
  if ('corridor' in shape) return widened(shape.corridor.line, shape.corridor.widthM / 2)
  return widened(shape.polygon[0] ?? [], 0)
}

/** The box of everything within `reachM` of a place. */
export const boxAround = ({ lat, lon }: Place, reachM: number): Box => widened([[lon, lat]], reachM)

function widened(path: readonly Position[], byM: number): Box {
  let [south, north] = [90, -90]
  let east = (path[0] as Position)[0]
  let [west, farEast] = [east, east]
  for (let i = 0; i < path.length; i++) {
    const [lon, lat] = path[i] as Position
    if (i > 0) east += wrapDegrees(lon - (path[i - 1] as Position)[0])
    west = Math.min(west, east)
    farEast = Math.max(farEast, east)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  const high = byM / METRES_PER_DEGREE + MARGIN
  const furthest = Math.max(Math.abs(south - high), Math.abs(north + high))
  if (furthest >= POLAR_LAT || farEast - west >= 180) return polar(south - high, north + high, farEast - west)
  // A circle reaches furthest east a little towards the pole from its centre.
  const wide = high / Math.cos(furthest * RADIANS)
  if (farEast - west + 2 * wide >= 360) return polar(south - high, north + high, 360)
  const start = wrapDegrees(west - wide)
  return { west: start, south: south - high, east: start + farEast - west + 2 * wide, north: north + high }
}

/** What goes around a pole may hold it; what only comes near one holds no more than the rest of the way to it. */
function polar(south: number, north: number, span: number): Box {
  const isAround = span >= 180
  return {
    west: -180,
    east: 180,
    south: south <= -POLAR_LAT || isAround ? -90 : south,
    north: north >= POLAR_LAT || isAround ? 90 : north,
  }
}

/** Metres that a place is away from a box at least, as good as to 1 % within some ten kilometres; 0 inside. */
export function gapM(box: Box, { lat, lon }: Place): number {
  const high = Math.max(0, box.south - lat, lat - box.north)
  const middle = (box.west + box.east) / 2
  const wide = Math.max(0, Math.abs(wrapDegrees(lon - middle)) - (box.east - box.west) / 2)
  const narrowest = Math.cos(Math.min(90, Math.abs(lat) + high) * RADIANS)
  return METRES_PER_DEGREE * Math.hypot(high, wide * narrowest)
}

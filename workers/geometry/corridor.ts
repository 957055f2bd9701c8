// How far a place is outside a corridor: everything within half its width of a line, round at the ends.

import type { Position } from '../../model/zone.ts'
import type { Place } from './earth.ts'
import { flatten, toNearestEdgeM } from './plane.ts'

/** Signed metres from `place` to the edge of a corridor: positive outside, negative inside. */
export function distanceToCorridorM(
  { line, widthM }: { line: readonly Position[]; widthM: number },
  place: Place,
): number {
  return toNearestEdgeM(flatten(line, place, false)) - widthM / 2
}

// How far a place is outside a polygon.

import type { Position } from '../../model/zone.ts'
import type { Place } from './earth.ts'
import { containsOrigin, FAR_SIDE_M, flatten, toNearestEdgeM } from './plane.ts'

/**
 * Signed metres from `place` to the edge of a polygon: positive outside, negative inside. The first ring is the
 * outer edge, the others are holes; being in a hole is being outside. Rings may or may not repeat their first
 * corner.
 */
export function distanceToPolygonM(rings: readonly (readonly Position[])[], place: Place): number {
  let isInside = false
  let nearestM = Number.POSITIVE_INFINITY
  for (let i = 0; i < rings.length; i++) {
    const plane = flatten(rings[i] as readonly Position[], place, true)
    if (containsOrigin(plane)) isInside = i === 0
    nearestM = Math.min(nearestM, toNearestEdgeM(plane))
    if (i === 0 && !isInside) break // outside the outer edge: holes say nothing
  }
  // From the far side of the globe a ring around a pole is seen as one around the place.
  return isInside && nearestM < FAR_SIDE_M ? -nearestM : nearestM
}

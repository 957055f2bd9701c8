// How far a place is outside the shape of a zone.

import type { Shape } from '../../model/zone.ts'
import { distanceToCorridorM } from './corridor.ts'
import { atMostM, greatCircleM, type Place, ROUNDING_M } from './earth.ts'
import { isSurelyInsidePolygon } from './inner.ts'
import { distanceToPolygonM } from './polygon.ts'

/** Signed metres to the edge: positive outside, negative inside. */
export function distanceToShapeM(shape: Shape, place: Place): number {
  if ('polygon' in shape) return distanceToPolygonM(shape.polygon, place)
  if ('corridor' in shape) return distanceToCorridorM(shape.corridor, place)
  const { center, radiusM } = shape.circle
  return greatCircleM({ lon: center[0], lat: center[1] }, place) - radiusM
}

/** Whether a place is inside beyond doubt, which is quick to say for most that are; false says nothing. */
export function isSurelyInside(shape: Shape, place: Place): boolean {
  if ('polygon' in shape) return isSurelyInsidePolygon(shape.polygon, place)
  if ('corridor' in shape) return false
  const { center, radiusM } = shape.circle
  return atMostM({ lon: center[0], lat: center[1] }, place) + ROUNDING_M <= radiusM
}

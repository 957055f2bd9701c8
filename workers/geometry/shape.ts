// How far a place is outside the shape of a zone.

import type { Shape } from '../../model/zone.ts'
import { greatCircleM, type Place } from './earth.ts'
import { distanceToPolygonM } from './polygon.ts'

/** Signed metres to the edge: positive outside, negative inside. */
export function distanceToShapeM(shape: Shape, place: Place): number {
  if ('polygon' in shape) return distanceToPolygonM(shape.polygon, place)
  const { center, radiusM } = shape.circle
  return greatCircleM({ lon: center[0], lat: center[1] }, place) - radiusM
}

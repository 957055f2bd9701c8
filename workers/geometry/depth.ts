// How deep one can be inside a shape: in a lane along a road nobody is ever further from its edge than half its width.

import type { Position, Shape } from '../../model/zone.ts'
import { flatten } from './plane.ts'

/** They go with their zones. */
const depths = new WeakMap<Shape, number>()

/**
 * About the largest distance from the edge inside a shape, in metres: exact for circles and corridors, and for
 * polygons their mean width, which lies between that and twice as much.
 */
export function depthM(shape: Shape): number {
  if ('circle' in shape) return shape.circle.radiusM
  if ('corridor' in shape) return shape.corridor.widthM / 2
  const known = depths.get(shape)
  if (known !== undefined) return known
  const depth = meanWidthM(shape.polygon)
  depths.set(shape, depth)
  return depth
}

/** Twice the area by the length of the edges: of a circle its radius, of a strip its width. */
function meanWidthM(rings: readonly (readonly Position[])[]): number {
  let [areaM2, edgesM] = [0, 0]
  for (let i = 0; i < rings.length; i++) {
    const ring = rings[i] as readonly Position[]
    const [lon, lat] = ring[0] as Position
    const { corners } = flatten(ring, { lon, lat }, true)
    const { doubleAreaM2, lengthM } = measure(corners)
    areaM2 += ((i === 0 ? 1 : -1) * doubleAreaM2) / 2
    edgesM += lengthM
  }
  return edgesM === 0 ? 0 : Math.max(0, (2 * areaM2) / edgesM)
}

function measure(corners: readonly number[]): { doubleAreaM2: number; lengthM: number } {
  let [doubleArea, lengthM] = [0, 0]
  for (let i = 0; i < corners.length; i += 2) {
    const [x1, y1] = [corners[i] as number, corners[i + 1] as number]
    const next = (i + 2) % corners.length
    const [x2, y2] = [corners[next] as number, corners[next + 1] as number]
    doubleArea += x1 * y2 - x2 * y1
    lengthM += Math.hypot(x2 - x1, y2 - y1)
  }
  return { doubleAreaM2: Math.abs(doubleArea), lengthM }
}

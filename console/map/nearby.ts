// How far an elder is from where they should be and from where they should not, as facts for a sentence.

import type { Position } from '../../model/zone.ts'
import { beyondM } from './outline.ts'
import type { Fence } from './scene.ts'

export type Nearby = { fence: Fence; beyondM: number; isInside: boolean }

/** Danger that is farther away than this is no matter now. */
const DANGER_WITHIN_M = 500

/**
 * The nearest safe zone, or the one that they are in; and dangers close by, the nearest first: also those that lie within
 * the error of the position.
 */
export function nearby(
  fences: readonly Fence[],
  place: Position,
  accuracyM = 0,
): { safe: Nearby | undefined; dangers: Nearby[] } {
  const withinM = Math.max(DANGER_WITHIN_M, accuracyM)
  const all = fences
    .map(fence => ({ fence, beyondM: beyondM(fence.shape, place) }))
    .map(one => ({ ...one, isInside: one.beyondM <= 0 }))
    .sort((a, b) => a.beyondM - b.beyondM)
  return {
    safe: all.find(({ fence }) => fence.kind === 'safe'),
    dangers: all.filter(one => one.fence.kind === 'danger' && one.beyondM < withinM),
  }
}

// One fence seen from a fix. A fence is all safe zones of one owner together.
//
// Home and park are both safe, so being in either is being safe: the way from one to the other is the zones'
// business only when it takes longer than the dwell. But the zones of an area are another owner's fence: an
// elder who leaves the home zone must be missed although the whole district is a zone as well.

import type { Zone } from '../../model/zone.ts'
import { distanceToShapeM, isSurelyInside } from '../geometry/shape.ts'
import { type Fix, isCoarse } from './fix.ts'

/** Outside by more than this many accuracies, inside by more than that many (docs/rules.md). */
export const OUTSIDE_ACCURACIES = 2
export const INSIDE_ACCURACIES = 1

/**
 * One fix suffices when it is this far outside and this accurate (ibidem; the figures are the hub's own). At ten
 * times its accuracy no error explains it, and a dwell would only be time lost.
 */
export const FAR_OUTSIDE_M = 500
export const FAR_ACCURACY_M = 50

/** Where a fix lies with respect to a fence: its nearest zone, and metres that are positive outside. */
export type Sight = { owner: string; zone: Zone; distanceM: number }

/** The fences that hold, one an owner, each seen from a fix. They are few. */
export function sightFences(zones: readonly Zone[], fix: Fix): readonly Sight[] {
  const sights: Sight[] = []
  for (const zone of zones) {
    const distanceM = distanceToShapeM(zone.shape, fix)
    const owner = ownerOf(zone)
    const at = sights.findIndex(sight => sight.owner === owner)
    if (at < 0) sights.push({ owner, zone, distanceM })
    else if (distanceM < (sights[at] as Sight).distanceM) sights[at] = { owner, zone, distanceM }
  }
  return sights
}

/** Whether a fix is inside every fence beyond doubt, which is quick to say for most that are; false says nothing. */
export function isSurelyInsideAll(zones: readonly Zone[], fix: Fix): boolean {
  for (const zone of zones) {
    if (isSurelyInside(zone.shape, fix)) continue
    const owner = ownerOf(zone)
    if (!zones.some(other => ownerOf(other) === owner && isSurelyInside(other.shape, fix))) return false
  }
  return true
}

export const ownerOf = ({ residentId, areaId }: Zone): string => residentId ?? areaId ?? ''

/**
 * What a fix says about a fence. `edge` is on the inner side, but not surely; `unsure` the same outside. A coarse
 * fix says `outside` or nothing.
 */
export type Verdict = 'outside' | 'unsure' | 'edge' | 'inside'

export function verdictOf({ distanceM }: Sight, fix: Fix): Verdict {
  if (distanceM > OUTSIDE_ACCURACIES * fix.accuracyM) return 'outside'
  if (distanceM > 0 || isCoarse(fix)) return 'unsure'
  return distanceM < -INSIDE_ACCURACIES * fix.accuracyM ? 'inside' : 'edge'
}

/** Whether a fix proves by itself that the elder is outside. */
export const isFarOutside = ({ distanceM }: Sight, fix: Fix): boolean =>
  distanceM >= FAR_OUTSIDE_M && fix.accuracyM <= FAR_ACCURACY_M && !isCoarse(fix)

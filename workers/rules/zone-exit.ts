// Leaving where it is safe. A fence is all safe zones of one owner together that hold just now.
//
// Home and park are both safe, so being in either is being safe: the way from one to the other is the zones'
// business only when it takes longer than the dwell. But the zones of an area are another owner's fence: an
// elder who leaves the home zone must be missed although the whole district is a zone as well.

import type { EpochMs } from '../../model/units.ts'
import type { Zone } from '../../model/zone.ts'
import type { AreaZones } from '../area-zones.ts'
import { distanceToShapeM, isSurelyInside } from '../geometry/shape.ts'
import type { Context } from '../rule.ts'
import type { Fix } from './fix.ts'
import { markOf } from './mark.ts'
import { holdsAt } from './schedule.ts'
import type { Sight } from './sight.ts'
import { wearerMark } from './wearer.ts'

/** Outside by more than this many accuracies is outside (docs/rules.md). */
export const OUTSIDE_ACCURACIES = 2

/** The fences that hold at a time, one an owner, each seen from a fix: from its nearest zone. */
export function fenceSights({ zones, areas, timeZone }: Context, fix: Fix, at: EpochMs): readonly Sight[] {
  const sights: Sight[] = []
  for (const zone of zones) {
    if (zone.kind !== 'safe' || !holdsAt(zone, at, timeZone)) continue
    const sight = fenceSight(zone, distanceToShapeM(zone.shape, fix), fix)
    const known = sights.findIndex(({ key }) => key === sight.key)
    if (known < 0) sights.push(sight)
    else if (sight.beyondM < (sights[known] as Sight).beyondM) sights[known] = sight
  }
  if (areas === undefined) return sights
  for (const area of areas) {
    const near = area.safe.nearest(fix, onlyHolding(area, at, timeZone))
    if (near !== undefined) sights.push(fenceSight(near.zone, near.distanceM, fix))
  }
  return sights
}

const fenceSight = (zone: Zone, beyondM: number, { accuracyM }: Fix): Sight => ({
  key: fenceOf(zone),
  zone,
  beyondM,
  sureM: OUTSIDE_ACCURACIES * accuracyM,
})

/** Which fence a safe zone is a part of; an area may have the id of an elder. */
export const fenceOf = ({ residentId, areaId }: Zone): string =>
  residentId === null ? areaFence(markOf(areaId ?? '')) : elderFence(wearerMark(residentId))

/** Whether both are parts of one fence: asked for every fix, where keys would have to be made. */
const isSameFence = (a: Zone, b: Zone): boolean =>
  a.residentId === b.residentId && (a.residentId !== null || a.areaId === b.areaId)

const ELDER = '~'
export const elderFence = (mark: number): string => `${ELDER}${mark}`
const AREA = '@'
export const areaFence = (mark: number): string => `${AREA}${mark}`

function onlyHolding({ scheduled }: AreaZones, at: EpochMs, timeZone: string) {
  return scheduled.length === 0 ? undefined : (zone: Zone) => holdsAt(zone, at, timeZone)
}

/** Whether a fix is inside every fence beyond doubt, which is quick to say for most that are; false says nothing. */
export function isSurelySafe(context: Context, fix: Fix, at: EpochMs): boolean {
  const { zones, areas, timeZone } = context
  for (const zone of zones) {
    if (zone.kind !== 'safe' || !holdsAt(zone, at, timeZone) || isSurelyInside(zone.shape, fix)) continue
    if (!isSurelyInFence(zone, context, fix, at)) return false
  }
  if (areas === undefined) return true
  for (const area of areas) if (!isSurelyInArea(area, fix, at, timeZone)) return false
  return true
}

/** In the fence that a zone is a part of. */
function isSurelyInFence(part: Zone, { zones, timeZone }: Context, fix: Fix, at: EpochMs): boolean {
  for (const zone of zones) {
    if (zone.kind !== 'safe' || !isSameFence(zone, part) || !holdsAt(zone, at, timeZone)) continue
    if (isSurelyInside(zone.shape, fix)) return true
  }
  return false
}

function isSurelyInArea({ safe }: AreaZones, fix: Fix, at: EpochMs, timeZone: string): boolean {
  if (safe.zones.length === 0) return true
  for (const zone of safe.around(fix))
    if (isSurelyInside(zone.shape, fix) && holdsAt(zone, at, timeZone)) return true
  return false
}

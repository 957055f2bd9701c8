// Entering where it is dangerous: a pond, a building site, the lane of a road. Each danger zone stands for itself.

import type { EpochMs } from '../../model/units.ts'
import type { Zone } from '../../model/zone.ts'
import { depthM } from '../geometry/depth.ts'
import { distanceToShapeM } from '../geometry/shape.ts'
import type { Context } from '../rule.ts'
import { type Fix, isCoarse } from './fix.ts'
import { markOf } from './mark.ts'
import { holdsAt } from './schedule.ts'
import type { Sight } from './sight.ts'

/** Inside by more than this many accuracies is inside (docs/rules.md). */
export const INSIDE_ACCURACIES = 1

/**
 * In a narrow zone no fix lies so deep: in one that is at least half as deep as a fix is exact, the inner half of it
 * is enough. Beyond that the fix cannot tell the pond from the bench beside it.
 */
export const NARROW_ACCURACIES = 2

/** The danger zones that hold at a time and hold the fix, or are watched because they did. */
export function dangerSights(
  { zones, areas, timeZone }: Context,
  { fix, at, watched }: { fix: Fix; at: EpochMs; watched: Readonly<Record<string, unknown>> },
): readonly Sight[] {
  let sights: Sight[] | undefined
  for (const zone of zones) {
    if (zone.kind !== 'danger' || !holdsAt(zone, at, timeZone)) continue
    const sight = dangerSight(zone, fix)
    if (sight.beyondM > 0 || watched[sight.key] !== undefined) sights = [...(sights ?? NONE), sight]
  }
  if (areas === undefined) return sights ?? NONE
  for (const { danger, byMark } of areas) {
    if (danger.zones.length === 0) continue
    const near = withWatched(danger.around(fix), watched, byMark)
    for (let i = 0; i < near.length; i++) {
      const zone = near[i] as Zone
      if (!holdsAt(zone, at, timeZone)) continue
      const sight = dangerSight(zone, fix)
      if (sight.beyondM > 0 || watched[sight.key] !== undefined) sights = [...(sights ?? NONE), sight]
    }
  }
  return sights ?? NONE
}

const NONE: readonly Sight[] = []

/** Zones around a fix, and those of the area that are watched; nearly always there is neither. */
function withWatched(
  around: readonly Zone[],
  watched: Readonly<Record<string, unknown>>,
  byMark: ReadonlyMap<number, Zone>,
): readonly Zone[] {
  let near = around
  for (const key in watched) {
    const mark = isDangerKey(key) ? zoneMarkOf(key) : undefined
    const zone = mark === undefined ? undefined : byMark.get(mark)
    const isMissing = zone?.kind === 'danger' && !near.some(({ id }) => markOf(id) === mark)
    if (isMissing) near = [...near, zone]
  }
  return near
}

/** A danger zone seen from a fix. */
export const dangerSight = (zone: Zone, fix: Fix): Sight => ({
  key: dangerKey(markOf(zone.id)),
  zone,
  beyondM: -distanceToShapeM(zone.shape, fix),
  sureM: sureM(zone, fix),
})

const DANGER = '!'
export const dangerKey = (zoneMark: number): string => `${DANGER}${zoneMark}`
export const isDangerKey = (key: string): boolean => key.startsWith(DANGER)
export const zoneMarkOf = (key: string): number => Number(key.slice(DANGER.length))

function sureM(zone: Zone, fix: Fix): number {
  const usualM = INSIDE_ACCURACIES * fix.accuracyM
  const deepM = depthM(zone.shape)
  const isTelling = !isCoarse(fix) && fix.accuracyM <= NARROW_ACCURACIES * deepM
  return isTelling ? Math.min(usualM, deepM / 2) : usualM
}

// What is left of what is known of the edges around an elder, when zones may have been changed since, or time has come
// for some. Most changes are of something else, and forget nothing.

import type { EpochMs } from '../../model/units.ts'
import type { Context } from '../rule.ts'
import { isRaised, type Watch } from './crossing.ts'
import type { Fix } from './fix.ts'
import { zoneOfKey } from './own-zones.ts'
import { type Sight, verdictOf } from './sight.ts'
import { allSights, isNothing, type Watches } from './walk.ts'

/** An edge is the one that was judged, if the last fix lies as far past it; fixes are kept to a decimetre. */
export const SAME_EDGE_M = 0.5

/** What still stands of each edge that is there; what is left out begins anew, with the last fixes. */
export function stillStanding(
  watches: Watches,
  { last, now, context }: { last: Fix; now: EpochMs; context: Context },
): Watches {
  if (isNothing(watches)) return watches
  const kept: Record<string, Watch> = {}
  const sights = allSights(context, { fix: last, at: now, watched: watches })
  for (const key in watches) {
    const sight = sights.find(one => one.key === key)
    const watch = sight && whatStands(watches[key] as Watch, { sight, last, context })
    if (watch) kept[key] = watch
  }
  return kept
}

function whatStands(
  watch: Watch,
  { sight, last, context }: { sight: Sight; last: Fix; context: Context },
): Watch | undefined {
  const { crossing, lastM = sight.beyondM } = watch
  if (!isRaised(watch) && Math.abs(sight.beyondM - lastM) <= SAME_EDGE_M) return watch
  // Without the zone that was crossed it is another edge, and being beyond that one has not been told.
  if (crossing === null || !zoneOfKey(context, sight.key, crossing.zone)) return undefined
  const verdict = verdictOf(sight, last)
  if (isRaised(watch)) return verdict === 'back' ? undefined : watch
  // Who was beyond a wider fence is beyond this one; of the way it was reckoned from another edge.
  const isNarrower = sight.beyondM > lastM
  return isNarrower && verdict !== 'back' && verdict !== 'edge' ? { ...watch, way: undefined } : undefined
}

// What the rule `zone_exit` had stored, before danger zones and schedules made it `zones`: where elders were, and who was
// outside of which fence. Without it an upgrade would raise anew whom a person already looks for.

import type { Older } from '../rule.ts'
import type { Crossing, Watch } from './crossing.ts'
import type { Fix } from './fix.ts'
import { type KeptFix, keep } from './kept-fix.ts'
import type { Watches } from './walk.ts'
import type { ZonesState } from './zones.ts'

/** State of `zone_exit`, version 1. An outing was what a crossing is, and only fences had one. */
export type ZoneExitState = {
  residentId: string | null
  track: { at: Fix['at']; recent: readonly Fix[]; held: readonly Fix[] }
  /** By owner of the fence, which is what its key is today. */
  watches: Readonly<Record<string, Omit<Watch, 'crossing'> & { outing: Crossing | null }>>
}

export const zoneExitState: Older<ZonesState> = {
  name: 'zone_exit',
  version: 1,
  migrate(stored) {
    const { residentId, track, watches } = stored as ZoneExitState
    return { residentId, track: trackOf(track), watches: watchesOf(watches) }
  },
}

function trackOf({ at, recent, held }: ZoneExitState['track']): ZonesState['track'] {
  return {
    at: at === recent.at(-1)?.at ? undefined : at,
    recent: recent.map(keep),
    held: held.length === 0 ? undefined : held.map((fix): KeptFix => keep(fix)),
  }
}

function watchesOf(watches: ZoneExitState['watches']): Watches | undefined {
  const kept = Object.entries(watches).map(([key, { outing, ...rest }]): [string, Watch] => [
    key,
    { ...rest, crossing: outing },
  ])
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

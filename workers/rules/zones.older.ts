// What earlier versions had stored: where elders were, and who was outside of which fence. Without it an upgrade would
// raise anew whom a person already looks for.

import type { Older } from '../rule.ts'
import type { Crossing, Watch } from './crossing.ts'
import { isDangerKey } from './danger-zone.ts'
import type { Fix } from './fix.ts'
import { type KeptFix, keep } from './kept-fix.ts'
import type { Watches } from './walk.ts'
import { areaFence, isAreaFence } from './zone-exit.ts'
import type { ZonesState } from './zones.ts'

/** The fence of an area had the bare id of it as its key; all others are what they were. */
export const keyOfToday = (key: string, residentId: string | null): string =>
  key === residentId || isDangerKey(key) || isAreaFence(key) ? key : areaFence(key)

/** What `zones` had stored before it was packed. */
export const plainState: Older<ZonesState> = {
  name: 'zones',
  version: 1,
  migrate(stored) {
    const state = stored as ZonesState
    return { ...state, watches: state.watches && withKeysOfToday(state.watches, state.residentId) }
  },
}

function withKeysOfToday(watches: Watches, residentId: string | null): Watches {
  const kept = Object.entries(watches).map(([key, watch]) => [keyOfToday(key, residentId), watch] as const)
  return Object.fromEntries(kept)
}

/**
 * State of `zone_exit`, version 1, before there were danger zones and schedules. An outing was what a crossing is, and
 * only fences had one.
 */
export type ZoneExitState = {
  residentId: string | null
  track: { at: Fix['at']; recent: readonly Fix[]; held: readonly Fix[] }
  /** By owner of the fence. */
  watches: Readonly<Record<string, Omit<Watch, 'crossing'> & { outing: Crossing | null }>>
}

export const zoneExitState: Older<ZonesState> = {
  name: 'zone_exit',
  version: 1,
  migrate(stored) {
    const { residentId, track, watches } = stored as ZoneExitState
    return { residentId, track: trackOf(track), watches: watchesOf(watches, residentId) }
  },
}

function trackOf({ at, recent, held }: ZoneExitState['track']): ZonesState['track'] {
  return {
    at: at === recent.at(-1)?.at ? undefined : at,
    recent: recent.map(keep),
    held: held.length === 0 ? undefined : held.map((fix): KeptFix => keep(fix)),
  }
}

function watchesOf(watches: ZoneExitState['watches'], residentId: string | null): Watches | undefined {
  const kept = Object.entries(watches).map(([key, { outing, ...rest }]): [string, Watch] => [
    key,
    { ...rest, crossing: outing },
  ])
  return kept.length === 0 ? undefined : withKeysOfToday(Object.fromEntries(kept), residentId)
}

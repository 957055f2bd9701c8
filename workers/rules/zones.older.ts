// What earlier versions had stored: where elders were, and who was outside of which fence. Without it an upgrade would
// raise anew whom a person already looks for.

import type { Older } from '../rule.ts'
import type { Crossing, Watch } from './crossing.ts'
import { dangerKey } from './danger-zone.ts'
import type { Fix } from './fix.ts'
import { type KeptFix, keep } from './kept-fix.ts'
import { markOf } from './mark.ts'
import { wearerMark } from './wearer.ts'
import { areaFence, elderFence } from './zone-exit.ts'
import { unpackZones } from './zones.packed.ts'
import type { ZonesState } from './zones.ts'

/** Version 2: numbers in a row, and ids as they are (zones.packed.ts). */
export const packedZones: Older<ZonesState> = {
  name: 'zones',
  version: 2,
  migrate: stored => withMarks(unpackZones(stored)),
}

/** Version 1: the same as plain JSON. */
export const plainZones: Older<ZonesState> = {
  name: 'zones',
  version: 1,
  migrate: stored => withMarks(stored as ZonesWithIds),
}

/** Zones and their owners were kept by their ids. */
export type ZonesWithIds = Omit<ZonesState, 'w' | 'watches'> & {
  residentId: string | null
  watches?: Readonly<Record<string, WatchWithId>> | undefined
}
export type CrossingWithId = Omit<Crossing, 'zone'> & { zoneId: string }
export type WatchWithId = Omit<Watch, 'crossing'> & { crossing: CrossingWithId | null }

function withMarks({ residentId, watches, ...rest }: ZonesWithIds): ZonesState {
  const kept = Object.entries(watches ?? {}).map(([key, watch]) => [
    keyOfToday(key, residentId),
    marked(watch),
  ])
  return {
    ...rest,
    w: wearerMark(residentId),
    watches: watches === undefined ? undefined : Object.fromEntries(kept),
  }
}

function marked({ crossing, ...watch }: WatchWithId): Watch {
  if (crossing === null) return { ...watch, crossing }
  const { zoneId, ...rest } = crossing
  return { ...watch, crossing: { ...rest, zone: markOf(zoneId) } }
}

/** The fence of an elder had its bare id as its key, and that of an area in the first versions as well. */
function keyOfToday(key: string, residentId: string | null): string {
  if (key === residentId) return elderFence(wearerMark(key))
  if (key.startsWith(OTHERS)) return elderFence(wearerMark(key.slice(1)))
  if (key.startsWith(DANGER)) return dangerKey(markOf(key.slice(1)))
  return areaFence(markOf(key.startsWith(AREA) ? key.slice(1) : key))
}

const DANGER = '!'
const AREA = '@'
const OTHERS = '='

/**
 * State of `zone_exit`, version 1, before there were danger zones and schedules. An outing was what a crossing is, and
 * only fences had one.
 */
type ZoneExitState = {
  residentId: string | null
  track: { at: Fix['at']; recent: readonly Fix[]; held: readonly Fix[] }
  /** By owner of the fence. */
  watches: Readonly<Record<string, Omit<WatchWithId, 'crossing'> & { outing: CrossingWithId | null }>>
}

export const zoneExit: Older<ZonesState> = {
  name: 'zone_exit',
  version: 1,
  migrate(stored) {
    const { residentId, track, watches } = stored as ZoneExitState
    return withMarks({ residentId, track: trackOf(track), watches: watchesOf(watches) })
  },
}

function trackOf({ at, recent, held }: ZoneExitState['track']): ZonesState['track'] {
  return {
    at: at === recent.at(-1)?.at ? undefined : at,
    recent: recent.map(keep),
    held: held.length === 0 ? undefined : held.map((fix): KeptFix => keep(fix)),
  }
}

function watchesOf(watches: ZoneExitState['watches']): ZonesWithIds['watches'] {
  const kept = Object.entries(watches).map(([key, { outing, ...rest }]) => [
    key,
    { ...rest, crossing: outing },
  ])
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

// The zones of an area, once for all devices that are in it.

import type { EpochMs } from '../model/units.ts'
import type { Zone } from '../model/zone.ts'
import { indexZones, type ZoneIndex } from './geometry/zone-index.ts'
import { markOf } from './rules/mark.ts'
import { nextEdge } from './rules/schedule.ts'

export type AreaZones = {
  readonly areaId: string
  readonly byMark: ReadonlyMap<number, Zone>
  readonly safe: ZoneIndex
  readonly danger: ZoneIndex
  /** Those that do not always hold. */
  readonly scheduled: readonly Zone[]
  /** The shortest dwell of any of them, infinite where there is none. */
  readonly leastDwellMs: number
  /** When one of them may next begin or cease to hold, for elders of a time zone. */
  nextEdge(now: EpochMs, timeZone: string): EpochMs | null
}

/** The zones of one area, made ready to be asked about a place. */
export function openAreaZones(areaId: string, zones: Iterable<Zone>): AreaZones {
  const byId = new Map<string, Zone>()
  for (const zone of zones) byId.set(zone.id, zone)
  const all = [...byId.values()]
  const scheduled = all.filter(zone => zone.schedule.length > 0)
  return {
    areaId,
    byMark: new Map(all.map(zone => [markOf(zone.id), zone])),
    safe: indexZones(all.filter(zone => zone.kind === 'safe')),
    danger: indexZones(all.filter(zone => zone.kind === 'danger')),
    scheduled,
    leastDwellMs: all.reduce((least, { dwellMs }) => Math.min(least, dwellMs), Number.POSITIVE_INFINITY),
    nextEdge: rememberedEdge(scheduled),
  }
}

type Edge = { from: EpochMs; at: EpochMs | null }

/** Between a time and the edge that follows, the answer is the same: thousands of devices ask for it. */
function rememberedEdge(scheduled: readonly Zone[]): AreaZones['nextEdge'] {
  const edges = new Map<string, Edge>()
  return (now, timeZone) => {
    const known = edges.get(timeZone)
    if (known !== undefined && known.from <= now && (known.at === null || now < known.at)) return known.at
    const edge = { from: now, at: nextEdge(scheduled, now, timeZone) }
    edges.set(timeZone, edge)
    return edge.at
  }
}

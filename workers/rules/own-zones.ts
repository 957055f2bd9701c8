// The zones that a context has, its own and those of its areas, whether they hold just now or not.

import type { EpochMs } from '../../model/units.ts'
import type { Zone } from '../../model/zone.ts'
import type { Context } from '../rule.ts'
import { isDangerKey } from './danger-zone.ts'
import { markOf } from './mark.ts'
import { nextEdge } from './schedule.ts'
import { fenceOf } from './zone-exit.ts'

/** The zone of this mark, where it still is what stands behind the key of an edge. */
export function zoneOfKey({ zones, areas = [] }: Context, key: string, mark: number): Zone | undefined {
  const zone =
    zones.find(({ id }) => markOf(id) === mark) ?? areas.map(area => area.byMark.get(mark)).find(Boolean)
  if (zone === undefined) return undefined
  const isTheSame = isDangerKey(key) ? zone.kind === 'danger' : zone.kind === 'safe' && fenceOf(zone) === key
  return isTheSame ? zone : undefined
}

/** When one of the zones may next begin or cease to hold; null when none has a schedule. */
export function nextEdgeOf({ zones, areas, timeZone }: Context, now: EpochMs): EpochMs | null {
  let edge: EpochMs | null = null
  for (const zone of zones) if (zone.schedule.length > 0) edge = sooner(edge, nextEdge([zone], now, timeZone))
  if (areas === undefined) return edge
  for (const area of areas) {
    if (area.scheduled.length > 0) edge = sooner(edge, area.nextEdge(now, timeZone))
  }
  return edge
}

const sooner = (a: EpochMs | null, b: EpochMs | null): EpochMs | null =>
  a === null || (b !== null && b < a) ? b : a

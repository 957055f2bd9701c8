// What the fold knows of the registry: a context a device, the zones that contexts name, and the zones of areas, which
// hold for every device there and are kept once for all of them.

import type { Zone } from '../model/zone.ts'
import type { DeviceContext } from '../records/contexts.ts'
import { type AreaZones, openAreaZones } from './area-zones.ts'
import type { DeviceState } from './device-state.ts'
import { type Context, NO_CONTEXT } from './rule.ts'
import type { FoldState } from './state.ts'

/**
 * A context as it is stored: the wearer's own zones by id, and the areas that it is in, from the root down. What an
 * older version stored has no areas, and names their zones as well.
 */
export type StoredContext = DeviceContext & {
  zoneIds: readonly string[]
  areaIds?: readonly string[]
}

/** What a note can say about zones: a new or changed one, one that is gone, or which areas' zones there are at all. */
export type ZoneNote = { zone: Zone } | { zoneGone: string } | { areaZoneIds: readonly string[] }

export type Contexts = {
  /** The device's context with its zones; the same object until something of it changes. */
  of(device: DeviceState): Context
  set(device: DeviceState, context: StoredContext): void
  /** The contexts of the devices that it matters to follow in the log. */
  noteZone(note: ZoneNote): void
}

export function openContexts(state: FoldState): Contexts {
  const stored = state.table<StoredContext>('context')
  const zones = state.table<Zone>('zone')
  let zoneChanges = 0
  const areas = openAreas(zones.entries())

  function resolve(deviceId: string): Context {
    const context = stored.get(deviceId)
    if (context === undefined) return NO_CONTEXT
    const { zoneIds, areaIds = [], ...rest } = context
    const own = zoneIds.flatMap(id => zones.get(id) ?? []).map(asZone)
    return { ...NO_CONTEXT, ...rest, zones: own, areas: areas.of(areaIds) }
  }

  function setZone(zone: Zone): void {
    const known = zones.get(zone.id)
    // The same again: what was made ready for it stays good.
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(zone)) return
    areas.drop(known)
    zones.set(zone.id, zone)
    areas.add(zone)
  }

  function dropZone(id: string): void {
    areas.drop(zones.get(id))
    zones.delete(id)
  }

  return {
    of(device) {
      if (device.context !== undefined && device.contextAfter === zoneChanges) return device.context
      const context = resolve(device.id)
      device.context = context
      device.contextAfter = zoneChanges
      return context
    },
    set(device, context) {
      stored.set(device.id, context)
      device.context = undefined
    },
    noteZone(note) {
      if ('zone' in note) setZone(note.zone)
      else if ('zoneGone' in note) dropZone(note.zoneGone)
      else for (const id of areas.idsBut(note.areaZoneIds)) dropZone(id)
      zoneChanges++
    },
  }
}

/** The zones of areas, by area; what is asked of one is made ready when it is first asked. */
function openAreas(known: Iterable<readonly [string, Zone]>) {
  const byArea = new Map<string, Map<string, Zone>>()
  const ready = new Map<string, AreaZones>()

  function add(zone: Zone): void {
    const { areaId } = zone
    if (areaId === null) return
    const zones = byArea.get(areaId) ?? new Map<string, Zone>()
    byArea.set(areaId, zones.set(zone.id, asZone(zone)))
    ready.delete(areaId)
  }
  for (const [, zone] of known) add(zone)

  function readyFor(areaId: string): AreaZones[] {
    const zones = byArea.get(areaId)
    if (zones === undefined || zones.size === 0) return []
    const area = ready.get(areaId) ?? openAreaZones(areaId, zones.values())
    ready.set(areaId, area)
    return [area]
  }

  return {
    add,
    drop(zone: Zone | undefined): void {
      if (zone?.areaId == null) return
      byArea.get(zone.areaId)?.delete(zone.id)
      ready.delete(zone.areaId)
    },
    of: (areaIds: readonly string[]): readonly AreaZones[] => areaIds.flatMap(readyFor),
    /** The ids of all zones of areas but these. */
    idsBut(kept: readonly string[]): string[] {
      const keep = new Set(kept)
      return [...byArea.values()].flatMap(zones => [...zones.keys()]).filter(id => !keep.has(id))
    },
  }
}

/** What was stored before zones had schedules holds always. */
const asZone = (zone: Zone): Zone =>
  zone.schedule === undefined ? { ...zone, schedule: [], timeZone: null } : zone

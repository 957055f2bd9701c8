// What the fold knows of the registry: a context a device, and the zones that contexts name.

import type { Zone } from '../model/zone.ts'
import { type Context, NO_CONTEXT } from './rule.ts'
import type { FoldState } from './state.ts'

/** A context as it is stored: its zones by id, because thousands of devices share the zones of an area. */
export type StoredContext = Omit<Context, 'zones'> & { zoneIds: readonly string[] }

export type Contexts = {
  /** The device's context with its zones; the same object until something of it changes. */
  get(deviceId: string): Context
  set(deviceId: string, context: StoredContext): void
  /** A new or changed zone; the contexts that name it follow in the log. */
  setZone(zone: Zone): void
}

export function openContexts(state: FoldState): Contexts {
  const stored = state.table<StoredContext>('context')
  const zones = state.table<Zone>('zone')
  const resolved = new Map<string, Context>()

  function resolve(deviceId: string): Context {
    const context = stored.get(deviceId)
    if (context === undefined) return NO_CONTEXT
    const { residentId, wandering, zoneIds } = context
    return { residentId, wandering, zones: zoneIds.flatMap(id => zones.get(id) ?? []) }
  }

  return {
    get(deviceId) {
      const known = resolved.get(deviceId)
      if (known !== undefined) return known
      const context = resolve(deviceId)
      resolved.set(deviceId, context)
      return context
    },
    set(deviceId, context) {
      stored.set(deviceId, context)
      resolved.delete(deviceId)
    },
    setZone(zone) {
      zones.set(zone.id, zone)
      resolved.clear()
    },
  }
}

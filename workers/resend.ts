// Recognises an event that a device sends again because it never saw the acknowledgement: by the device's own
// event id, for 24 hours of receive time. In doubt it is a new press: a count that started anew may give the id
// of a green key to a red one, or that of the morning to a press at night, so the kind and the time belong to it.

import type { EventKind } from '../model/event.ts'
import type { EpochMs } from '../model/units.ts'
import type { Table } from './state.ts'

export const REMEMBER_FOR_MS = 24 * 3_600_000
/** Ids kept of one device; nobody presses more often in a day, and a broken device must not fill the state. */
const IDS_PER_DEVICE = 500

/** Each as `kind:id`, with the device's own time where it gave one. */
type Remembered = readonly (readonly [event: string, receivedAt: EpochMs, ts: number | null])[]

/** What a device says of one event; `ts` is its own time, believed or not. */
export type Sent = {
  deviceId: string
  kind: EventKind
  eventId: string
  ts: number | undefined
  now: EpochMs
}

/** A device that stamps each try anew is this far off at most; more is another event under the same id. */
const SAME_EVENT_MS = 10 * 60_000

export type ResendMemory = {
  /** True when this event was taken before; otherwise remembers it. */
  isResent(event: Sent): boolean
  /** Forgets ids of devices that were not heard of for 24 hours. */
  expire(now: EpochMs): void
}

export function createResendMemory(table: Table<Remembered>): ResendMemory {
  for (const _ of table.entries()); // every tick asks for all of them, so they are read before the first one

  return {
    isResent({ deviceId, kind, eventId, ts: stamped, now }) {
      const event = `${kind}:${eventId}`
      const ts = stamped ?? null
      const fresh = (table.get(deviceId) ?? []).filter(([, at]) => at > now - REMEMBER_FOR_MS)
      if (fresh.some(([known, , knownTs]) => known === event && isSameTime(knownTs, ts))) return true
      table.set(deviceId, [...fresh.slice(1 - IDS_PER_DEVICE), [event, now, ts]])
      return false
    },
    expire(now) {
      for (const [deviceId, ids] of table.entries()) {
        const newest = ids.at(-1)?.[1] ?? 0
        if (newest <= now - REMEMBER_FOR_MS) table.delete(deviceId)
      }
    },
  }
}

const isSameTime = (a: number | null, b: number | null): boolean =>
  a === null || b === null || Math.abs(a - b) <= SAME_EVENT_MS

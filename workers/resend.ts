// Recognises an event that a device sends again because it never saw the acknowledgement: by the device's own
// event id, for 24 hours of receive time. In doubt it is a new press: a count that started anew may give the id
// of a green key to a red one, or that of the morning to a press at night, so the kind and the time belong to it.

import type { EventKind } from '../model/event.ts'
import type { EpochMs } from '../model/units.ts'
import type { Column, DeviceState } from './device-state.ts'

export const REMEMBER_FOR_MS = 24 * 3_600_000
/** Ids kept of one device; nobody presses more often in a day, and a broken device must not fill the state. */
const IDS_PER_DEVICE = 500

/** Each as `kind:id`, with the device's own time where it gave one. */
export type Remembered = readonly (readonly [event: string, receivedAt: EpochMs, ts: number | null])[]

/** What a device says of one event; `ts` is its own time, believed or not. */
export type Sent = {
  device: DeviceState
  kind: EventKind
  eventId: string
  ts: number | undefined
  now: EpochMs
}

/** A device that stamps each try anew is this far off at most; more is another event under the same id. */
const SAME_EVENT_MS = 10 * 60_000

/** Devices are looked at for expiry together with those of the same ten minutes. */
const EXPIRY_SLOT_MS = 10 * 60_000

export type ResendMemory = {
  /** True when this event was taken before; otherwise remembers it. */
  isResent(event: Sent): boolean
  /** Forgets ids of devices that were not heard of for 24 hours. */
  expire(now: EpochMs): void
}

export function createResendMemory(column: Column<Remembered>): ResendMemory {
  /** Devices by when their newest event came; some are also where an earlier one was. */
  const byTime = new Map<number, Set<DeviceState>>()
  for (const device of column.holders()) schedule(device, newestOf(device))

  function newestOf(device: DeviceState): number {
    return column.get(device)?.at(-1)?.[1] ?? 0
  }

  function schedule(device: DeviceState, newestAt: number): void {
    const slot = slotOf(newestAt)
    const devices = byTime.get(slot)
    if (devices === undefined) byTime.set(slot, new Set([device]))
    else devices.add(device)
  }

  /** Of the devices of one slot, lets go of those that are due, and of those that have been heard of since. */
  function expireSlot(slot: number, devices: Set<DeviceState>, until: number): void {
    for (const device of devices) {
      const newestAt = newestOf(device)
      if (newestAt <= until) column.delete(device)
      else if (slotOf(newestAt) === slot) continue
      devices.delete(device)
    }
    if (devices.size === 0) byTime.delete(slot)
  }

  return {
    isResent({ device, kind, eventId, ts: stamped, now }) {
      const event = `${kind}:${eventId}`
      const ts = stamped ?? null
      const fresh = (column.get(device) ?? []).filter(([, at]) => at > now - REMEMBER_FOR_MS)
      if (fresh.some(([known, , knownTs]) => known === event && isSameTime(knownTs, ts))) return true
      column.set(device, [...fresh.slice(1 - IDS_PER_DEVICE), [event, now, ts]])
      schedule(device, now)
      return false
    },
    expire(now) {
      const until = now - REMEMBER_FOR_MS
      for (const [slot, devices] of byTime)
        if (slot * EXPIRY_SLOT_MS <= until) expireSlot(slot, devices, until)
    },
  }
}

const slotOf = (at: number): number => Math.floor(at / EXPIRY_SLOT_MS)

const isSameTime = (a: number | null, b: number | null): boolean =>
  a === null || b === null || Math.abs(a - b) <= SAME_EVENT_MS

// A device whose clock is behind by hours looks as if all it says were old news, and old news raises nothing.
// Old news catches up while it arrives; a wrong clock stays wrong by the same amount. That tells them apart.

import type { EpochMs } from '../model/units.ts'
import type { Column, DeviceState } from './device-state.ts'
import { STALE_MS } from './rule.ts'

/** Lateness is taken as the clock's fault when it has not changed by more than this … */
export const SAME_LATENESS_MS = 30_000
/** … between two messages that came at least this far apart. */
export const APART_MS = 30_000

/** How late the device's messages are, since when; `isBehind` once that is known to be its clock. */
export type Lateness = { lateMs: number; since: EpochMs; isBehind: boolean }

export type DeviceClocks = {
  /** By how much the clock of a device is behind, judged by its newest sample; 0 when it is not. */
  behindMs(device: DeviceState, lateMs: number, now: EpochMs): number
}

export function createDeviceClocks(column: Column<Lateness>): DeviceClocks {
  return {
    behindMs(device, lateMs, now) {
      const known = column.get(device)
      if (lateMs <= STALE_MS) {
        if (known !== undefined) column.delete(device)
        return 0
      }
      const isSame = known !== undefined && Math.abs(lateMs - known.lateMs) <= SAME_LATENESS_MS
      if (!isSame) {
        column.set(device, { lateMs, since: now, isBehind: false })
        return 0
      }
      if (known.isBehind) return known.lateMs
      if (now - known.since < APART_MS) return 0
      column.set(device, { ...known, isBehind: true })
      return known.lateMs
    },
  }
}

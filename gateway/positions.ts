// The last places of many devices, read from the history some at a time. Several walls that look at one district ask it
// once: what was read a moment ago is told again.

import { POSITION_AGE_MAX_MS, type Position, shownFix } from '../model/position.ts'
import type { Located } from '../records/positions.ts'
import { isFix, type KeptFix } from '../workers/fixes.ts'
import { toWgs84 } from '../workers/geometry/datum.ts'
import type { Past } from './past.ts'

/** How long a place is told again without asking for it anew. */
export const TOLD_AGAIN_MS = 4_000
/** Questions to the history at a time: charts of the desk come in between. */
const AT_ONCE = 8
/** A device's clock may be ahead by this much, and is believed. */
const AHEAD_MS = 2 * 60_000
/** Places that are remembered; more devices than that are asked for each time. */
const REMEMBERED = 20_000

type Fix = { lat: number; lon: number; acc?: number | undefined; at: number }
type Read = { readAt: number; wornSince: number | null; fix: Fix | null }

export type Positions = {
  /** In the order given. @throws HubError UNAVAILABLE when the history is away */
  of(devices: readonly Located[], now: number): Promise<Position[]>
}

export function createPositions({ history }: Pick<Past, 'history'>): Positions {
  const known = new Map<string, Read>()

  async function fixOf({ deviceId, wornSince }: Located, now: number): Promise<Fix | null> {
    const read = known.get(deviceId)
    const isFresh = read !== undefined && now >= read.readAt && now - read.readAt < TOLD_AGAIN_MS
    if (isFresh && read.wornSince === wornSince) return read.fix
    // What a device said on somebody else's wrist is not where its wearer is.
    const from = Math.max(wornSince ?? 0, now - POSITION_AGE_MAX_MS)
    const { fix: kept } = await history.newest({ deviceId, from, to: now + AHEAD_MS })
    const fix = kept && isFix(kept) ? placed(kept) : null
    if (known.size >= REMEMBERED) known.clear()
    known.set(deviceId, { readAt: now, wornSince, fix })
    return fix
  }

  return {
    async of(devices, now) {
      const told: Position[] = new Array(devices.length)
      const left = devices.entries()
      const worker = async (): Promise<void> => {
        for (const [index, device] of left) {
          const fix = await fixOf(device, now)
          const { deviceId, kind, areaId, alarmId } = device
          told[index] = { deviceId, kind, areaId, alarmId, fix: fix && shownFix(fix, alarmId !== null) }
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      return told
    },
  }
}

function placed({ at, sample: { loc } }: KeptFix): Fix {
  const { datum, lat, lon, acc } = loc
  return { ...toWgs84({ lat, lon }, datum), acc, at }
}

// The last places of many devices, read from the history some at a time. Several walls that look at one district ask it
// once: what was read a moment ago is told again. A place in need is read every few seconds; one that is told to some
// hundred metres, once a minute, and not all of them in the same one.

import { POSITION_AGE_MAX_MS, type Position, shownFix } from '../model/position.ts'
import type { Located } from '../records/positions.ts'
import { isFix, type KeptFix } from '../workers/fixes.ts'
import { toWgs84 } from '../workers/geometry/datum.ts'
import type { Past } from './past.ts'
import { startTurns } from './turns.ts'

/** How long a place is told again without asking for it anew: while an emergency is about it, and else. */
export const TOLD_AGAIN_MS = 4_000
export const TOLD_AGAIN_COARSE_MS = 60_000
/** Questions to the history at a time, of all who ask: charts of the desk come in between. */
const AT_ONCE = 8
/** A device's clock may be ahead by this much, and is believed. */
const AHEAD_MS = 2 * 60_000
/** Places that are remembered; beyond that the one that was read the longest ago is forgotten. */
const REMEMBERED = 20_000

type Fix = { lat: number; lon: number; acc?: number | undefined; at: number }
type Read = { readAt: number; wornSince: number | null; fix: Promise<Fix | null> }

type Parts = Pick<Past, 'history'> & { remembered?: number }

export type Positions = {
  /** In the order given. @throws HubError UNAVAILABLE when the history is away */
  of(devices: readonly Located[], now: number): Promise<Position[]>
}

export function createPositions({ history, remembered = REMEMBERED }: Parts): Positions {
  const known = new Map<string, Read>()
  const turn = startTurns({ atOnce: AT_ONCE })

  function fixOf(device: Located, now: number): Promise<Fix | null> {
    const { deviceId, wornSince } = device
    const read = known.get(deviceId)
    const isFresh = read !== undefined && now >= read.readAt && now - read.readAt < toldAgainMs(device)
    if (isFresh && read.wornSince === wornSince) return read.fix
    const fix = turn(() => readFix(device, now))
    known.delete(deviceId) // it goes behind all that were read before it
    known.set(deviceId, { readAt: now, wornSince, fix })
    if (known.size > remembered) forgetOldest()
    // What failed is asked for anew.
    fix.catch(() => {
      if (known.get(deviceId)?.fix === fix) known.delete(deviceId)
    })
    return fix
  }

  function forgetOldest(): void {
    const [oldest] = known.keys()
    if (oldest !== undefined) known.delete(oldest)
  }

  async function readFix({ deviceId, wornSince }: Located, now: number): Promise<Fix | null> {
    // What a device said on somebody else's wrist is not where its wearer is.
    const from = Math.max(wornSince ?? 0, now - POSITION_AGE_MAX_MS)
    const { fix } = await history.newest({ deviceId, from, to: now + AHEAD_MS, of: ['fix'] })
    return fix && isFix(fix) ? placed(fix) : null
  }

  return {
    async of(devices, now) {
      const told: Position[] = new Array(devices.length)
      const left = devices.entries()
      let isOver = false
      const worker = async (): Promise<void> => {
        for (const [index, device] of left) {
          if (isOver) return // a history that is away is not asked five hundred times
          const fix = await fixOf(device, now)
          const { deviceId, kind, areaId, alarmId } = device
          told[index] = { deviceId, kind, areaId, alarmId, fix: fix && shownFix(fix, alarmId !== null) }
        }
      }
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, worker))
        return told
      } finally {
        isOver = true
      }
    },
  }
}

/** Three to five quarters of the usual, by the id: what was read at once is not all due at once. */
function toldAgainMs({ deviceId, alarmId }: Located): number {
  if (alarmId !== null) return TOLD_AGAIN_MS
  let sum = 0
  for (let index = 0; index < deviceId.length; index++) sum = (sum * 31 + deviceId.charCodeAt(index)) % 1_000
  return TOLD_AGAIN_COARSE_MS * (0.75 + sum / 2_000)
}

function placed({ at, sample: { loc } }: KeptFix): Fix {
  const { datum, lat, lon, acc } = loc
  return { ...toWgs84({ lat, lon }, datum), acc, at }
}

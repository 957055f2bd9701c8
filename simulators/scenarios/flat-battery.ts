// A worn-out cell: the battery falls to 20 percent and below, stays low, and is charged.

import { calmMoment, lifeAt } from '../life.ts'
import { AFTERMATH_MS, CONDITION_SLACK_MS, type Cue, type Episode } from './episode.ts'

/** A reading of 20 percent and less is low to the hub; readings are rounded down. */
const LOW_BELOW_PERCENT = 21
const BOTTOM_PERCENT = 11
/** In life. */
const COLLAPSE_LIFE_MS = 3 * 60_000
const READINGS = 3

export function flatBattery({ wearer, startAt, pace }: Cue): Episode {
  const full = calmMoment(wearer, lifeAt(pace, startAt)).batteryPercent
  const fallMs = Math.max(pace.intervalMs, COLLAPSE_LIFE_MS / pace.speed)
  const lowAt = startAt + (fallMs * (full - LOW_BELOW_PERCENT)) / (full - BOTTOM_PERCENT)
  const deadline = startAt + fallMs + READINGS * pace.intervalMs + CONDITION_SLACK_MS
  const chargesAt = deadline + AFTERMATH_MS
  return {
    scenario: 'flat-battery',
    deviceId: wearer.deviceId,
    startAt,
    endAt: chargesAt + fallMs,
    presses: [],
    expects: [{ deviceId: wearer.deviceId, kind: 'low_battery', notBefore: lowAt, deadline }],
    change(calm, now) {
      const fallen = Math.min(1, (now - startAt) / fallMs)
      const charged = Math.max(0, (now - chargesAt) / fallMs)
      const low = full + (BOTTOM_PERCENT - full) * fallen
      return { ...calm, batteryPercent: low + (calm.batteryPercent - low) * Math.min(1, charged) }
    },
  }
}

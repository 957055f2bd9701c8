// A fever: temperature, pulse and breathing rise over the limits, stay there, and come down again.

import type { Moment } from '../life.ts'
import { AFTERMATH_MS, CONDITION_SLACK_MS, type Cue, type Episode } from './episode.ts'

/** In life; a real one takes an hour, a drill cannot. */
const RISE_LIFE_MS = 2 * 60_000
/** A second reading or 60 s confirm it (docs/rules.md). */
const CONFIRM_MS = 60_000
const READINGS = 3

/** At its height: over 39 °C, and a pulse of 131 and more that scores 3 by itself (NEWS2). */
const PEAK = { tempC: 39.6, hrBpm: 137, rrPerMin: 23, spo2Percent: 94 }

export function fever({ wearer, startAt, pace, dice }: Cue): Episode {
  const riseMs = Math.max(pace.intervalMs, RISE_LIFE_MS / pace.speed)
  const peak = { ...PEAK, tempC: PEAK.tempC + dice.between(0, 0.4), hrBpm: PEAK.hrBpm + dice.between(0, 5) }
  const deadline = startAt + riseMs + CONFIRM_MS + READINGS * pace.intervalMs + CONDITION_SLACK_MS
  const fallsAt = deadline + AFTERMATH_MS
  return {
    scenario: 'fever',
    deviceId: wearer.deviceId,
    startAt,
    endAt: fallsAt + riseMs,
    presses: [],
    expects: [{ deviceId: wearer.deviceId, kind: 'vitals', notBefore: startAt, deadline }],
    change(calm, now) {
      const part = Math.min((now - startAt) / riseMs, 1, 1 - (now - fallsAt) / riseMs)
      return blend(calm, peak, Math.max(0, part))
    },
  }
}

function blend(calm: Moment, peak: typeof PEAK, part: number): Moment {
  const towards = (from: number, to: number) => from + (to - from) * part
  return {
    ...calm,
    worn: true,
    outdoors: false,
    tempC: towards(calm.tempC, peak.tempC),
    hrBpm: towards(calm.hrBpm, peak.hrBpm),
    rrPerMin: towards(calm.rrPerMin, peak.rrPerMin),
    spo2Percent: towards(calm.spo2Percent, peak.spo2Percent),
  }
}

// What a wearable has kept of the last days, as one that was out of reach would send it: quiet days, some minutes apart.

import type { Telemetry } from '../model/telemetry.ts'
import { calmMoment, type Wearer } from './life.ts'
import { sampleOf } from './sensors.ts'

/** The hub believes a device's clock for seven days. */
export const KEPT_MS = 2 * 24 * 3_600_000
const EVERY_MS = 10 * 60_000
/** Of the last hours more is kept: a chart of today looks like one. */
const RECENT_MS = 3 * 3_600_000
const RECENT_EVERY_MS = 2 * 60_000

/** Oldest first; ends where the live samples begin. Readings wander with the time, and the steps of a day add up. */
export function backlogOf(wearer: Wearer, now: number): Telemetry[] {
  const samples: Telemetry[] = []
  for (let at = now - KEPT_MS; at < now; at += at < now - RECENT_MS ? EVERY_MS : RECENT_EVERY_MS) {
    const { seq: _, ...sample } = sampleOf(wearer, calmMoment(wearer, at), { now: at, seq: samples.length })
    samples.push(sample)
  }
  return samples
}

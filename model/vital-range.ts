// What a living body can have, and nothing beyond: readings outside are a sensor's error or a code for "no value".

import type { VitalName } from './telemetry.ts'

/** Both ends belong to it; bpm, %, mmHg, mmHg, °C, breaths/min. */
export type VitalRange = { from: number; to: number }

/** The hub's own choice, wide: the lowest and highest that people were found alive with, and what sensors reach. */
export const PLAUSIBLE_VITALS: Record<VitalName, VitalRange> = {
  hr: { from: 20, to: 250 },
  spo2: { from: 50, to: 100 },
  sbp: { from: 40, to: 300 },
  dbp: { from: 20, to: 200 },
  temp: { from: 30, to: 43.5 },
  rr: { from: 2, to: 80 },
}

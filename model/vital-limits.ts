// What is too low and too high for one vital sign by itself: rules judge by it, and charts draw it.
//
// NEWS2 is Royal College of Physicians, "National Early Warning Score (NEWS) 2", London 2017: a band that scores
// 3 asks for an urgent look by itself. Its other bands mean something only in sum (workers/rules/news2.ts); the one exception is
// temperature, whose highest band scores 2 and which therefore would never speak alone.

import type { Severity } from './finding.ts'
import type { VitalName } from './telemetry.ts'

/** One end of a vital sign's range: readings at `at` or beyond are a breach. */
export type Limit = { at: number; severity: Severity; source: string }

export type VitalLimits = {
  /** Gravest first. */
  below: readonly Limit[]
  above: readonly Limit[]
  /** Recovered is this much inside the limits, or a value on the limit would raise again and again. */
  recoveredBy: number
}

const NEWS2_THREE = 'NEWS2 single 3'
const NEWS2_TWO = 'NEWS2 2'
/** Medical emergency team calling criteria of the MERIT study, Lancet 365:2091, 2005. */
const MERIT = 'MERIT'
/** Heat stroke begins above 40 °C: Bouchama and Knochel, N Engl J Med 346:1978, 2002. */
const HEAT_STROKE = 'heat stroke'
/** Moderate hypothermia begins below 32 °C: Brown et al., N Engl J Med 367:1930, 2012. */
const HYPOTHERMIA = 'moderate hypothermia'
/** No published limit fits one reading from a wrist: chosen to lie beyond what movement makes a sensor say. */
const HUB = 'hub'
/** Set for this elder by a person. */
export const OWN = 'own'

/** Critical limits speak at once, on a single reading; the others ask for a second one or for 60 s. */
export const VITAL_LIMITS: Record<Exclude<VitalName, 'dbp'>, VitalLimits> = {
  hr: {
    below: [
      { at: 30, severity: 'critical', source: HUB },
      { at: 40, severity: 'high', source: NEWS2_THREE },
    ],
    above: [
      { at: 180, severity: 'critical', source: HUB },
      { at: 131, severity: 'high', source: NEWS2_THREE },
    ],
    recoveredBy: 5,
  },
  spo2: {
    below: [
      { at: 80, severity: 'critical', source: HUB },
      { at: 91, severity: 'high', source: NEWS2_THREE },
    ],
    above: [],
    recoveredBy: 1,
  },
  rr: {
    below: [
      { at: 4, severity: 'critical', source: MERIT },
      { at: 8, severity: 'high', source: NEWS2_THREE },
    ],
    above: [
      { at: 37, severity: 'critical', source: MERIT },
      { at: 25, severity: 'high', source: NEWS2_THREE },
    ],
    recoveredBy: 1,
  },
  sbp: {
    below: [
      { at: 70, severity: 'critical', source: HUB },
      { at: 90, severity: 'high', source: NEWS2_THREE },
    ],
    above: [
      { at: 250, severity: 'critical', source: HUB },
      { at: 220, severity: 'high', source: NEWS2_THREE },
    ],
    recoveredBy: 5,
  },
  temp: {
    below: [
      { at: 32, severity: 'critical', source: HYPOTHERMIA },
      { at: 35, severity: 'high', source: NEWS2_THREE },
    ],
    above: [
      { at: 41, severity: 'critical', source: HUB },
      { at: 40.1, severity: 'high', source: HEAT_STROKE },
      { at: 39.1, severity: 'notice', source: NEWS2_TWO },
    ],
    recoveredBy: 0.3,
  },
}

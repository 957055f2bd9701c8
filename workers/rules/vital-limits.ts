// What is too low and too high for one vital sign by itself, and what no body can have.
//
// NEWS2 is Royal College of Physicians, "National Early Warning Score (NEWS) 2", London 2017: a band that scores
// 3 asks for an urgent look by itself. Its other bands mean something only in sum, which is another rule's work;
// the one exception is temperature, whose highest band scores 2 and which therefore would never speak alone.
// Diastolic pressure has no band there and is used only to check the systolic one.

import type { Severity } from '../../model/finding.ts'
import type { VitalName, Vitals } from '../../model/telemetry.ts'

/** One end of a vital sign's range: readings at `at` or beyond are a breach. */
export type Limit = { at: number; severity: Severity; source: string }

export type VitalLimits = {
  /** Ending of evidence keys: `hr` and `Bpm` give `hrBpm` and `limitBpm`. */
  unit: string
  /** Outside this a reading is a sensor's error or a code for "no value". */
  plausible: { from: number; to: number }
  /** Gravest first. */
  below: readonly Limit[]
  above: readonly Limit[]
  /** Recovered is this much inside the limits, or a value on the limit would raise again and again. */
  recoveredBy: number
}

export type JudgedVital = Exclude<VitalName, 'dbp'>

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

/** Critical limits speak at once, on a single reading; the others ask for a second one or for 60 s. */
export const VITAL_LIMITS: Record<JudgedVital, VitalLimits> = {
  hr: {
    unit: 'Bpm',
    plausible: { from: 20, to: 250 },
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
    unit: 'Percent',
    plausible: { from: 50, to: 100 },
    below: [
      { at: 80, severity: 'critical', source: HUB },
      { at: 91, severity: 'high', source: NEWS2_THREE },
    ],
    above: [],
    recoveredBy: 1,
  },
  rr: {
    unit: 'PerMin',
    plausible: { from: 2, to: 80 },
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
    unit: 'MmHg',
    plausible: { from: 40, to: 300 },
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
    unit: 'C',
    plausible: { from: 30, to: 43.5 },
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

export const JUDGED_VITALS = ['hr', 'spo2', 'rr', 'sbp', 'temp'] as const satisfies readonly JudgedVital[]

/** All bits of a byte: what many sensors send when they have nothing to say. */
const NO_VALUE = 255

/** The reading of one vital sign, or undefined when there is none to believe. Zero means "no value". */
export function readingOf(vitals: Vitals, name: JudgedVital): number | undefined {
  const value = vitals[name]
  if (value === undefined || value === 0 || value === NO_VALUE) return undefined
  const { from, to } = VITAL_LIMITS[name].plausible
  if (value < from || value > to) return undefined
  if (name === 'sbp' && vitals.dbp !== undefined && vitals.dbp >= value) return undefined // a cuff that slipped
  return value
}

/** A limit that a reading has reached. */
export type Breach = Limit & { side: 'below' | 'above' }

/** The gravest limit that a reading has reached, if any. */
export function breachOf(name: JudgedVital, value: number): Breach | undefined {
  const { below, above } = VITAL_LIMITS[name]
  for (const limit of below) if (value <= limit.at) return { ...limit, side: 'below' }
  for (const limit of above) if (value >= limit.at) return { ...limit, side: 'above' }
  return undefined
}

/** Whether a reading lies far enough inside all limits to call it recovered. */
export function isRecovered(name: JudgedVital, value: number): boolean {
  const { recoveredBy } = VITAL_LIMITS[name]
  return (
    breachOf(name, value - recoveredBy) === undefined && breachOf(name, value + recoveredBy) === undefined
  )
}

/** What an elder who is well shows of a vital sign: above the limits below, and below those above. */
const calmRange = (name: JudgedVital): { above: number; below: number } => ({
  above: Math.max(...VITAL_LIMITS[name].below.map(limit => limit.at)),
  below: Math.min(...VITAL_LIMITS[name].above.map(limit => limit.at)),
})

const CALM = {
  hr: calmRange('hr'),
  spo2: calmRange('spo2'),
  rr: calmRange('rr'),
  sbp: calmRange('sbp'),
  temp: calmRange('temp'),
} as const satisfies Record<JudgedVital, object>

/** Whether no reading reaches a limit, found quickly; false says nothing: it may be one that is not believed. */
export function isCalm({ hr, spo2, rr, sbp, temp }: Vitals): boolean {
  return (
    isWithin(CALM.hr, hr) &&
    isWithin(CALM.spo2, spo2) &&
    isWithin(CALM.rr, rr) &&
    isWithin(CALM.sbp, sbp) &&
    isWithin(CALM.temp, temp)
  )
}

const isWithin = ({ above, below }: { above: number; below: number }, value: number | undefined): boolean =>
  value === undefined || (value > above && value < below)

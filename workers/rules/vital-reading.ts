// The readings of a sample: what is there, and what of it can be believed.

import type { VitalName, Vitals } from '../../model/telemetry.ts'
import { PLAUSIBLE_VITALS, type VitalRange } from '../../model/vital-range.ts'

/** Diastolic pressure has no limit and no points anywhere; it only tells a cuff that slipped. */
export type JudgedVital = Exclude<VitalName, 'dbp'>

/** In the order of `Readings`. */
export const JUDGED_VITALS = ['hr', 'spo2', 'rr', 'sbp', 'temp'] as const satisfies readonly JudgedVital[]

/** Charts hold whole numbers, and temperature to a tenth of a degree: readings are judged as they would be written. */
export const STEP: Record<JudgedVital, number> = { hr: 1, spo2: 1, rr: 1, sbp: 1, temp: 0.1 }

/** Ending of evidence keys: `hr` and `Bpm` give `hrBpm` and `limitBpm`. */
export const UNIT: Record<JudgedVital, string> = {
  hr: 'Bpm',
  spo2: 'Percent',
  rr: 'PerMin',
  sbp: 'MmHg',
  temp: 'C',
}

/** Zero is how devices say that they have no value, so it stands for that everywhere. */
export const NO_READING = 0
/** There is a number, and it is none that a body can have. It compares as false with everything. */
export const NOT_BELIEVED = Number.NaN

/** One number a vital sign, and the diastolic pressure last. */
export type Readings = readonly number[]
const DIASTOLIC = JUDGED_VITALS.length

/**
 * All bits of a byte: what many sensors send when they have nothing to say. No body has a pulse, a saturation, a
 * breathing rate, a temperature or a diastolic pressure like that, so their ranges leave it out. A systolic pressure
 * of 255 is an emergency that does happen; a cuff without a value says 255 of both pressures.
 */
const NO_VALUE_BYTE = 255

/** The readings of a sample, each rounded to its step. */
export function readVitals({ hr, spo2, rr, sbp, temp, dbp }: Vitals): Readings {
  const diastolic = whole(PLAUSIBLE_VITALS.dbp, dbp)
  const isEmptyCuff = sbp === NO_VALUE_BYTE && dbp === NO_VALUE_BYTE
  const systolic = isEmptyCuff ? NOT_BELIEVED : whole(PLAUSIBLE_VITALS.sbp, sbp)
  return [
    whole(PLAUSIBLE_VITALS.hr, hr),
    whole(PLAUSIBLE_VITALS.spo2, spo2),
    whole(PLAUSIBLE_VITALS.rr, rr),
    systolic !== NO_READING && diastolic >= systolic ? NOT_BELIEVED : systolic,
    tenths(PLAUSIBLE_VITALS.temp, temp),
    diastolic,
  ]
}

const whole = (range: VitalRange, value: number | undefined): number =>
  value === undefined ? NO_READING : believed(range, Math.round(value))

const tenths = (range: VitalRange, value: number | undefined): number =>
  value === undefined ? NO_READING : believed(range, Math.round(value * 10) / 10)

const believed = ({ from, to }: VitalRange, value: number): number =>
  value >= from && value <= to ? value : NOT_BELIEVED

/** Whether nothing of it has to be ignored. */
export const isDiastolicFine = (readings: Readings): boolean => !Number.isNaN(readings[DIASTOLIC])

/** Names of the parts that are not believed, such as `vitals.hr`. */
export function ignoredParts(readings: Readings): readonly string[] {
  const parts: string[] = []
  for (let i = 0; i < readings.length; i++) {
    if (Number.isNaN(readings[i])) parts.push(partOf(JUDGED_VITALS[i] ?? 'dbp'))
  }
  return parts
}

/** Names of all parts that a sample gives: nothing is believed of a band that is not worn. */
export function givenParts(vitals: Vitals): readonly string[] {
  const parts: string[] = []
  for (const name in vitals) if (vitals[name as VitalName] !== undefined) parts.push(partOf(name))
  return parts
}

const partOf = (name: string): string => `vitals.${name}`

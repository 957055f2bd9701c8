// Samples as nearly all devices send them, checked by hand: the schema takes several microseconds for each, and at
// a hundred thousand a second that is most of a processor. Whatever is unusual in the least — a field of another
// type, a value out of range, nothing at all — is left to the schema, whose word on it counts. A property test
// holds that a sample taken here is one that the schema takes, with the same value.

import { DATUMS, LOCATION_SOURCES, type Location, type Telemetry, type Vitals } from './telemetry.ts'

/** What stands in each field; `undefined` is a field that is not there. */
type Fields<T> = { readonly [K in keyof T]-?: unknown }

/**
 * The sample that a parsed JSON value is, with every field in its place so that all samples have one shape; those
 * that are absent are `undefined`. Undefined when the value has to be looked at more closely.
 */
export function plainSample(json: unknown): Telemetry | undefined {
  if (!isObject(json)) return undefined
  const loc = json.loc === undefined ? undefined : plainLocation(json.loc)
  const vitals = json.vitals === undefined ? undefined : plainVitals(json.vitals)
  // Both are undefined when they are absent, and when they have to be looked at more closely.
  if (loc === undefined && json.loc !== undefined) return undefined
  if (vitals === undefined && json.vitals !== undefined) return undefined
  const { ts, seq, steps, battery, worn, signal } = json
  return sampleOf({ ts, seq, loc, vitals, steps, battery, worn, signal })
}

function plainLocation(json: unknown): Location | undefined {
  if (!isObject(json)) return undefined
  const { lat, lon, acc, src, datum } = json
  return locationOf({ lat, lon, acc, src, datum })
}

function plainVitals(json: unknown): Vitals | undefined {
  if (!isObject(json)) return undefined
  const { hr, spo2, sbp, dbp, temp, rr } = json
  return vitalsOf({ hr, spo2, sbp, dbp, temp, rr })
}

/** These fields, where every one of them is plain; `loc` and `vitals` have been looked at already. */
export function sampleOf(
  sample: Fields<Telemetry> & Pick<Telemetry, 'loc' | 'vitals'>,
): Telemetry | undefined {
  const { ts, seq, steps, battery, worn, signal } = sample
  if (!isAmount(ts) || !isAmount(signal) || !isCount(seq) || !isCount(steps)) return undefined
  if (!isWithin(battery, 0, 100) || !(worn === undefined || typeof worn === 'boolean')) return undefined
  return saysSomething(sample) ? (sample as Telemetry) : undefined
}

export function locationOf(location: Fields<Location>): Location | undefined {
  const { lat, lon, acc, src, datum } = location
  if (lat === undefined || !isWithin(lat, -90, 90)) return undefined
  if (lon === undefined || !isWithin(lon, -180, 180)) return undefined
  if (!isWithin(acc, Number.MIN_VALUE, 100_000)) return undefined
  return isOneOf(LOCATION_SOURCES, src) && isOneOf(DATUMS, datum) ? (location as Location) : undefined
}

export function vitalsOf(vitals: Fields<Vitals>): Vitals | undefined {
  const { hr, spo2, sbp, dbp, temp, rr } = vitals
  if (!isAmount(hr) || !isAmount(spo2) || !isAmount(sbp)) return undefined
  return isAmount(dbp) && isAmount(temp) && isAmount(rr) ? (vitals as Vitals) : undefined
}

/** Nothing at all is no sign of life; which fields say nothing is for the caller's full reading to name. */
function saysSomething({ ts, seq, loc, vitals, steps, battery, worn, signal }: Fields<Telemetry>): boolean {
  return !(
    ts === undefined &&
    battery === undefined &&
    loc === undefined &&
    vitals === undefined &&
    seq === undefined &&
    steps === undefined &&
    worn === undefined &&
    signal === undefined
  )
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

const isAmount = (json: unknown): json is number | undefined =>
  json === undefined || (typeof json === 'number' && Number.isFinite(json))

const isCount = (json: unknown): json is number | undefined =>
  json === undefined || (Number.isSafeInteger(json) && (json as number) >= 0)

/** NaN is within nothing. */
const isWithin = (json: unknown, from: number, to: number): json is number | undefined =>
  json === undefined || (typeof json === 'number' && json >= from && json <= to)

const isOneOf = <T extends string>(names: readonly T[], json: unknown): json is T | undefined =>
  json === undefined || names.includes(json as T)

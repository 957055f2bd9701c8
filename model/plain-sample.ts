// Samples as nearly all devices send them, checked by hand: the schema takes several microseconds for each, and at
// a hundred thousand a second that is most of a processor. Whatever is unusual in the least — a field of another
// type, a value out of range, nothing at all — is left to the schema, whose word on it counts. A property test
// holds that a sample taken here is one that the schema takes, with the same value.

import { DATUMS, LOCATION_SOURCES, type Location, type Telemetry, type Vitals } from './telemetry.ts'

/** What is told of each field; `undefined` is a field that is not there. */
type Parts<T> = { readonly [K in keyof T]-?: T[K] | undefined }

/**
 * The sample that a parsed JSON value is, with every field in its place so that all samples have one shape; those
 * that are absent are `undefined`. Undefined when the value has to be looked at more closely.
 */
export function plainSample(json: unknown): Telemetry | undefined {
  if (!isObject(json)) return undefined
  const { ts, seq, steps, battery, worn, signal } = json
  if (!isAmount(ts) || !isAmount(signal) || !isCount(seq) || !isCount(steps)) return undefined
  if (!isWithin(battery, 0, 100) || !(worn === undefined || typeof worn === 'boolean')) return undefined
  const loc = json.loc === undefined ? undefined : plainLocation(json.loc)
  const vitals = json.vitals === undefined ? undefined : plainVitals(json.vitals)
  // Both are undefined when they are absent, and when they have to be looked at more closely.
  if (loc === undefined && json.loc !== undefined) return undefined
  if (vitals === undefined && json.vitals !== undefined) return undefined
  const sample: Parts<Telemetry> = { ts, seq, loc, vitals, steps, battery, worn, signal }
  return saysSomething(sample) ? (sample as Telemetry) : undefined
}

function plainLocation(json: unknown): Location | undefined {
  if (!isObject(json)) return undefined
  const { lat, lon, acc, src, datum } = json
  if (lat === undefined || !isWithin(lat, -90, 90)) return undefined
  if (lon === undefined || !isWithin(lon, -180, 180)) return undefined
  if (!isWithin(acc, Number.MIN_VALUE, 100_000)) return undefined
  if (!isOneOf(LOCATION_SOURCES, src) || !isOneOf(DATUMS, datum)) return undefined
  const location: Parts<Location> = { lat, lon, acc, src, datum }
  return location as Location
}

function plainVitals(json: unknown): Vitals | undefined {
  if (!isObject(json)) return undefined
  const { hr, spo2, sbp, dbp, temp, rr } = json
  if (!isAmount(hr) || !isAmount(spo2) || !isAmount(sbp)) return undefined
  if (!isAmount(dbp) || !isAmount(temp) || !isAmount(rr)) return undefined
  const vitals: Parts<Vitals> = { hr, spo2, sbp, dbp, temp, rr }
  return vitals as Vitals
}

/** Nothing at all is no sign of life; which fields say nothing is for the caller's full reading to name. */
function saysSomething({ ts, seq, loc, vitals, steps, battery, worn, signal }: Parts<Telemetry>): boolean {
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

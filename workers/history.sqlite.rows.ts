// Samples as rows of history.db: one wide row a sample, packed into numbers, because a block of numbers goes to a
// thread for nothing, and a thousand objects take longer than to write them down.

import { DATUMS, LOCATION_SOURCES, type Location, type Telemetry, type Vitals } from '../model/telemetry.ts'
import { epochMs } from '../model/units.ts'
import type { KeptSample } from './history.ts'

/** Columns behind `device`, in the order in which they are packed. Words are kept as their place in their list. */
export const SAMPLE_COLUMNS = [
  'at',
  'nudge',
  'received',
  'device_ts',
  'seq',
  'lat',
  'lon',
  'acc',
  'src',
  'datum',
  'hr',
  'spo2',
  'sbp',
  'dbp',
  'temp',
  'rr',
  'steps',
  'battery',
  'worn',
  'signal',
] as const
export type SampleColumn = (typeof SAMPLE_COLUMNS)[number]
export type SampleRow = { device: string } & Record<SampleColumn, number | null>

const WIDTH = SAMPLE_COLUMNS.length

/** `values` holds a row after the other; NaN is "nothing". */
export type PackedSamples = { devices: readonly string[]; values: Float64Array<ArrayBuffer> }

export function packSamples(samples: readonly KeptSample[]): PackedSamples {
  const values = new Float64Array(samples.length * WIDTH)
  const devices: string[] = []
  let to = 0
  for (const { deviceId, at, nudgeNs, receivedAt, deviceTs, sample } of samples) {
    devices.push(deviceId)
    const { seq, loc, vitals, steps, battery, worn, signal } = sample
    values[to++] = at
    values[to++] = nudgeNs
    values[to++] = receivedAt
    values[to++] = deviceTs ?? Number.NaN
    values[to++] = seq ?? Number.NaN
    values[to++] = loc?.lat ?? Number.NaN
    values[to++] = loc?.lon ?? Number.NaN
    values[to++] = loc?.acc ?? Number.NaN
    values[to++] = loc?.src === undefined ? Number.NaN : LOCATION_SOURCES.indexOf(loc.src)
    values[to++] = loc?.datum === undefined ? Number.NaN : DATUMS.indexOf(loc.datum)
    values[to++] = vitals?.hr ?? Number.NaN
    values[to++] = vitals?.spo2 ?? Number.NaN
    values[to++] = vitals?.sbp ?? Number.NaN
    values[to++] = vitals?.dbp ?? Number.NaN
    values[to++] = vitals?.temp ?? Number.NaN
    values[to++] = vitals?.rr ?? Number.NaN
    values[to++] = steps ?? Number.NaN
    values[to++] = battery ?? Number.NaN
    values[to++] = worn === undefined ? Number.NaN : Number(worn)
    values[to++] = signal ?? Number.NaN
  }
  return { devices, values }
}

/** The values of row `index`, for a statement. */
export function valuesOf({ values }: PackedSamples, index: number): (number | null)[] {
  const row: (number | null)[] = []
  for (let at = index * WIDTH; at < (index + 1) * WIDTH; at++) {
    const value = values[at] as number
    row.push(Number.isNaN(value) ? null : value)
  }
  return row
}

/** The sample that a row holds; what was not there is not there. */
export function sampleOf(row: SampleRow): KeptSample {
  const { device: deviceId, at, nudge, received, device_ts: deviceTs } = row
  const heard = {
    type: 'sample' as const,
    deviceId,
    at: epochMs(Number(at)),
    nudgeNs: Number(nudge),
    receivedAt: epochMs(Number(received)),
    sample: telemetryOf(row),
  }
  return deviceTs === null ? heard : { ...heard, deviceTs }
}

function telemetryOf({ at, device_ts: deviceTs, received, ...row }: SampleRow): Telemetry {
  const loc = locationOf(row)
  const vitals = present<Vitals>({
    hr: row.hr,
    spo2: row.spo2,
    sbp: row.sbp,
    dbp: row.dbp,
    temp: row.temp,
    rr: row.rr,
  })
  const sample = present<Telemetry>({
    // Without a time of its own, or with one that was not believed, `at` is when it was received.
    ts: deviceTs ?? (at === received ? null : at),
    seq: row.seq,
    steps: row.steps,
    battery: row.battery,
    worn: row.worn === null ? null : row.worn !== 0,
    signal: row.signal,
  })
  return {
    ...sample,
    ...(loc && { loc }),
    ...(Object.keys(vitals).length > 0 && { vitals }),
  }
}

function locationOf({ lat, lon, acc, src, datum }: Omit<SampleRow, 'at' | 'device_ts' | 'received'>) {
  if (lat === null || lon === null) return undefined
  const rest = present<Location>({
    acc,
    src: src === null ? null : (LOCATION_SOURCES[src] ?? null),
    datum: datum === null ? null : (DATUMS[datum] ?? null),
  })
  return { lat, lon, ...rest }
}

/** The fields that are there. */
export function present<T extends object>(fields: { [K in keyof T]?: NonNullable<T[K]> | null }): Partial<T> {
  const there: Partial<T> = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== null && value !== undefined) there[name] = value as T[typeof name]
  }
  return there
}

// Messages as rows of history.db, and back: one wide row a sample, one with its bytes an event or a burst.

import { DATUMS, LOCATION_SOURCES, type Location, type Telemetry, type Vitals } from '../model/telemetry.ts'
import { epochMs } from '../model/units.ts'
import type { KeptMessage, KeptSample } from './history.ts'

/** Columns behind `device`, in the order of `sampleValuesOf`. Words are kept as their place in their list. */
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

/** The columns of a message. */
export const MESSAGE_COLUMNS = 'device, at, nudge, received, type, cut, payload'

/** What a statement takes for a sample, behind its device. */
export function sampleValuesOf(kept: KeptSample): (number | null)[] {
  const { at, nudgeNs, receivedAt, deviceTs, sample } = kept
  const { seq, loc, vitals, steps, battery, worn, signal } = sample
  return [
    at,
    nudgeNs,
    receivedAt,
    deviceTs ?? null,
    seq ?? null,
    loc?.lat ?? null,
    loc?.lon ?? null,
    loc?.acc ?? null,
    loc?.src === undefined ? null : LOCATION_SOURCES.indexOf(loc.src),
    loc?.datum === undefined ? null : DATUMS.indexOf(loc.datum),
    vitals?.hr ?? null,
    vitals?.spo2 ?? null,
    vitals?.sbp ?? null,
    vitals?.dbp ?? null,
    vitals?.temp ?? null,
    vitals?.rr ?? null,
    steps ?? null,
    battery ?? null,
    worn === undefined ? null : Number(worn),
    signal ?? null,
  ]
}

/** What a statement takes for an event or a burst. */
export const messageValuesOf = (kept: KeptMessage): (string | number | Uint8Array)[] => {
  const { deviceId, at, nudgeNs, receivedAt, type, cut, payload } = kept
  return [deviceId, at, nudgeNs, receivedAt, type, Number(cut), payload]
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

// A fix as it is remembered. Three of them are stored for every elder and written down with every checkpoint, so that
// they are a row of numbers.

import { type EpochMs, epochMs } from '../../model/units.ts'
import type { Fix, FixSource } from './fix.ts'

/** Degrees are rounded to a decimetre, which is far less than any fix is exact. */
export type KeptFix = readonly [at: EpochMs, lat: number, lon: number, accuracyM: number, source: number]

/** Stored by their place here, so that the order stays; new ones come last. */
const SOURCES: readonly FixSource[] = ['unknown', 'gps', 'bds', 'wifi', 'lbs']

export const keep = ({ at, lat, lon, accuracyM, source }: Fix): KeptFix => [
  at,
  Math.round(lat * 1e6) / 1e6,
  Math.round(lon * 1e6) / 1e6,
  accuracyM,
  SOURCES.indexOf(source),
]

export const fixFrom = ([at, lat, lon, accuracyM, source]: KeptFix): Fix => ({
  at: epochMs(at),
  lat,
  lon,
  accuracyM,
  source: SOURCES[source] ?? 'unknown',
})

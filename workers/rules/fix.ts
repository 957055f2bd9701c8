// A position as rules use it: WGS-84, with an accuracy and a source that are always there.

import type { Location } from '../../model/telemetry.ts'
import type { EpochMs } from '../../model/units.ts'
import { toWgs84 } from '../geometry/datum.ts'

export type FixSource = NonNullable<Location['src']> | 'unknown'

/** `accuracyM` is the 68 % radius. */
export type Fix = { at: EpochMs; lat: number; lon: number; accuracyM: number; source: FixSource }

/**
 * What an accuracy is taken for when the device gives none. Satellites: three times the open-sky 4.9 m of GPS.gov
 * ("GPS Accuracy", van Diggelen and Enge 2015), as elders walk between houses. Wi-Fi and cell towers: usual
 * figures of positioning services. An unknown source may be any of them, so it has to be well outside.
 */
export const DEFAULT_ACCURACY_M: Record<FixSource, number> = {
  gps: 15,
  bds: 15,
  wifi: 50,
  lbs: 1_000,
  unknown: 100,
}

/** Open-sky accuracy of telephones by the same source: a device that claims better is not believed. */
export const BEST_ACCURACY_M = 5

/** The hub's own choice: from here on a fix tells the quarter of the town, not the house. */
export const COARSE_FROM_M = 200

/** The fix of a location; undefined for 0° N 0° E, which is how receivers say that they have none. */
export function fixOf({ lat, lon, acc, src, datum }: Location, at: EpochMs): Fix | undefined {
  if (lat === 0 && lon === 0) return undefined
  const source = src ?? 'unknown'
  const accuracyM = Math.max(BEST_ACCURACY_M, Math.round((acc ?? DEFAULT_ACCURACY_M[source]) * 10) / 10)
  if (datum === undefined) return { at, lat, lon, accuracyM, source }
  const place = toWgs84({ lat, lon }, datum)
  return { at, lat: rounded(place.lat), lon: rounded(place.lon), accuracyM, source }
}

/** To a centimetre: the digits behind it say nothing, and are kept for every elder. */
const rounded = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

/** Cell towers, and whatever is as inexact: such a fix supports what others say and says nothing by itself. */
export const isCoarse = ({ source, accuracyM }: Fix): boolean =>
  source === 'lbs' || accuracyM >= COARSE_FROM_M

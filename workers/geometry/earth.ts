// Distances on the globe, for rules that ask where an elder is.

/** A place in WGS-84 degrees. */
export type Place = { lat: number; lon: number }

/** Mean radius R1 of GRS 80 (Moritz, Journal of Geodesy 74:128, 2000). A sphere of it is at most 0.6 % off. */
export const EARTH_RADIUS_M = 6_371_008.8

const RADIANS = Math.PI / 180
const METRES_PER_DEGREE = EARTH_RADIUS_M * RADIANS

/** Far more than what rounding adds up to in the distances here: what a quick answer must leave to the exact one. */
export const ROUNDING_M = 1

/**
 * A bound of the great circle without trigonometry, at most two times too large away from the poles: along the
 * meridian, and then as if along the equator. Most questions are answered by it.
 */
export const atMostM = (a: Place, b: Place): number =>
  METRES_PER_DEGREE * (Math.abs(a.lat - b.lat) + Math.abs(a.lon - b.lon))

/** Metres along the great circle, by the haversine formula: exact to millimetres for neighbours as well. */
export function greatCircleM(a: Place, b: Place): number {
  const halfLat = ((b.lat - a.lat) * RADIANS) / 2
  const halfLon = ((b.lon - a.lon) * RADIANS) / 2
  const chord =
    Math.sin(halfLat) ** 2 + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * Math.sin(halfLon) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** The same direction between −180 and 180 degrees: from 179° to −179° it is 2°, not −358°. */
export const wrapDegrees = (degrees: number): number => degrees - 360 * Math.round(degrees / 360)

// Metres on the ground to degrees and back, near one place: enough for a city.

/** Degrees, WGS-84. */
export type Place = { lat: number; lon: number }

const METRES_PER_DEGREE = 111_320

/** The place that lies so many metres to the east and to the north. */
export function moved({ lat, lon }: Place, eastM: number, northM: number): Place {
  return {
    lat: rounded(lat + northM / METRES_PER_DEGREE),
    lon: rounded(lon + eastM / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180))),
  }
}

/** Metres between two places of one city. */
export function distanceM(a: Place, b: Place): number {
  const northM = (a.lat - b.lat) * METRES_PER_DEGREE
  const eastM = (a.lon - b.lon) * METRES_PER_DEGREE * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(eastM, northM)
}

/** Six decimals are 11 cm, what receivers report. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

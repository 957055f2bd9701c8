// Distances and circles on the globe, for what is drawn and for what is said beside it.

import type { Position } from '../../model/zone.ts'

/** Mean radius R1 of GRS 80, as the hub's own rules have it. */
export const EARTH_RADIUS_M = 6_371_008.8

const RADIANS = Math.PI / 180

/** Metres along the great circle. */
export function distanceM(a: Position, b: Position): number {
  const halfLat = ((b[1] - a[1]) * RADIANS) / 2
  const halfLon = ((b[0] - a[0]) * RADIANS) / 2
  const chord =
    Math.sin(halfLat) ** 2 + Math.cos(a[1] * RADIANS) * Math.cos(b[1] * RADIANS) * Math.sin(halfLon) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** The place that is `metres` away in the direction of `bearing`: degrees, 0 is north, 90 east. */
export function awayFrom([lon, lat]: Position, metres: number, bearing: number): Position {
  const angle = metres / EARTH_RADIUS_M
  const sinLat =
    Math.sin(lat * RADIANS) * Math.cos(angle) +
    Math.cos(lat * RADIANS) * Math.sin(angle) * Math.cos(bearing * RADIANS)
  const east = Math.sin(bearing * RADIANS) * Math.sin(angle) * Math.cos(lat * RADIANS)
  const north = Math.cos(angle) - Math.sin(lat * RADIANS) * sinLat
  return [lon + Math.atan2(east, north) / RADIANS, Math.asin(Math.max(-1, Math.min(1, sinLat))) / RADIANS]
}

const CORNERS = 96

/** The edge of a circle as a closed ring. */
export function circleRing(center: Position, radiusM: number): Position[] {
  const ring = Array.from({ length: CORNERS }, (_, i) => awayFrom(center, radiusM, (360 * i) / CORNERS))
  return [...ring, ring[0] as Position]
}

/** Longitudes that go on beyond ±180° instead of jumping, so that a line across the date line stays whole. */
export function unrolled(points: readonly Position[]): Position[] {
  const whole: Position[] = []
  for (const [lon, lat] of points) {
    const before = whole.at(-1)?.[0] ?? lon
    whole.push([lon - 360 * Math.round((lon - before) / 360), lat])
  }
  return whole
}

/** Back between −180 and 180 degrees, at about a centimetre: what the hub stores. */
export function stored([lon, lat]: Position): Position {
  const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7
  return [round(lon - 360 * Math.round(lon / 360)), round(lat)]
}

// Positions in the datums of Chinese maps, brought to WGS-84, in which zones are drawn.
//
//   GCJ-02 := WGS-84 plus an offset of some hundred metres that wanders with the place (国测局 "Mars" datum)
//   BD-09  := GCJ-02, shifted, turned and stretched once more (Baidu)
//
// Neither is published officially. Constants and terms are those that open implementations agree on
// (eviltransform, gcoord); their published pairs of coordinates are the test.

import type { DATUMS } from '../../model/telemetry.ts'
import type { Place } from './earth.ts'

export type Datum = (typeof DATUMS)[number]

/** Krasovsky 1940 ellipsoid, on which the offset of GCJ-02 is laid out: semi-major axis, eccentricity squared. */
const AXIS_M = 6_378_245
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943

/** Outside this box of degrees GCJ-02 is WGS-84. */
const CHINA = { south: 0.8293, north: 55.8271, west: 72.004, east: 137.8347 }

/** The offset changes by under 1 % of a step, so each turn gains two digits or more; this ends below 1 mm. */
const TURNS = 5

/** The place in WGS-84. Within a decimetre wherever the datum is defined. */
export function toWgs84(place: Place, datum: Datum | undefined): Place {
  if (datum === 'gcj02') return gcj02ToWgs84(place)
  if (datum === 'bd09') return gcj02ToWgs84(bd09ToGcj02(place))
  return place
}

/** Finds the place whose offset leads here, by fixed point: the offset has no closed inverse. */
function gcj02ToWgs84(gcj: Place): Place {
  if (isOutsideChina(gcj)) return gcj
  let { lat, lon } = gcj
  for (let turn = 0; turn < TURNS; turn++) {
    const offset = offsetDegrees({ lat, lon })
    lat = gcj.lat - offset.lat
    lon = gcj.lon - offset.lon
  }
  return { lat, lon }
}

function isOutsideChina({ lat, lon }: Place): boolean {
  return lat < CHINA.south || lat > CHINA.north || lon < CHINA.west || lon > CHINA.east
}

/** What GCJ-02 adds at a place in WGS-84. */
function offsetDegrees({ lat, lon }: Place): Place {
  const { eastM, northM } = offsetM(lon - 105, lat - 35)
  const phi = (lat * Math.PI) / 180
  const bulge = 1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2
  const meridianM = (AXIS_M * (1 - ECCENTRICITY_SQUARED)) / bulge ** 1.5
  const parallelM = (AXIS_M / Math.sqrt(bulge)) * Math.cos(phi)
  return { lat: (northM / meridianM) * (180 / Math.PI), lon: (eastM / parallelM) * (180 / Math.PI) }
}

/** The offset in metres; `x` and `y` are degrees east and north of 105° E, 35° N. */
function offsetM(x: number, y: number): { eastM: number; northM: number } {
  const root = Math.sqrt(Math.abs(x))
  const shared = wave(x, 20, 6) + wave(x, 20, 2)
  const eastWaves = wave(x, 20, 1) + wave(x, 40, 1 / 3) + wave(x, 150, 1 / 12) + wave(x, 300, 1 / 30)
  const northWaves = wave(y, 20, 1) + wave(y, 40, 1 / 3) + wave(y, 160, 1 / 12) + wave(y, 320, 1 / 30)
  return {
    eastM: 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ((shared + eastWaves) * 2) / 3,
    northM: -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ((shared + northWaves) * 2) / 3,
  }
}

const wave = (degrees: number, amplitude: number, frequency: number): number =>
  amplitude * Math.sin(frequency * degrees * Math.PI)

/** Baidu's shift, turn and stretch. */
const BAIDU = {
  lon: 0.0065,
  lat: 0.006,
  stretch: 0.000_02,
  turn: 0.000_003,
  frequency: (Math.PI * 3000) / 180,
}

function bd09ToGcj02({ lat, lon }: Place): Place {
  const x = lon - BAIDU.lon
  const y = lat - BAIDU.lat
  const radius = Math.hypot(x, y) - BAIDU.stretch * Math.sin(y * BAIDU.frequency)
  const angle = Math.atan2(y, x) - BAIDU.turn * Math.cos(x * BAIDU.frequency)
  return { lat: radius * Math.sin(angle), lon: radius * Math.cos(angle) }
}

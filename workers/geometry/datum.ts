// Positions in the datums of Chinese maps, brought to WGS-84, in which zones are drawn.
//
// GCJ-02 is WGS-84 plus an offset of some hundred metres that wanders with the place; BD-09 shifts that once more.
// Neither has a closed inverse. gcoord goes back in one step, which is up to a metre off; its way forward is exact,
// so what is left of the error there is taken off once more.

import commonjs from 'gcoord'
import type { DATUMS } from '../../model/telemetry.ts'
import type { Place } from './earth.ts'

export type Datum = (typeof DATUMS)[number]

// The package is CommonJS, and its types speak of an ES module: what they call its default is all of it.
const gcoord = commonjs as unknown as typeof commonjs.default

const SYSTEMS = { gcj02: gcoord.GCJ02, bd09: gcoord.BD09 } as const

/** The offset changes by about 1 % of a step, so that a turn gains two digits: from a metre to a centimetre. */
const TURNS = 1

/** The place in WGS-84. Within a decimetre wherever the datum is defined. */
export function toWgs84(place: Place, datum: Datum | undefined): Place {
  if (datum === undefined || datum === 'wgs84') return place
  const system = SYSTEMS[datum]
  const given: [number, number] = [place.lon, place.lat]
  let [lon, lat] = gcoord.transform(given, system, gcoord.WGS84)
  for (let turn = 0; turn < TURNS; turn++) {
    const [itsLon, itsLat] = gcoord.transform([lon, lat], gcoord.WGS84, system)
    lon -= itsLon - place.lon
    lat -= itsLat - place.lat
  }
  return { lat, lon }
}

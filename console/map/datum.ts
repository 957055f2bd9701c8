// The hub speaks WGS-84. A map that is drawn in another datum has everything moved onto it, and what is drawn on it
// by hand moved back.

import type { Position } from '../../model/zone.ts'

export type Shift = (place: Position) => Position

/** `drawn`: where a place is on the map. `meant`: which place a point of the map is. */
export type Datum = { drawn: Shift; meant: Shift }

export const WGS84: Datum = { drawn: place => place, meant: place => place }

/** The offset changes by about 1 % of a step: three turns leave less than a millimetre of several hundred metres. */
const TURNS = 3

/** A datum of which only the way to it is known in closed form. */
export function shifted(drawn: Shift): Datum {
  return {
    drawn,
    meant(point) {
      let [lon, lat] = point
      for (let turn = 0; turn < TURNS; turn++) {
        const [itsLon, itsLat] = drawn([lon, lat])
        lon -= itsLon - point[0]
        lat -= itsLat - point[1]
      }
      return [lon, lat]
    },
  }
}

// What a map shows, without a word about how: every screen that has a map says it in these terms. WGS-84 throughout.

import type { Severity } from '../../model/finding.ts'
import type { Fix } from '../../model/history.ts'
import type { Position, Zone } from '../../model/zone.ts'
import { awayFrom } from './earth.ts'
import { cornersOf } from './outline.ts'
import { placeOf } from './track.ts'

export type Fence = Pick<Zone, 'id' | 'name' | 'kind' | 'shape'>

/** Where an elder is; `label` stands beside it, such as its age. */
export type Shown = {
  place: Position
  accuracyM?: number | undefined
  isOld: boolean
  isCoarse: boolean
  label: string
}

/** One of many on a map of a district. Those with a severity are open incidents, and drawn on top. */
export type Mark = { id: string; place: Position; severity?: Severity; label?: string }

/** Where a zone would have raised something. */
export type Crossing = { id: string; place: Position; label?: string }

/** A part that is the same object as before is not drawn anew. */
export type Scene = {
  fences?: readonly Fence[]
  /** Oldest first, with the span that fades it. */
  track?: { fixes: readonly Fix[]; from: number; to: number; firstLabel?: string }
  position?: Shown | null
  marks?: readonly Mark[]
  crossings?: readonly Crossing[]
}

/** All places that have to be in sight to see the whole scene. */
export function placesOf({ fences = [], track, position, marks = [], crossings = [] }: Scene): Position[] {
  return [
    ...fences.flatMap(({ shape }) => cornersOf(shape)),
    ...(track?.fixes.map(placeOf) ?? []),
    ...(position ? around(position.place, position.accuracyM ?? 0) : []),
    ...marks.map(({ place }) => place),
    ...crossings.map(({ place }) => place),
  ]
}

/** North, east, south and west of a place at this distance. */
export const around = (place: Position, metres: number): Position[] =>
  metres === 0 ? [place] : [0, 90, 180, 270].map(bearing => awayFrom(place, metres, bearing))

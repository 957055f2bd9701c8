// Thousands of zones, of which a fix touches few: an R-tree over their boxes finds those.

import Flatbush from 'flatbush'
import type { Zone } from '../../model/zone.ts'
import { type Box, boxAround, boxOf, gapM } from './box.ts'
import type { Place } from './earth.ts'
import { distanceToShapeM } from './shape.ts'

/** A zone and how far a place is outside of it, in metres; negative inside. */
export type Near = { zone: Zone; distanceM: number }

export type ZoneIndex = {
  /** By id. */
  readonly zones: readonly Zone[]
  /** The zones that may hold the place, by id: those whose box does. */
  around(place: Place): readonly Zone[]
  /** The nearest zone, or the one that it is deepest inside of; of those that are on. Of equals the first by id. */
  nearest(place: Place, isOn?: (zone: Zone) => boolean): Near | undefined
}

/** The window of the first look, and by how much the next one is larger. Most elders are in a zone, or near one. */
const FIRST_REACH_M = 100
const FURTHER = 8
/** No two places on the globe are further apart. */
const GLOBE_M = 20_040_000

/** Ways around the globe at which a box that crosses 180° may be met. */
const TURNS = [0, 360, -360]

/** An index over zones; build a new one when one of them changes. */
export function indexZones(given: Iterable<Zone>): ZoneIndex {
  // Sorted, so that the same zones give the same index, in whatever order they became known.
  const zones = [...given].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))
  const boxes = zones.map(({ shape }) => boxOf(shape))
  const tree = plant(boxes)

  function within({ west, south, east, north }: Box): number[] {
    if (tree === undefined) return []
    if (west >= -180 && east <= 180 && !tree.isAround) return tree.search(west, south, east, north)
    const found = new Set<number>()
    for (const turn of TURNS)
      for (const i of tree.search(west + turn, south, east + turn, north)) found.add(i)
    return [...found]
  }

  function nearestWithin(reachM: number, place: Place, isOn: IsOn | undefined): Near | undefined {
    let best: Near | undefined
    for (const i of within(boxAround(place, reachM))) {
      const zone = zones[i] as Zone
      if (isOn?.(zone) === false) continue
      // A box that is further away than a zone already found, by more than what the bound may be off.
      if (best !== undefined && gapM(boxes[i] as Box, place) * 0.98 > Math.max(0, best.distanceM)) continue
      const distanceM = distanceToShapeM(zone.shape, place)
      const isNearer = best === undefined || distanceM < best.distanceM
      if (isNearer || (distanceM === best?.distanceM && zone.id < best.zone.id)) best = { zone, distanceM }
    }
    return best
  }

  return {
    zones,
    around({ lon, lat }) {
      if (tree === undefined) return NONE
      const found = within({ west: lon, south: lat, east: lon, north: lat })
      if (found.length === 0) return NONE
      if (found.length > 1) found.sort((a, b) => a - b)
      return found.map(i => zones[i] as Zone)
    },
    nearest(place, isOn) {
      if (tree === undefined) return undefined
      for (let reachM = FIRST_REACH_M; ; ) {
        const best = nearestWithin(reachM, place, isOn)
        if (best !== undefined && best.distanceM <= reachM) return best
        if (reachM >= GLOBE_M) return best
        // What was found at the rim shows how far to look for something nearer.
        reachM = Math.min(GLOBE_M, best === undefined ? reachM * FURTHER : best.distanceM * 1.01)
      }
    },
  }
}

type IsOn = (zone: Zone) => boolean

const NONE: readonly Zone[] = []

type Tree = {
  /** Some box crosses 180°. */
  isAround: boolean
  search(west: number, south: number, east: number, north: number): number[]
}

function plant(boxes: readonly Box[]): Tree | undefined {
  if (boxes.length === 0) return undefined
  const tree = new Flatbush(boxes.length)
  for (const { west, south, east, north } of boxes) tree.add(west, south, east, north)
  tree.finish()
  return {
    isAround: boxes.some(({ east }) => east > 180),
    search: (west, south, east, north) => tree.search(west, south, east, north),
  }
}

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
  /**
   * The nearest zone, or the one that it is deepest inside of; of those that are on. Of equals the first by id. Beyond
   * 100 km one that is not much further.
   */
  nearest(place: Place, isOn?: (zone: Zone) => boolean): Near | undefined
}

/** The window of the first look: most elders are in a zone, or near one. */
const FIRST_REACH_M = 100

/**
 * Of zones that are all further away than this any one will do: which of them is nearest changes nothing, and their
 * boxes no longer tell.
 */
const LAST_REACH_M = 100_000

/** Ways around the globe at which a box that crosses 180° may be met. */
const TURNS = [0, 360, -360]

/** What most areas have. */
const FEW = 8

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

  /** Of a handful every box is looked at: a tree costs more. */
  function amongFew(lon: number, lat: number): readonly Zone[] {
    let found: Zone[] | undefined
    for (let i = 0; i < boxes.length; i++) {
      const { west, south, east, north } = boxes[i] as Box
      if (lon < west || lon > east || lat < south || lat > north) continue
      found ??= []
      found.push(zones[i] as Zone)
    }
    return found ?? NONE
  }

  /** The nearest zone of those within reach, or `known` where none of them is nearer. */
  function nearestWithin(reachM: number, place: Place, { isOn, known }: Search): Near | undefined {
    let best = known
    for (const i of within(boxAround(place, reachM))) {
      const zone = zones[i] as Zone
      if (isOn?.(zone) === false) continue
      // A box that is further away than a zone already found, by more than what the bound may be off.
      if (best !== undefined && gapM(boxes[i] as Box, place) * 0.98 > Math.max(0, best.distanceM)) continue
      best = nearer(best, { zone, distanceM: distanceToShapeM(zone.shape, place) })
    }
    return best
  }

  /** Some zone that is not far further away than the nearest: that whose box is nearest in degrees. */
  function someNear(place: Place, isOn: IsOn | undefined): Near | undefined {
    let best: Near | undefined
    for (const turn of TURNS) {
      const turned = { lat: place.lat, lon: place.lon + turn }
      const [i] = tree?.neighbours(turned, isOn && (one => isOn(zones[one] as Zone))) ?? []
      const zone = i === undefined ? undefined : zones[i]
      if (zone) best = nearer(best, { zone, distanceM: distanceToShapeM(zone.shape, place) })
      if (best !== undefined && best.distanceM <= LAST_REACH_M) return best
    }
    return best
  }

  return {
    zones,
    around({ lon, lat }) {
      if (tree === undefined) return NONE
      if (boxes.length <= FEW && !tree.isAround) return amongFew(lon, lat)
      const found = within({ west: lon, south: lat, east: lon, north: lat })
      if (found.length === 0) return NONE
      if (found.length > 1) found.sort((a, b) => a - b)
      return found.map(i => zones[i] as Zone)
    },
    nearest(place, isOn) {
      if (tree === undefined) return undefined
      const inReach = nearestWithin(FIRST_REACH_M, place, { isOn })
      if (inReach !== undefined && inReach.distanceM <= FIRST_REACH_M) return inReach
      const known = inReach ?? someNear(place, isOn)
      // What is known shows how far to look for something nearer.
      return known && nearestWithin(Math.min(known.distanceM * 1.01, LAST_REACH_M), place, { isOn, known })
    },
  }
}

/** Of equals the first by id. */
function nearer(a: Near | undefined, b: Near): Near {
  if (a === undefined || b.distanceM < a.distanceM) return b
  return b.distanceM === a.distanceM && b.zone.id < a.zone.id ? b : a
}

type Search = { isOn: IsOn | undefined; known?: Near }

type IsOn = (zone: Zone) => boolean

const NONE: readonly Zone[] = []

type Tree = {
  /** Some box crosses 180°. */
  isAround: boolean
  search(west: number, south: number, east: number, north: number): number[]
  /** The one whose box is nearest in degrees, of those that are on. */
  neighbours(place: Place, isOn: ((i: number) => boolean) | undefined): number[]
}

function plant(boxes: readonly Box[]): Tree | undefined {
  if (boxes.length === 0) return undefined
  const tree = new Flatbush(boxes.length)
  for (const { west, south, east, north } of boxes) tree.add(west, south, east, north)
  tree.finish()
  return {
    isAround: boxes.some(({ east }) => east > 180),
    search: (west, south, east, north) => tree.search(west, south, east, north),
    neighbours: ({ lon, lat }, isOn) => tree.neighbors(lon, lat, 1, Number.POSITIVE_INFINITY, isOn),
  }
}

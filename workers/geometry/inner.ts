// The inner parts of polygons: nearly all fixes are of elders who are well inside their zones, and the distance to
// a thousand corners need not be taken for each of them again.
//
// A polygon's box of degrees is cut into cells. A cell is inside as a whole when its centre lies deeper inside than
// the cell is large, for then no edge comes near it. Each is tried when the first place falls into it.

import type { Position } from '../../model/zone.ts'
import { atMostM, type Place, ROUNDING_M } from './earth.ts'
import { FLAT_UP_TO_LAT } from './plane.ts'
import { distanceToPolygonM } from './polygon.ts'

/** Cells along a side: few for a home, which is one elder's; many where each look at the edge costs more. */
const CELLS = 8
const MANY_CELLS = 64
const MANY_CORNERS = 16

/** What is known of a cell. */
const UNTRIED = 0
const INSIDE = 1
const UNSURE = 2

type Rings = readonly (readonly Position[])[]

/** South-west corner and size of a cell, in degrees. */
type Grid = { west: number; south: number; lonStep: number; latStep: number; side: number; cells: Uint8Array }

/** Null for polygons that have none: they lie near a pole, or across 180°. They go with their zones. */
const grids = new WeakMap<Rings, Grid | null>()

/** Whether a place is inside a polygon beyond doubt; false says nothing. */
export function isSurelyInsidePolygon(rings: Rings, place: Place): boolean {
  const grid = gridOf(rings)
  if (grid === null) return false
  const column = Math.floor((place.lon - grid.west) / grid.lonStep)
  const row = Math.floor((place.lat - grid.south) / grid.latStep)
  const { side, cells } = grid
  if (!(column >= 0 && column < side && row >= 0 && row < side)) return false
  const cell = row * side + column
  if (cells[cell] === UNTRIED) cells[cell] = isInsideAsAWhole(rings, grid, { column, row }) ? INSIDE : UNSURE
  return cells[cell] === INSIDE
}

function gridOf(rings: Rings): Grid | null {
  const known = grids.get(rings)
  if (known !== undefined) return known
  const grid = layGrid(rings[0] ?? [])
  grids.set(rings, grid)
  return grid
}

function layGrid(outer: readonly Position[]): Grid | null {
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [lon, lat] of outer) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  // Within these a ring lies in the plane of longitude and latitude as it is written down.
  const isFlat = east - west < 180 && south >= -FLAT_UP_TO_LAT && north <= FLAT_UP_TO_LAT
  if (!isFlat || east <= west || north <= south) return null
  const side = outer.length < MANY_CORNERS ? CELLS : MANY_CELLS
  return {
    west,
    south,
    lonStep: (east - west) / side,
    latStep: (north - south) / side,
    side,
    cells: new Uint8Array(side * side),
  }
}

function isInsideAsAWhole(
  rings: Rings,
  { west, south, lonStep, latStep }: Grid,
  { column, row }: { column: number; row: number },
): boolean {
  const centre = { lon: west + (column + 0.5) * lonStep, lat: south + (row + 0.5) * latStep }
  const corner = { lon: west + column * lonStep, lat: south + row * latStep }
  return distanceToPolygonM(rings, centre) + atMostM(centre, corner) + ROUNDING_M <= 0
}

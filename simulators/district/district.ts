// A district of elders, out of a seed: the same seed and size give the same district, byte for byte, and a larger one
// holds the smaller one unchanged.

import type { Area } from '../../model/area.ts'
import { type Household, householdFor } from './household.ts'
import { areasFor, communityOf } from './places.ts'

/** How long outside the home zone before it is an exit: the hub's default. */
export const DWELL_MS = 60_000

export type District = {
  seed: number
  /** Parents before children. */
  areas: Area[]
  households: Household[]
}

export type DistrictPlan = {
  seed: number
  /** How many elders, each with one wearable. */
  elders: number
  /** Begins every id, so that a demo and a test do not share elders. */
  name?: string
  dwellMs?: number
}

/** Builds the district. Pure; ids are `{name}{seed}-…`. */
export function buildDistrict({ seed, elders, name = 'sim', dwellMs = DWELL_MS }: DistrictPlan): District {
  const prefix = `${name}${seed}`
  const { areas, communities } = areasFor({ prefix, seed, elders })
  const households = Array.from({ length: elders }, (_, i) =>
    householdFor({
      prefix,
      seed,
      number: i + 1,
      community: communityOf(i + 1, communities),
      dwellMs,
    }),
  )
  return { seed, areas, households }
}

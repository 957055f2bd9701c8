// Screens that stay beneath whatever else is open, and where in each somebody was (pure): an alarm leads to the desk at
// once, and what was being filled in must still be there afterwards.

import type { PlaceName } from './places.ts'

const STAYS: readonly (PlaceName | undefined)[] = ['registry']

/** The screens that stay and were opened, with the path that each had last. */
export type Kept = Readonly<Partial<Record<PlaceName, string>>>

export function keptAfter(kept: Kept, place: PlaceName | undefined, path: string): Kept {
  if (place === undefined || !STAYS.includes(place) || kept[place] === path) return kept
  return { ...kept, [place]: path }
}

/** What is drawn beside the desk: what stays, and what is open; undefined is the place of a role without any. */
export function screensBeside(kept: Kept, place: PlaceName | undefined): (PlaceName | undefined)[] {
  const staying: (PlaceName | undefined)[] = Object.keys(kept) as PlaceName[]
  return place === 'desk' || staying.includes(place) ? staying : [...staying, place]
}

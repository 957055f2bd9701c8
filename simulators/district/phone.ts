// Telephone numbers that can be nobody's.
//
// `0600-1xxxxxx` looks like a landline, but no such number exists: 0600 is not assigned as an area code, and
// a local number never begins with 1, which opens service numbers. Nobody is rung when a demo dials by mistake,
// neither a stranger nor 110, 119 or 120.

export const NOBODYS_PREFIX = '0600-1'

/** The number of a place in the district: the same place, the same number. At most a million. */
export const nobodysPhone = (place: number): string =>
  `${NOBODYS_PREFIX}${String(place % 1_000_000).padStart(6, '0')}`

// The calling order of contacts: what to write so that a list is in the order in which it is shown.

import type { Contact } from '../../../model/resident.ts'
import type { Answer, Problem } from '../../shell/http.ts'

type Placed = Pick<Contact, 'id' | 'position'>

/** The list with the item at `from` moved to `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const left = items.filter((_, index) => index !== from)
  const item = items[from]
  return item === undefined ? [...items] : left.toSpliced(Math.max(0, Math.min(to, left.length)), 0, item)
}

/** Who gets another place: places are 1, 2, 3 … in the order of the list. */
export const placesToWrite = (inOrder: readonly Placed[]): Placed[] =>
  inOrder.flatMap(({ id, position }, index) => (position === index + 1 ? [] : [{ id, position: index + 1 }]))

/** Writes one place after the other; the first refusal ends it and is told: the order is then a mixed one. */
export async function writePlaces(
  places: readonly Placed[],
  write: (place: Placed) => Promise<Answer<unknown>>,
): Promise<Problem | undefined> {
  for (const place of places) {
    const answer = await write(place)
    if (!answer.ok) return answer.problem
  }
  return undefined
}

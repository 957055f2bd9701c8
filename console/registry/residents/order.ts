// The calling order of contacts (pure): what to write so that a list is in the order in which it is shown.

import type { Contact } from '../../../model/resident.ts'

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

// Long lists in statements: a database binds a limited number of values in one, so lists go in slices.

/** SQLite binds 32,766 values in a statement: a thousand rows of the widest table, 24 columns, stay below. */
const SLICE = 1_000

/** The items in order, in lists that one statement can carry, or shorter ones. */
export function slicesOf<T>(items: readonly T[], size: number = SLICE): (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items]
  const slices: T[][] = []
  for (let from = 0; from < items.length; from += size) slices.push(items.slice(from, from + size))
  return slices
}

/** Reads slice by slice, one after the other; nothing is asked for an empty list. */
export async function readSlices<T, R>(
  items: readonly T[],
  read: (slice: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = []
  for (const slice of slicesOf(items)) for (const row of await read(slice)) found.push(row)
  return found
}

// JSON that stands in a column. Whoever reads many rows must not stop at the one that a hand or a disk has broken: of
// that one the column is empty, and the alarm it belongs to is shown, told and closed as any other.

/** The list; empty where it cannot be read, or is none. */
export function storedList<T>(json: string): readonly T[] {
  const value = parsed(json)
  return Array.isArray(value) ? value : []
}

/** The facts by name; none where they cannot be read. */
export function storedFacts(json: string): Record<string, unknown> {
  const value = parsed(json)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined // the callers have something for it
  }
}

// Which statements PostgreSQL keeps parsed: those that come again and again, by a name. An alarm asks two dozen of them,
// and to parse and plan one took the server longer than to run it (docs/decisions/0009).

import { createHash } from 'node:crypto'

/** On the server each is some ten kilobytes a connection. */
const MOST_NAMES = 200
/** Until now and then what came once is forgotten: lists of any length make texts without end. */
const MOST_COUNTED = 2_000
/** One that has come so often will come again. */
const NAMED_FROM = 3

/**
 * Returns the name of a statement by its text; undefined for one that is parsed each time. One for all connections, and
 * the same in every process: one that finds the name of another in its session finds what it asks.
 */
export function startNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  let counts = new Map<string, number>()
  return text => {
    const known = names.get(text)
    if (known !== undefined || names.size >= MOST_NAMES) return known
    const count = (counts.get(text) ?? 0) + 1
    if (count < NAMED_FROM) {
      if (counts.size >= MOST_COUNTED) counts = new Map()
      counts.set(text, count)
      return undefined
    }
    counts.delete(text)
    const name = `anxin ${createHash('sha1').update(text).digest('hex')}`
    names.set(text, name)
    return name
  }
}

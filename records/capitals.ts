// Capitals make no other name. Only A to Z count, because that is what both engines fold; a parameter is folded
// here, where the database's language has no say.

import { type RawBuilder, sql } from 'kysely'

export const withoutCapitals = (text: string): string =>
  text.replace(/[A-Z]+/g, capitals => capitals.toLowerCase())

/** The column's text without capitals, as an SQL expression. */
export const columnWithoutCapitals = (column: string): RawBuilder<string> =>
  sql<string>`lower(${sql.ref(column)})`

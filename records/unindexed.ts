// A column of text by which SQLite is not to look for rows. It does not count how many have a value, takes an index of
// kinds for as good as one of alarms, and goes through every finding that there ever was. PostgreSQL counts.

import { type RawBuilder, sql } from 'kysely'

/** `column` as in `timeline.kind`; the same value, and null where that is null. */
export const unindexed = <T extends string | null>(column: string): RawBuilder<T> =>
  sql<T>`(${sql.ref(column)} || '')`

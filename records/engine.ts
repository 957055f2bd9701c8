// The few places where the two engines have to be told apart.

import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'

export const isPostgres = (db: Pick<Kysely<never>, 'getExecutor'>): boolean =>
  db.getExecutor().adapter instanceof PostgresAdapter

/**
 * The type of text columns. They are ordered byte by byte on both engines: a list has one order whatever the
 * database's language is, and an upgrade of the machine's locales breaks no index.
 */
export const textType = (db: Pick<Kysely<never>, 'getExecutor'>): 'text' | RawBuilder<unknown> =>
  isPostgres(db) ? sql`text collate "C"` : 'text'

// A turn at the desk for what can be decided by one reading: what is read is read at once, and what follows from it is
// written at once. An alarm waits for every answer on this way.

import type { Db, Records } from './db.ts'
import { isPostgres } from './engine.ts'
import { inTwoFlights } from './postgres.flights.ts'
import { type Statement, wholeOf } from './whole.ts'

export type AtOnce<R, T> = {
  /** Queries that do not wait for each other. Rows may change before they are written: the statements must notice. */
  read: (db: Db) => Promise<R>
  write: (read: R) => Written<T>
}
export type Written<T> = { statements: readonly Statement[]; answer: T }

/**
 * `writeDesk` (db.ts) in one message to read and one to write on SQLite, and in two flights of statements on
 * PostgreSQL. Returns the answer of `write`.
 * @throws what a statement's `otherwise` makes; nothing is kept then, nor after any other error.
 */
export const writeDeskAtOnce = <R, T>(
  { db, feed }: Pick<Records, 'db' | 'feed'>,
  turn: AtOnce<R, T>,
): Promise<T> => (isPostgres(db) ? inTwoFlights(db, turn) : inTwoMessages({ db, feed }, turn))

async function inTwoMessages<R, T>(
  { db, feed }: Pick<Records, 'db' | 'feed'>,
  { read, write }: AtOnce<R, T>,
): Promise<T> {
  const { statements, answer } = write(await read(feed))
  if (statements.length === 0) return answer
  await db.getExecutor().provideConnection(connection => connection.executeQuery(wholeOf(statements)))
  return answer
}

// What an error of the database means, whichever engine it is: a row that is there already, a row that it will
// never take, or two writers in each other's way. Anything else is the database's trouble and not the row's.

import pg from 'pg'
import { HubError } from '../model/error.ts'
import { SqliteError } from './sqlite.connection.ts'

/** SQLite's extended codes for a broken unique index and a broken primary key. */
const SQLITE_UNIQUE = new Set([2067, 1555])
/** SQLite's primary codes for a row that it will never take: too big, breaks a constraint, of the wrong type. */
const SQLITE_REFUSED = new Set([18, 19, 20])

/** PostgreSQL's SQLSTATE for the same (appendix A of its manual): classes are the first two characters. */
const UNIQUE_VIOLATION = '23505'
/** Data exception; integrity constraint; program limit, such as a text that is too long for its index. */
const REFUSED_CLASSES = new Set(['22', '23', '54'])
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'

/** True when `error` says that a unique index refused a row. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof SqliteError) return error.errcode !== undefined && SQLITE_UNIQUE.has(error.errcode)
  return error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION
}

/** True when `error` says that the row is wrong, and not that the database cannot write. */
export function isRefusedRow(error: unknown): boolean {
  if (error instanceof SqliteError)
    return error.errcode !== undefined && SQLITE_REFUSED.has(error.errcode & 0xff)
  return error instanceof pg.DatabaseError && REFUSED_CLASSES.has(error.code?.slice(0, 2) ?? '')
}

/** True when `error` says that the database cannot write, whichever row it is given. */
export function cannotWrite(error: unknown): boolean {
  if (error instanceof HubError) return error.code === 'UNAVAILABLE'
  return (error instanceof SqliteError || error instanceof pg.DatabaseError) && !isRefusedRow(error)
}

/** True when the database gave this transaction up in favour of another one: tried again, it goes through. */
export const isRaceLost = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED)

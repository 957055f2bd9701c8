// Lists come in pages: rows in a stable order, and an opaque cursor that says after which row the next one
// starts. A row that is added or archived in between moves no other row across a page's edge.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { badField } from './scope.ts'

export type PageRequest = { cursor?: string | undefined; limit: number }

/** `next` is the cursor of the following page, null on the last one. */
export type Page<T> = { items: T[]; next: string | null }

type Key = string | number

/**
 * SQL condition: rows after the cursor, in the order of `columns`; all rows without one.
 * @throws HubError BAD_REQUEST when the cursor was not made by `pageOf` for the same order.
 */
export function afterCursor(columns: readonly string[], cursor: string | undefined): RawBuilder<SqlBool> {
  if (cursor === undefined) return sql<SqlBool>`1 = 1`
  const key = readCursor(cursor, columns.length)
  const left = sql.join(columns.map(column => sql.ref(column)))
  return sql<SqlBool>`(${left}) > (${sql.join(key)})`
}

/** Cuts `limit + 1` queried rows to a page; `keyOf` gives a row's values in the order of the list. */
export function pageOf<R, T>(
  rows: readonly R[],
  { limit, keyOf, toItem }: { limit: number; keyOf: (row: R) => Key[]; toItem: (row: R) => T },
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: shown.map(toItem), next: more ? writeCursor(keyOf(last)) : null }
}

const writeCursor = (key: Key[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

function readCursor(cursor: string, length: number): Key[] {
  const key = parse(Buffer.from(cursor, 'base64url').toString())
  const fits = Array.isArray(key) && key.length === length && key.every(isKey)
  if (!fits) throw badField('cursor', 'this is no cursor of this list')
  return key
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller names it
  }
}

const isKey = (value: unknown): value is Key => typeof value === 'string' || typeof value === 'number'

/** The pattern for "contains `text`", for LIKE with `escape '\\'`. */
export const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

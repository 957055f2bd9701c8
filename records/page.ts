// Lists come in pages: rows in a stable order, and an opaque cursor that says after which row the next one
// starts. A row that is added or archived in between moves no other row across a page's edge.

import { createHash } from 'node:crypto'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { badField } from './scope.ts'

export type PageRequest = { cursor?: string | undefined; limit: number }

/** `next` is the cursor of the following page, null on the last one. */
export type Page<T> = { items: T[]; next: string | null }

type Key = string | number

/** One list as it was asked for. */
export type List = {
  /** What it lists, such as `residents`. */
  name: string
  /** The columns of its order. */
  order: readonly string[]
  /** Those of them that hold whole numbers; the others hold texts. */
  numbers?: readonly string[]
  /** Each of them the highest first, as an index is read from its end; else the lowest first. */
  isDescending?: boolean
  /** What else decides which rows it has, and where. Its scope is no part of it: that holds by itself. */
  filter: Readonly<Record<string, unknown>>
}

export type Pages = {
  /**
   * SQL condition: rows after the cursor; all rows without one.
   * @throws HubError BAD_REQUEST when the cursor is of another list, order or filter.
   */
  after(cursor: string | undefined): RawBuilder<SqlBool>
  /** Cuts `limit + 1` queried rows to a page; `keyOf` gives a row's values in the order of the list. */
  cut<R, T>(rows: readonly R[], cutting: Cutting<R, T>): Page<T>
}

type Cutting<R, T> = { limit: number; keyOf: (row: R) => Key[]; toItem: (row: R) => T }

/** Pages of a list. Under another filter a cursor would leave rows out unnoticed: it belongs to its list alone. */
export function pagesOf(list: List): Pages {
  const mark = markOf(list)
  return {
    after(cursor) {
      if (cursor === undefined) return sql<SqlBool>`1 = 1`
      const key = readCursor(cursor, { mark, list })
      const left = sql.join(list.order.map(column => sql.ref(column)))
      const comes = sql.raw(list.isDescending ? '<' : '>')
      return sql<SqlBool>`(${left}) ${comes} (${sql.join(key)})`
    },
    cut(rows, { limit, keyOf, toItem }) {
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const more = rows.length > limit && last !== undefined
      return { items: shown.map(toItem), next: more ? writeCursor([mark, ...keyOf(last)]) : null }
    },
  }
}

/** Enough to tell one list from another; a cursor is no secret. */
const MARK_LENGTH = 12

const markOf = ({ name, order, filter }: List): string =>
  createHash('sha256')
    .update(JSON.stringify([name, order, filter]))
    .digest('base64url')
    .slice(0, MARK_LENGTH)

const writeCursor = (marked: Key[]): string => Buffer.from(JSON.stringify(marked)).toString('base64url')

function readCursor(cursor: string, { mark, list }: { mark: string; list: List }): Key[] {
  const { order, numbers = [] } = list
  const marked = parse(Buffer.from(cursor, 'base64url').toString())
  if (!Array.isArray(marked) || marked.length !== order.length + 1)
    throw badField('cursor', NO_CURSOR, 'invalid_cursor')
  const [its, ...key] = marked
  // A made-up one would be compared with a column of another type, which not every engine does.
  const fits = order.every((column, n) =>
    numbers.includes(column) ? Number.isSafeInteger(key[n]) : typeof key[n] === 'string',
  )
  if (!fits || typeof its !== 'string') throw badField('cursor', NO_CURSOR, 'invalid_cursor')
  if (its !== mark)
    throw badField('cursor', 'this cursor is of another list, or of another filter', 'invalid_cursor')
  return key
}

const NO_CURSOR = 'this is no cursor of this list'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller names it
  }
}

/** The pattern for "contains `text`", for LIKE with `escape '\\'`. */
export const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

// The rows of a table that are about somebody, in pages: nobody who lists something waits for all of them.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from './db.ts'
import type { ColumnClass } from './personal.classes.ts'
import { PERSONAL, type PersonalName } from './personal.table.ts'
import type { Whose } from './personal.ts'

/** A row whose table is known by name only. */
export type SomeRow = Record<string, unknown>

/** `PersonalTable` of a table whose name is not known yet. */
export type SomeTable = {
  columns: Readonly<Record<string, ColumnClass>>
  key: readonly string[]
  about(whose: Whose): RawBuilder<SqlBool>
  erased: 'deleted' | 'kept' | ((row: SomeRow, left: { isLast: boolean; whose: Whose }) => SomeRow)
}

export const tableOf = (name: PersonalName): SomeTable => PERSONAL[name] as unknown as SomeTable
export const PERSONAL_NAMES = Object.keys(PERSONAL) as PersonalName[]

const PAGE_ROWS = 500

/** Pages of rows in the order of their key, each as it is when it is read. */
export async function* personalRows(db: Db, name: PersonalName, whose: Whose): AsyncGenerator<SomeRow[]> {
  const { key, about } = tableOf(name)
  const columns = sql.join(key.map(column => sql.ref(column)))
  for (let after: unknown[] | undefined; ; ) {
    const behind: RawBuilder<unknown> = after ? sql` and (${columns}) > (${sql.join(after)})` : sql``
    const { rows } = await sql<SomeRow>`select * from ${sql.table(name)}
      where ${about(whose)}${behind} order by ${columns} limit ${sql.lit(PAGE_ROWS)}`.execute(db)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    if (rows.length < PAGE_ROWS) return
    after = key.map(column => last[column])
  }
}

/** SQL condition: this very row. */
export const isRow = (key: readonly string[], row: SomeRow): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.join(
    key.map(column => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )}`

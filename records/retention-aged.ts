// Rows that go by their own age: found without a writer, deleted in slices that a writer hardly notices.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Records, Tx } from './db.ts'
import { writeDesk } from './db.ts'
import type { Aged, TableName } from './retention-tables.ts'

/** Rows a transaction: an alarm that is to be written meanwhile waits for no more than this. */
export const ROWS_AT_ONCE = 200

/** Written in the transaction that deletes: how many rows that were. */
export type Noting = (tx: Tx, rows: number) => Promise<void>

type Keys = Record<string, string>

/**
 * Deletes at most a slice of what is older than `before`. Returns how many rows went; less than `ROWS_AT_ONCE` is all
 * that there was.
 */
export async function deleteAged(
  records: Pick<Records, 'db' | 'read'>,
  { table, aged, before, note }: { table: TableName; aged: Aged; before: number; note: Noting },
): Promise<number> {
  const keys = await keysOf(records.read, { table, aged, before })
  if (keys.length === 0) return 0
  const work = async (tx: Tx): Promise<number> => {
    const rows = await deleteKeys(tx, { table, aged, before, keys })
    if (rows > 0) await note(tx, rows)
    return rows
  }
  await (aged.isDesk ? writeDesk(records, work) : records.db.transaction().execute(work))
  return keys.length
}

type Asked = { table: TableName; aged: Aged; before: number }

async function keysOf(db: Db, { table, aged, before }: Asked): Promise<Keys[]> {
  const order = aged.order === undefined ? ageOf(aged) : sql.ref(aged.order)
  const { rows } = await sql<Keys>`select ${columnsOf(aged)} from ${sql.table(table)}
    where ${isOld(aged, before)} order by ${order} limit ${sql.lit(ROWS_AT_ONCE)}`.execute(db)
  return rows
}

/** Whatever has moved on since it was found stays. */
async function deleteKeys(
  tx: Tx,
  { table, aged, before, keys }: Asked & { keys: readonly Keys[] },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)}
    where ${isOneOf(aged.key, keys)} and ${isOld(aged, before)}`.execute(tx)
  return Number(numAffectedRows)
}

/** SQL condition: the row is one of these, by its key. A list of one column finds it by the index in any case. */
export function isOneOf(
  key: readonly string[],
  rows: readonly Readonly<Record<string, string | number>>[],
): RawBuilder<SqlBool> {
  const [first = '', ...others] = key
  if (others.length === 0)
    return sql<SqlBool>`${sql.ref(first)} in (${sql.join(rows.map(row => row[first]))})`
  const values = rows.map(row => sql`(${sql.join(key.map(name => row[name]))})`)
  return sql<SqlBool>`(${sql.join(key.map(name => sql.ref(name)))}) in (values ${sql.join(values)})`
}

/** How many rows would go, counted up to `most`. */
export async function countAged(db: Db, { most, ...asked }: Asked & { most: number }): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from (
    select 1 from ${sql.table(asked.table)} where ${isOld(asked.aged, asked.before)}
      limit ${sql.lit(most)}) found`.execute(db)
  return Number(rows[0]?.rows ?? 0)
}

const columnsOf = ({ key }: Aged): RawBuilder<unknown> => sql.join(key.map(name => sql.ref(name)))

const ageOf = ({ age }: Aged): RawBuilder<unknown> => (typeof age === 'string' ? sql.ref(age) : age)

const isOld = (aged: Aged, before: number): RawBuilder<SqlBool> =>
  sql<SqlBool>`${ageOf(aged)} < ${sql.lit(before)} and ${aged.only ? aged.only(before) : sql`1 = 1`}`

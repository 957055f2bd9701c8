// Erases what personal.table.ts names, a few rows a transaction: an alarm that comes in meanwhile waits for one of them.
// What is erased already is left as it is, so that it may begin anew after a kill and comes to the same.

import { sql } from 'kysely'
import { type Records, type Tx, writeDesk } from './db.ts'
import { isPostgres } from './engine.ts'
import {
  isRow,
  PERSONAL_NAMES,
  personalRows,
  type SomeRow,
  type SomeTable,
  tableOf,
} from './personal.rows.ts'
import type { PersonalName } from './personal.table.ts'
import type { Whose } from './personal.ts'
import { slicesOf } from './slices.ts'

/** Rows a transaction. */
const AT_ONCE = 20

export type Erasing = { whose: Whose; isLast: boolean }

/** Erases the rows of one elder in every table; returns how many had something to erase. */
export async function eraseRecords(records: Records, erasing: Erasing): Promise<number> {
  let erased = 0
  for (const name of PERSONAL_NAMES) erased += await eraseTable(records, name, erasing)
  return erased
}

async function eraseTable(records: Records, name: PersonalName, erasing: Erasing): Promise<number> {
  const table = tableOf(name)
  let erased = 0
  if (table.erased === 'kept') return erased
  for await (const page of personalRows(records.read, name, erasing.whose)) {
    const due = page.filter(row => isDue(table, row, erasing))
    for (const slice of slicesOf(due, AT_ONCE)) {
      await writeDesk(records, async tx => {
        for (const row of slice) await eraseRow(tx, { name, row, erasing })
      })
      erased += slice.length
    }
  }
  return erased
}

const isDue = (table: SomeTable, row: SomeRow, erasing: Erasing): boolean =>
  table.erased === 'deleted' || Object.keys(changeOf(table, row, erasing)).length > 0

/** The columns that are not yet as they are to be. */
function changeOf({ erased }: SomeTable, row: SomeRow, { whose, isLast }: Erasing): SomeRow {
  if (typeof erased === 'string') return {}
  const left = Object.entries(erased(row, { whose, isLast }))
  return Object.fromEntries(left.filter(([column, value]) => value !== row[column]))
}

/** As the row is now: somebody may have changed it since it was read. */
async function eraseRow(
  tx: Tx,
  { name, row, erasing }: { name: PersonalName; row: SomeRow; erasing: Erasing },
): Promise<void> {
  const table = tableOf(name)
  const isThis = isRow(table.key, row)
  if (table.erased === 'deleted') {
    await sql`delete from ${sql.table(name)} where ${isThis}`.execute(tx)
    return
  }
  const { rows } = await sql<SomeRow>`select * from ${sql.table(name)} where ${isThis}`.execute(tx)
  const [now] = rows
  const change = Object.entries(now ? changeOf(table, now, erasing) : {})
  if (change.length === 0) return
  const set = sql.join(change.map(([column, value]) => sql`${sql.ref(column)} = ${value}`))
  await sql`update ${sql.table(name)} set ${set} where ${isThis}`.execute(tx)
}

/**
 * Brings what SQLite holds beside its file into that and cuts it off, as far as no reader needs it at that moment. In the
 * file itself rows are overwritten where they stood (sqlite.thread.ts). PostgreSQL does both in its own time: VACUUM, recycled WAL.
 */
export async function cutLog({ db }: Pick<Records, 'db'>): Promise<void> {
  if (isPostgres(db)) return
  // It waits for no reader: an alarm would wait with it.
  await db.connection().execute(async one => {
    await sql`pragma busy_timeout = 0`.execute(one)
    await sql`pragma wal_checkpoint(truncate)`.execute(one)
    await sql`pragma busy_timeout = 5000`.execute(one)
  })
}

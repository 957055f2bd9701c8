// A database that does not take certain rows, on either engine: what a fault that nobody has thought of looks like.

import { sql } from 'kysely'
import type { Db } from '../../records/db.ts'
import { isPostgres } from '../../records/engine.ts'

const CHECK_VIOLATION = '23514'
/** No fault of a row. */
export const DISK_FULL = '53100'

/**
 * Refuses new rows of `table` of which `when` is true (SQL, such as `new.id = 'x'`); returns the way to stop. On
 * PostgreSQL it does so with `sqlstate`.
 */
export async function refuse(
  db: Db,
  {
    table,
    when = 'true',
    why,
    sqlstate = CHECK_VIOLATION,
  }: { table: 'timeline' | 'incidents' | 'residents'; when?: string; why: string; sqlstate?: string },
): Promise<() => Promise<void>> {
  const run = (text: string) => sql.raw(text).execute(db)
  if (!isPostgres(db)) {
    await run(
      `create trigger refuse before insert on ${table} when ${when} begin select raise(abort, '${why}'); end`,
    )
    return async () => void (await run('drop trigger refuse'))
  }
  await run(`create function refuse() returns trigger language plpgsql as $$
    begin raise exception '${why}' using errcode = '${sqlstate}'; end $$`)
  await run(
    `create trigger refuse before insert on ${table} for each row when (${when}) execute function refuse()`,
  )
  return async () => void (await run(`drop trigger refuse on ${table}`))
}

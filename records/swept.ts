// When the hub last looked after leases and steps, whichever of its processes it was: kept in the database and by
// its clock, because a process that was paused or has just started knows only of itself.

import { sql } from 'kysely'
import type { Records } from './db.ts'

const KEY = 'sweptAt'

/** Milliseconds since the last sweep of any process; null when there was none, negative when the clock was set back. */
export async function sinceSwept({ feed, now }: Pick<Records, 'feed' | 'now'>): Promise<number | null> {
  const row = await feed
    .selectFrom('meta')
    .select(['value', now().as('now')])
    .where('key', '=', KEY)
    .executeTakeFirst()
  return row ? Number(row.now) - Number(row.value) : null
}

/** Notes that the hub has swept now. */
export async function noteSwept({ db, now }: Pick<Records, 'db' | 'now'>): Promise<void> {
  const value = sql<string>`cast(${now()} as text)`
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

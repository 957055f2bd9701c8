// Leases on incidents: for how long an owner is believed to be there, by the database's clock.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Records, writeDesk } from './db.ts'

/**
 * SQL condition on `incidents`: its owner's account sees it. Whoever cannot see an alarm cannot work on it, so
 * being there does not keep it theirs.
 */
export const ownerSees = (): RawBuilder<SqlBool> => sql<SqlBool>`exists (
  select 1 from users
    inner join areas as own on own.id = users.area_id
    inner join areas as its on its.id = incidents.area_id
  where users.id = incidents.owner_id and substr(its.path, 1, length(own.path)) = own.path)`

/** Lets leases that are held end `byMs` from now: those of these owners, or every one. */
export async function extendLeases(
  { db, now }: Pick<Records, 'db' | 'now'>,
  { owners, byMs }: { owners: readonly string[] | 'all'; byMs: number },
): Promise<void> {
  if (owners.length === 0) return
  await writeDesk({ db }, async tx => {
    const update = tx
      .updateTable('incidents')
      .set({ leaseUntil: sql<number>`${now()} + ${byMs}` })
      .where('leaseUntil', 'is not', null)
    if (owners === 'all') await update.execute()
    else await update.where('ownerId', 'in', owners).where(ownerSees()).execute()
  })
}

/** Ends leases no later than `byMs` from now: longer ones are of a clock that was ahead. */
export async function capLeases(
  { db, read, now }: Pick<Records, 'db' | 'read' | 'now'>,
  byMs: number,
): Promise<void> {
  const furthest = sql<number>`${now()} + ${byMs}`
  const longer = read.selectFrom('incidents').select('id').where('leaseUntil', '>', furthest)
  // Almost always there are none: find that out without keeping a writer busy.
  if (!(await longer.executeTakeFirst())) return
  await writeDesk({ db }, tx =>
    tx.updateTable('incidents').set({ leaseUntil: furthest }).where('leaseUntil', '>', furthest).execute(),
  )
}

/** True when the lease of any incident ends later than `aheadMs` from now: it was renewed a short time ago. */
export async function holdsLease(
  { feed, now }: Pick<Records, 'feed' | 'now'>,
  aheadMs: number,
): Promise<boolean> {
  const row = await feed
    .selectFrom('incidents')
    .select('id')
    .where('leaseUntil', '>', sql<number>`${now()} + ${aheadMs}`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

// What the archive had to give up: stretches of time of which charts have not all, or nothing.

import type { Db } from './db.ts'
import type { Row } from './schema.ts'

export type HoleRow = Row<'historyHoles'>

/** Notes a hole; one that is known has grown. */
export async function noteHole(db: Db, hole: HoleRow): Promise<void> {
  const { id: _, ...grown } = hole
  await db
    .insertInto('historyHoles')
    .values(hole)
    .onConflict(conflict => conflict.column('id').doUpdateSet(grown))
    .execute()
}

/** Holes of these partitions of which something was received in the span, oldest first. */
export async function holesOf(
  db: Db,
  { partitions, from, to }: { partitions: readonly number[]; from: number; to: number },
): Promise<HoleRow[]> {
  if (partitions.length === 0) return []
  return await db
    .selectFrom('historyHoles')
    .selectAll()
    .where('partition', 'in', partitions)
    .where('toAt', '>=', from)
    .where('fromAt', '<', to)
    .orderBy('fromAt')
    .orderBy('id')
    .execute()
}

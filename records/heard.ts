// Since when a device has been there: one that lies in its box yet is neither online nor silent.

import type { Records } from './db.ts'

/** Notes that these devices are there; of those that were there before nothing changes, and nothing is written. */
export async function noteHeard(
  { db, read }: Pick<Records, 'db' | 'read'>,
  { deviceIds, at }: { deviceIds: readonly string[]; at: number },
): Promise<void> {
  if (deviceIds.length === 0) return
  const unheard = await read
    .selectFrom('devices')
    .select('id')
    .where('id', 'in', deviceIds)
    .where('heardAt', 'is', null)
    .orderBy('id')
    .execute()
  if (unheard.length === 0) return
  await db
    .updateTable('devices')
    .set({ heardAt: at })
    .where(
      'id',
      'in',
      unheard.map(({ id }) => id),
    )
    .where('heardAt', 'is', null)
    .execute()
}

// An elder by name, and something that they wear: for what a person says of them, not a device.

import type { Db } from './db.ts'

export const residentById = (
  db: Db,
  id: string,
): Promise<{ id: string; name: string; areaId: string } | undefined> =>
  db
    .selectFrom('residents')
    .select(['id', 'name', 'areaId'])
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()

/** The device that they have worn the longest; undefined when they wear none. */
export async function longestWornBy(db: Db, residentId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('assignments')
    .select('deviceId')
    .where('residentId', '=', residentId)
    .where('toAt', 'is', null)
    .orderBy('fromAt')
    .orderBy('deviceId')
    .executeTakeFirst()
  return row?.deviceId
}

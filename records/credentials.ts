// What the broker needs to know of devices: the hash of each secret, and whether it still counts.

import type { Db } from './db.ts'

/** `secretHash` is the SHA-256 of the secret in hex. */
export type Credential = { deviceId: string; secretHash: string }

/** Credentials of devices in use, by device id, those after `after`, at most `limit`. */
export function listCredentials(
  db: Db,
  { after, limit }: { after: string; limit: number },
): Promise<Credential[]> {
  return db
    .selectFrom('devices')
    .select(['id as deviceId', 'secretHash'])
    .where('archivedAt', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Credentials of these devices; one that is missing from the answer is archived or does not exist. */
export async function findCredentials(db: Db, deviceIds: readonly string[]): Promise<Credential[]> {
  if (deviceIds.length === 0) return []
  return db
    .selectFrom('devices')
    .select(['id as deviceId', 'secretHash'])
    .where('archivedAt', 'is', null)
    .where('id', 'in', deviceIds)
    .execute()
}

/** The database's name, for whoever holds a copy: one of another database is worth nothing. */
export async function storedEpoch(db: Db): Promise<string> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirstOrThrow()
  return row.value
}

// Who may be told by their browsers: accounts with a subscription.

import { sql } from 'kysely'
import type { Role } from '../model/user.ts'
import type { Db } from './db.ts'

/** An account and a channel by which it is pushed to. */
export type Pushed = { userId: string; name: string; channelId: string }

/** Live accounts of these roles whose areas hold `areaId`, by channel; at most `limit`. */
export function pushedStaff(
  db: Db,
  { areaId, roles, limit }: { areaId: string; roles: readonly Role[]; limit: number },
): Promise<Pushed[]> {
  return db
    .selectFrom('users')
    .innerJoin('areas as its', 'its.id', 'users.areaId')
    .innerJoin('areas as asked', join => join.on('asked.id', '=', areaId))
    .innerJoin('pushSubscriptions', 'pushSubscriptions.userId', 'users.id')
    .select(['users.id as userId', 'users.name as name', 'pushSubscriptions.channelId as channelId'])
    .distinct()
    .where('users.archivedAt', 'is', null)
    .where('users.role', 'in', roles)
    .where(
      sql<boolean>`substr(${sql.ref('asked.path')}, 1, length(${sql.ref('its.path')})) = ${sql.ref('its.path')}`,
    )
    .orderBy('users.id')
    .orderBy('pushSubscriptions.channelId')
    .limit(limit)
    .execute()
}

/** The channels by which each of these accounts is pushed to. */
export async function pushedAccounts(db: Db, userIds: readonly string[]): Promise<Map<string, string[]>> {
  if (userIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('pushSubscriptions')
    .innerJoin('users', 'users.id', 'pushSubscriptions.userId')
    .select(['pushSubscriptions.userId', 'pushSubscriptions.channelId'])
    .distinct()
    .where('pushSubscriptions.userId', 'in', userIds)
    .where('users.archivedAt', 'is', null)
    .execute()
  const found = new Map<string, string[]>()
  for (const { userId, channelId } of rows) found.set(userId, [...(found.get(userId) ?? []), channelId])
  return found
}

// Browsers that are told by web push. One that is gone is removed: push services shut out who keeps calling it.
// A browser has one subscription, which is bound to one key; all channels that push have the same (channels.ts), so a
// family whose elders live under several channels is told by each of them.

import { createHash } from 'node:crypto'
import type { Db } from './db.ts'
import { storedFacts } from './stored.ts'

export type PushSubscription = { channelId: string; userId: string; subscription: string }

/** An account has at most so many browsers; the oldest is given up for a new one. */
export const SUBSCRIPTIONS_MAX = 10

/** A browser has one subscription: one that comes again is its present user's. `subscription` is JSON. */
export async function keepSubscription(
  db: Db,
  { channelId, userId, subscription, at }: PushSubscription & { at: number },
): Promise<void> {
  const row = { channelId, userId, subscriptionJson: subscription, createdAt: at }
  await db
    .insertInto('pushSubscriptions')
    .values({ id: idOf(subscription), ...row })
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute()
  const surplus = await db
    .selectFrom('pushSubscriptions')
    .select('id')
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .offset(SUBSCRIPTIONS_MAX)
    .limit(SUBSCRIPTIONS_MAX)
    .execute()
  if (surplus.length === 0) return
  const ids = surplus.map(({ id }) => id)
  await db.deleteFrom('pushSubscriptions').where('id', 'in', ids).execute()
}

/** The subscriptions of an account, the newest first, as a message's `to` takes them; those that a channel has the key of. */
export async function subscriptionsOf(
  db: Db,
  { userId, channelId }: { userId: string; channelId?: string | undefined },
): Promise<{ channelId: string; subscription: string }[]> {
  let query = db
    .selectFrom('pushSubscriptions')
    .select(['channelId', 'subscriptionJson as subscription'])
    .where('userId', '=', userId)
  if (channelId !== undefined)
    query = query.where('channelId', 'in', sameKey(await pushGroups(db), channelId))
  return query.orderBy('createdAt', 'desc').orderBy('id').execute()
}

/** Channels that push, each with all that have its key and so reach the same browsers; those that are enabled come first. */
export async function pushGroups(db: Db): Promise<Map<string, PushChannel[]>> {
  const rows = await db
    .selectFrom('channels')
    .select(['id', 'enabled', 'configJson'])
    .where('kind', '=', 'web_push')
    .where('archivedAt', 'is', null)
    .orderBy('enabled', 'desc')
    .orderBy('id')
    .execute()
  const keyOf = ({ configJson }: (typeof rows)[number]) => storedFacts(configJson).publicKey
  const keyed = Map.groupBy(rows, keyOf)
  return new Map(rows.map(row => [row.id, (keyed.get(keyOf(row)) ?? []).map(toPushChannel)]))
}

export type PushChannel = { id: string; isEnabled: boolean }

const toPushChannel = ({ id, enabled }: { id: string; enabled: number }): PushChannel => ({
  id,
  isEnabled: Number(enabled) === 1,
})

/** All that have the key of `channelId`; it alone where there are none. */
export const sameKey = (groups: ReadonlyMap<string, readonly PushChannel[]>, channelId: string): string[] =>
  groups.get(channelId)?.map(({ id }) => id) ?? [channelId]

/** Another channel with the same key takes over what a channel that goes has; without one it is forgotten. */
export async function leaveSubscriptions(db: Db, { channelId }: { channelId: string }): Promise<void> {
  const [heir] = sameKey(await pushGroups(db), channelId).filter(id => id !== channelId)
  if (heir === undefined)
    await db.deleteFrom('pushSubscriptions').where('channelId', '=', channelId).execute()
  else
    await db
      .updateTable('pushSubscriptions')
      .set({ channelId: heir })
      .where('channelId', '=', channelId)
      .execute()
}

/** Forgets a subscription, of one account or of any. */
export async function forgetSubscription(
  db: Db,
  { subscription, userId }: { subscription: string; userId?: string | undefined },
): Promise<void> {
  let query = db.deleteFrom('pushSubscriptions').where('id', '=', idOf(subscription))
  if (userId !== undefined) query = query.where('userId', '=', userId)
  await query.execute()
}

/** A browser is its endpoint, whatever its keys are today. */
function idOf(subscription: string): string {
  const { endpoint } = JSON.parse(subscription) as { endpoint: string }
  return createHash('sha256').update(endpoint).digest('hex')
}

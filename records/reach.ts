// Who may be told by their browsers: accounts with a subscription. And what is told of an elder, without the rest of
// their file: a message must not depend on what stands in there.

import { sql } from 'kysely'
import { type Resident, USUAL_CARE } from '../model/resident.ts'
import { timeZoneSchema } from '../model/schedule.ts'
import type { Role } from '../model/user.ts'
import type { Db } from './db.ts'
import { pushGroups, sameKey } from './push-subscriptions.ts'
import { readSlices } from './slices.ts'

export type PersonTold = Pick<Resident, 'name' | 'gender' | 'address' | 'timeZone'>

/** Also of an elder who is archived: an alarm may be older. */
export async function personTold(db: Db, residentId: string): Promise<PersonTold | undefined> {
  const person = await db
    .selectFrom('residents')
    .select(['name', 'gender', 'address', 'timeZone'])
    .where('id', '=', residentId)
    .executeTakeFirst()
  return person && { ...person, timeZone: knownZone(person.timeZone) }
}

/** By whose clocks their contacts are called. */
export async function timeZonesOf(db: Db, residentIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await readSlices(residentIds, slice =>
    db.selectFrom('residents').select(['id', 'timeZone']).where('id', 'in', slice).execute(),
  )
  return new Map(rows.map(({ id, timeZone }) => [id, knownZone(timeZone)]))
}

/** A time zone that this machine does not know is the usual one. */
const knownZone = (timeZone: string): string => timeZoneSchema.safeParse(timeZone).data ?? USUAL_CARE.timeZone

/** An account and a channel by which it is pushed to. */
export type Pushed = { userId: string; name: string; channelId: string }

/**
 * Every live account of these roles whose areas hold `areaId`: once for all channels that reach the same browsers, by the one
 * that a browser came by, or by another one while that is not enabled.
 */
export async function pushedStaff(
  db: Db,
  { areaId, roles }: { areaId: string; roles: readonly Role[] },
): Promise<Pushed[]> {
  const rows = await db
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
    .execute()
  if (rows.length === 0) return []
  const groups = await pushGroups(db)
  const once = new Map<string, Pushed>()
  for (const row of rows) {
    const enabled = (groups.get(row.channelId) ?? []).filter(({ isEnabled }) => isEnabled)
    const by = enabled.find(({ id }) => id === row.channelId) ?? enabled[0]
    if (!by) continue
    const place = `${enabled[0]?.id} ${row.userId}`
    if (!once.has(place)) once.set(place, { ...row, channelId: by.id })
  }
  return [...once.values()]
}

/** The channels by which each account of these elders' contacts can be pushed to: all that have the key of a browser of it. */
export async function pushedContacts(db: Db, residentIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await readSlices(residentIds, slice =>
    db
      .selectFrom('contacts')
      .innerJoin('pushSubscriptions', 'pushSubscriptions.userId', 'contacts.userId')
      .innerJoin('users', 'users.id', 'contacts.userId')
      .select(['pushSubscriptions.userId', 'pushSubscriptions.channelId'])
      .distinct()
      .where('contacts.residentId', 'in', slice)
      .where('contacts.archivedAt', 'is', null)
      .where('users.archivedAt', 'is', null)
      .execute(),
  )
  if (rows.length === 0) return new Map()
  const groups = await pushGroups(db)
  const found = new Map<string, string[]>()
  for (const { userId, channelId } of rows)
    found.set(userId, [...(found.get(userId) ?? []), ...sameKey(groups, channelId)])
  return found
}

// Accounts of the desk. The records keep the hash of a password and never see the password.

import { sql } from 'kysely'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import type { User } from '../model/user.ts'
import { columnWithoutCapitals, withoutCapitals } from './capitals.ts'
import type { Db, Records, Tx } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, given, notFound, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { inScope, requireArea, type Scope } from './scope.ts'
import { removeSecondFactor } from './second-factors.ts'
import { endSessionsOf } from './sessions.ts'

export type NewUser = Omit<User, 'id' | 'archivedAt'> & { id?: string | undefined; passwordHash: string }
/** The user name stays: it is how people know an account. */
export type UserChange = Change<Pick<User, 'name' | 'role' | 'areaId'> & { passwordHash: string }>
export type UserFilter = { scope: Scope; role?: User['role'] | undefined; archived?: boolean | undefined }

/** Accounts of the scope, by user name. */
export async function listUsers(
  db: Db,
  { scope, role, archived = false, cursor, limit }: UserFilter & PageRequest,
): Promise<Page<User>> {
  const pages = pagesOf({ name: 'users', order: ['username'], filter: { role, archived } })
  let query = db
    .selectFrom('users')
    .selectAll()
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .where(inScope(scope, 'areaId'))
    .where(pages.after(cursor))
  if (role !== undefined) query = query.where('role', '=', role)
  const rows = await query
    .orderBy('username')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.username], toItem: toUser })
}

/** An account of the scope, archived or not. */
export async function getUser(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<User | undefined> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .where(inScope(scope, 'areaId'))
    .executeTakeFirst()
  return row && toUser(row)
}

/** The live account of a user name, however it is capitalised, with its password hash, for signing in. */
export async function findLogin(
  db: Db,
  { username }: { username: string },
): Promise<{ user: User; passwordHash: string } | undefined> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where(isNamed(username))
    .where('archivedAt', 'is', null)
    .orderBy(e => e('username', '=', username), 'desc') // of two from before they were refused, the exact one
    .executeTakeFirst()
  return row && { user: toUser(row), passwordHash: row.passwordHash }
}

/** @throws HubError CONFLICT when the user name or id is taken, BAD_REQUEST without such an area. */
export function createUser(
  records: Records,
  { scope, user, at }: { scope: Scope; user: NewUser; at: number },
) {
  return writeRegistry(records, async (tx, changed): Promise<User> => {
    await requireArea(tx, { scope, areaId: user.areaId })
    const { username } = user
    if (await isTaken(tx, username)) throw new HubError('CONFLICT', `the user name ${username} is taken`)
    const row: Row<'users'> = { ...user, id: user.id ?? newId('user'), createdAt: at, archivedAt: null }
    await tx.insertInto('users').values(row).execute()
    changed('user', row.id)
    return toUser(row)
  })
}

/** True when an account has this user name, archived or not. Capitals make no other name: people do not say them. */
export async function isTaken(db: Db, username: string): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').where(isNamed(username)).executeTakeFirst()
  return row !== undefined
}

const isNamed = (username: string) =>
  sql<boolean>`${columnWithoutCapitals('username')} = ${withoutCapitals(username)}`

/** Changes an account; a new password or role ends its sessions. @throws HubError NOT_FOUND, BAD_REQUEST. */
export function updateUser(
  records: Records,
  { scope, id, change }: { scope: Scope; id: string; change: UserChange },
) {
  return writeRegistry(records, async (tx, changed): Promise<User> => {
    const user = await getUser(tx, { scope, id })
    if (!user || user.archivedAt !== null) throw notFound('user', id)
    const { passwordHash, ...fields } = change
    const next = { ...user, ...given(fields) }
    if (next.areaId !== user.areaId) await requireArea(tx, { scope, areaId: next.areaId })
    const { name, role, areaId } = next
    await tx
      .updateTable('users')
      .set({ name, role, areaId, ...given({ passwordHash }) })
      .where('id', '=', id)
      .execute()
    if (passwordHash !== undefined || role !== user.role) await endSessionsOf(tx, { userId: id })
    changed('user', id)
    return next
  })
}

/** A new password of one's own. The caller ends the sessions that it has to. */
export async function setPassword(
  tx: Tx,
  { userId, passwordHash }: { userId: string; passwordHash: string },
): Promise<void> {
  await tx.updateTable('users').set({ passwordHash }).where('id', '=', userId).execute()
}

/** Archives an account and ends its sessions. @throws HubError NOT_FOUND. */
export function archiveUser(records: Records, { scope, id, at }: { scope: Scope; id: string; at: number }) {
  return writeRegistry(records, async (tx, changed): Promise<void> => {
    const user = await getUser(tx, { scope, id })
    if (!user || user.archivedAt !== null) throw notFound('user', id)
    await endSessionsOf(tx, { userId: id })
    await removeSecondFactor(tx, id)
    await tx.updateTable('users').set({ archivedAt: at }).where('id', '=', id).execute()
    changed('user', id)
  })
}

export const toUser = ({ id, username, name, role, areaId, archivedAt }: Row<'users'>): User => ({
  id,
  username,
  name,
  role,
  areaId,
  archivedAt: archivedAt === null ? null : Number(archivedAt),
})

// Who is signed in. A session is found by the SHA-256 of its token; the token itself is never stored. What
// an account may see is read anew with every use, so a changed role or area holds at once.

import { createHash } from 'node:crypto'
import type { User } from '../model/user.ts'
import type { Db } from './db.ts'
import type { Scope } from './scope.ts'

/** A session that is not used for this long ends. */
export const SESSION_MS = 12 * 3_600_000
/** Use is written down at most this often: a write for every request would serve nobody. */
const NOTED_EVERY_MS = 10 * 60_000

export type Session = { tokenHash: string; user: User; scope: Scope; expiresAt: number }

/** SHA-256 of a session's token in hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Signs an account in under `token`; sessions that have ended are swept out. */
export async function startSession(
  db: Db,
  { token, userId, at }: { token: string; userId: string; at: number },
): Promise<void> {
  await db.deleteFrom('sessions').where('expiresAt', '<=', at).execute()
  await db
    .insertInto('sessions')
    .values({ tokenHash: hashToken(token), userId, createdAt: at, expiresAt: at + SESSION_MS })
    .execute()
}

/** The sessions among `tokenHashes` that hold at `at`. */
export async function findSessions(
  db: Db,
  { tokenHashes, at }: { tokenHashes: readonly string[]; at: number },
): Promise<Session[]> {
  if (tokenHashes.length === 0) return []
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .innerJoin('areas', 'areas.id', 'users.areaId')
    .select(['sessions.tokenHash', 'sessions.expiresAt', 'areas.path'])
    .select(['users.id', 'users.username', 'users.name', 'users.role', 'users.areaId'])
    .where('sessions.tokenHash', 'in', tokenHashes)
    .where('sessions.expiresAt', '>', at)
    .where('users.archivedAt', 'is', null)
    .execute()
  return rows.map(({ tokenHash, expiresAt, path, ...user }) => ({
    tokenHash,
    user: { ...user, archivedAt: null },
    scope: { path },
    expiresAt: Number(expiresAt),
  }))
}

/** True when using the session at `at` is worth writing down. */
export const isWorthNoting = ({ expiresAt }: Session, at: number): boolean =>
  at + SESSION_MS - expiresAt >= NOTED_EVERY_MS

/** Lets sessions run on from `at`. */
export async function extendSessions(
  db: Db,
  { tokenHashes, at }: { tokenHashes: readonly string[]; at: number },
): Promise<void> {
  if (tokenHashes.length === 0) return
  await db
    .updateTable('sessions')
    .set({ expiresAt: at + SESSION_MS })
    .where('tokenHash', 'in', tokenHashes)
    .where('expiresAt', '<', at + SESSION_MS)
    .execute()
}

/** Signs out. */
export async function endSession(db: Db, { tokenHash }: { tokenHash: string }): Promise<void> {
  await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute()
}

/** Signs an account out everywhere. */
export async function endSessionsOf(db: Db, { userId }: { userId: string }): Promise<void> {
  await db.deleteFrom('sessions').where('userId', '=', userId).execute()
}

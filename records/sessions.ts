// Who is signed in. A session is found by the SHA-256 of its token; the token itself is never stored. What
// an account may see is read anew with every use, so a changed role or area holds at once.

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Role, SessionInfo, User } from '../model/user.ts'
import type { Db } from './db.ts'
import type { Scope } from './scope.ts'

const DAY_MS = 24 * 3_600_000
/** A session that is not used for this long ends. */
export const SESSION_MS = 12 * 3_600_000
/** However much it is used, it ends this long after the sign-in. */
export const SESSION_AGE_MS = 7 * DAY_MS
/** A family looks when something has happened: nobody finds a password then, at night and on a telephone. */
export const FAMILY_SESSION_MS = 30 * DAY_MS
export const FAMILY_SESSION_AGE_MS = 180 * DAY_MS

/** How long sessions of a role last: unused, and at all. */
export const lastingOf = (role: Role | undefined): { idleMs: number; ageMs: number } =>
  role === 'family'
    ? { idleMs: FAMILY_SESSION_MS, ageMs: FAMILY_SESSION_AGE_MS }
    : { idleMs: SESSION_MS, ageMs: SESSION_AGE_MS }
/** Use is written down at most this often: a write for every request would serve nobody. */
const NOTED_EVERY_MS = 10 * 60_000
/** People see sessions by this much of the hash: nobody finds the token behind it. */
const ID_LENGTH = 32

export type Session = {
  tokenHash: string
  user: User
  scope: Scope
  /** Ends then, if it is not used until then. */
  expiresAt: number
  /** Ends then, used or not. */
  endsAt: number
  /** The account has a confirmed second factor. */
  hasSecondFactor: boolean
}

/** SHA-256 of a session's token in hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Signs an account in under `token`; sessions that have ended are swept out. */
export async function startSession(
  db: Db,
  { token, userId, at }: { token: string; userId: string; at: number },
): Promise<void> {
  await db.deleteFrom('sessions').where('expiresAt', '<=', at).execute()
  const user = await db.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst()
  const expiresAt = at + lastingOf(user?.role).idleMs
  await db
    .insertInto('sessions')
    .values({ tokenHash: hashToken(token), userId, createdAt: at, expiresAt })
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
    .leftJoin('secondFactors', 'secondFactors.userId', 'users.id')
    .select(['sessions.tokenHash', 'sessions.expiresAt', 'sessions.createdAt', 'areas.path'])
    .select('secondFactors.confirmedAt')
    .select(['users.id', 'users.username', 'users.name', 'users.role', 'users.areaId'])
    .where('sessions.tokenHash', 'in', tokenHashes)
    .where('sessions.expiresAt', '>', at)
    .where(isYoung(at))
    .where('users.archivedAt', 'is', null)
    .execute()
  return rows.map(({ tokenHash, expiresAt, createdAt, confirmedAt, path, ...user }) => ({
    tokenHash,
    user: { ...user, archivedAt: null },
    scope: { path },
    expiresAt: Number(expiresAt),
    endsAt: Number(createdAt) + lastingOf(user.role).ageMs,
    hasSecondFactor: confirmedAt !== null,
  }))
}

/** SQL condition on `sessions` and `users`: it has not lasted as long as it may. */
const isYoung = (at: number) =>
  sql<boolean>`${sql.ref('sessions.createdAt')} > ${byRole(at - FAMILY_SESSION_AGE_MS, at - SESSION_AGE_MS)}`

/** One number for families, another for everybody else. */
const byRole = (family: number, others: number) =>
  sql<number>`case when ${sql.ref('users.role')} = 'family'
    then cast(${family} as bigint) else cast(${others} as bigint) end`

/** True when using the session at `at` is worth writing down. */
export const isWorthNoting = ({ expiresAt, endsAt, user }: Session, at: number): boolean =>
  expiresAt < endsAt && at + lastingOf(user.role).idleMs - expiresAt >= NOTED_EVERY_MS

/** Lets sessions run on from `at`, each to the end of its days at most. */
export async function extendSessions(
  db: Db,
  { tokenHashes, at }: { tokenHashes: readonly string[]; at: number },
): Promise<void> {
  if (tokenHashes.length === 0) return
  const ofOwner = (family: number, others: number) =>
    sql<number>`(select ${byRole(family, others)} from users where users.id = ${sql.ref('sessions.userId')})`
  const end = sql<number>`${sql.ref('createdAt')} + ${ofOwner(FAMILY_SESSION_AGE_MS, SESSION_AGE_MS)}`
  const idle = ofOwner(at + FAMILY_SESSION_MS, at + SESSION_MS)
  await db
    .updateTable('sessions')
    .set({ expiresAt: sql<number>`case when ${end} < ${idle} then ${end} else ${idle} end` })
    .where('tokenHash', 'in', tokenHashes)
    .where('expiresAt', '<', idle)
    .execute()
}

/** The sessions of an account that hold at `at`, the newest first. `current` is the one that asks. */
export async function listSessions(
  db: Db,
  { userId, at, current }: { userId: string; at: number; current?: string },
): Promise<SessionInfo[]> {
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .select(['tokenHash', 'sessions.createdAt', 'expiresAt'])
    .where('userId', '=', userId)
    .where('expiresAt', '>', at)
    .where(isYoung(at))
    .orderBy('sessions.createdAt', 'desc')
    .orderBy('tokenHash')
    .execute()
  return rows.map(({ tokenHash, createdAt, expiresAt }) => ({
    id: sessionId(tokenHash),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
    isCurrent: tokenHash === current,
  }))
}

export const sessionId = (tokenHash: string): string => tokenHash.slice(0, ID_LENGTH)

/** Signs out. */
export async function endSession(db: Db, { tokenHash }: { tokenHash: string }): Promise<void> {
  await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute()
}

/** Ends one session of an account, by the id that people see. False when there is none. */
export async function endSessionById(
  db: Db,
  { userId, id }: { userId: string; id: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('userId', '=', userId)
    .where(sql<boolean>`substr(${sql.ref('tokenHash')}, 1, ${ID_LENGTH}) = ${id}`)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Signs an account out everywhere, but for the session `except`. */
export async function endSessionsOf(
  db: Db,
  { userId, except }: { userId: string; except?: string },
): Promise<void> {
  let query = db.deleteFrom('sessions').where('userId', '=', userId)
  if (except !== undefined) query = query.where('tokenHash', '<>', except)
  await query.execute()
}

// Who of the desk is there. A live connection keeps somebody there; without one they are away after the time of a lease.

import { sql } from 'kysely'
import { type Presence, type PresenceStatus, presenceStateOf } from '../model/presence.ts'
import type { Role } from '../model/user.ts'
import type { Db, Records } from './db.ts'
import { inScope, type Scope } from './scope.ts'

/** The roles that sit at the desk. */
const DESK_ROLES = ['operator', 'supervisor', 'admin'] as const satisfies readonly Role[]

/** These people have a live connection: they are there for `byMs` from now. */
export async function keepPresent(
  { db, now }: Pick<Records, 'db' | 'now'>,
  { userIds, byMs, at }: { userIds: readonly string[]; byMs: number; at: number },
): Promise<void> {
  if (userIds.length === 0) return
  const liveUntil = sql<number>`${now()} + ${byMs}`
  const fresh = { status: 'ready', reason: null, since: at, liveUntil } as const
  await db
    .insertInto('presence')
    .values([...userIds].sort().map(userId => ({ userId, ...fresh })))
    .onConflict(conflict =>
      conflict.column('userId').doUpdateSet(e => ({ liveUntil: e.ref('excluded.liveUntil') })),
    )
    .execute()
}

/** What somebody says of themselves. It makes nobody live. */
export async function sayPresence(
  { db, now }: Pick<Records, 'db' | 'now'>,
  {
    userId,
    status,
    reason,
    at,
  }: { userId: string; status: PresenceStatus; reason: string | null; at: number },
): Promise<void> {
  await db
    .insertInto('presence')
    .values({ userId, status, reason, since: at, liveUntil: now() })
    .onConflict(conflict => conflict.column('userId').doUpdateSet({ status, reason, since: at }))
    .execute()
}

/** `areaPath` says who may see it. */
export type PresenceRow = { presence: Presence; areaPath: string }

/** The people of the desk whose accounts lie in the scope, by name; or one of them. */
export async function listPresence(
  { now }: Pick<Records, 'now'>,
  db: Db,
  { scope, userId }: { scope: Scope; userId?: string },
): Promise<PresenceRow[]> {
  let query = db
    .selectFrom('users')
    .innerJoin('areas', 'areas.id', 'users.areaId')
    .leftJoin('presence', 'presence.userId', 'users.id')
    .select(['users.id', 'users.name', 'users.role', 'areas.path'])
    .select(['presence.status', 'presence.reason', 'presence.since', 'presence.liveUntil'])
    .select(sql<number>`case when ${sql.ref('presence.liveUntil')} > ${now()} then 1 else 0 end`.as('isLive'))
    .select(e =>
      e
        .selectFrom('incidents')
        .select(i => i.fn.countAll<number>().as('alarms'))
        .whereRef('incidents.ownerId', '=', 'users.id')
        .where('incidents.leaseUntil', 'is not', null) // open ones alone have a lease
        .as('alarms'),
    )
    .where('users.archivedAt', 'is', null)
    .where('users.role', 'in', DESK_ROLES)
    .where(inScope(scope, 'users.areaId'))
  if (userId !== undefined) query = query.where('users.id', '=', userId)
  const rows = await query.orderBy('users.name').orderBy('users.id').execute()
  return rows.map(row => ({ presence: toPresence(row), areaPath: row.path }))
}

function toPresence(row: {
  id: string
  name: string
  role: string
  status: PresenceStatus | null
  reason: string | null
  since: number | null
  liveUntil: number | null
  isLive: number
  alarms: number | null
}): Presence {
  const alarms = Number(row.alarms ?? 0)
  const state = presenceStateOf({ isLive: Number(row.isLive) === 1, status: row.status ?? 'ready', alarms })
  const since = state === 'pause' ? row.since : state === 'away' ? row.liveUntil : null
  const user = { id: row.id, name: row.name, role: row.role }
  return { user, state, reason: state === 'pause' ? row.reason : null, since, alarms }
}

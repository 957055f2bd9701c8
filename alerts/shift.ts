// Between shifts: whoever leaves writes down what is open, and whoever comes takes it all at once. Until then it stays
// the leaver's, or, when their screen is gone, nobody's and at the top of the queue. No alarm is lost in between.

import { type RawBuilder, sql } from 'kysely'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import type { Shift } from '../model/shift.ts'
import type { Clock } from '../model/time.ts'
import { changeIncident, type Incident, incidentInScope } from '../records/casework.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { inScope, type Scope } from '../records/scope.ts'
import { acceptShift, addShift, getShift, ownedBy, type StoredShift, storedShift } from '../records/shifts.ts'
import { own } from './effect.ts'
import { isAnswered } from './escalate.ts'
import { LEASE_MS } from './lease.ts'
import { type Actor, transition } from './lifecycle.ts'
import { beginProcedure } from './procedure.ts'

type Deps = { records: Records; clock: Clock }
type Who = { by: Actor & { areaId: string }; scope: Scope }

export type HandOver = Who & { toUserId?: string | undefined; text: string }

export type ShiftDone =
  | { ok: true; shift: Shift }
  | { ok: false; code: 'NOT_FOUND' | 'BAD_REQUEST' | 'CONFLICT'; detail: string }

/** Writes down what is open. Nothing changes hands yet; an older note of the same person that waits is replaced. */
export async function handOverShift(
  { records, clock }: Deps,
  { by, scope, toUserId, text }: HandOver,
): Promise<ShiftDone> {
  return writeDesk(records, async (tx): Promise<ShiftDone> => {
    if (
      toUserId !== undefined &&
      (toUserId === by.userId || !(await isOfDesk(tx, { userId: toUserId, scope })))
    ) {
      return {
        ok: false,
        code: 'BAD_REQUEST',
        detail: `there is nobody ${toUserId} at the desk to take over`,
      }
    }
    const shift: StoredShift = {
      id: newId('shift'),
      areaId: by.areaId,
      fromUserId: by.userId,
      toUserId: toUserId ?? null,
      text,
      incidentIds: await ownedBy(tx, by.userId),
      createdAt: clock.now(),
      acceptedAt: null,
      acceptedBy: null,
      replacedAt: null,
    }
    await addShift(tx, shift)
    return told(tx, { id: shift.id, scope, userId: by.userId })
  })
}

const DESK_ROLES = ['operator', 'supervisor', 'admin'] as const

/** Whoever is at a desk of these areas, or of those above them. */
async function isOfDesk(tx: Tx, { userId, scope }: { userId: string; scope: Scope }): Promise<boolean> {
  const areAbove = sql<boolean>`area_id in
    (select id from areas where substr(cast(${scope.path} as text), 1, length(path)) = path)`
  const user = await tx
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('role', 'in', DESK_ROLES)
    .where('archivedAt', 'is', null)
    .where(e => e.or([inScope(scope, 'areaId'), areAbove]))
    .executeTakeFirst()
  return user !== undefined
}

/**
 * Takes what a note lists: what its writer still owns, and what has become nobody's since. What somebody else has by
 * now stays theirs, and so does what is over.
 */
export async function takeShift({ records, clock }: Deps, { by, scope, id }: Who & { id: string }) {
  const leaseUntil = sql<number>`${records.now()} + ${LEASE_MS}`
  const done = await writeDesk(records, async (tx): Promise<ShiftDone> => {
    const reader = { id, scope, userId: by.userId }
    const shift = await storedShift(tx, reader)
    if (!shift) return { ok: false, code: 'NOT_FOUND', detail: `there is no hand-over ${id}` }
    const objection = objectionTo(shift, by)
    if (objection === 'theirs') return told(tx, reader)
    if (objection) return { ok: false, code: 'CONFLICT', detail: objection }
    const now = clock.now()
    const entries: NewEntry[] = []
    for (const incidentId of shift.incidentIds) {
      const incident = await incidentInScope(tx, { id: incidentId, scope })
      if (incident) entries.push(...(await takeOne(tx, { incident, shift, by, now, leaseUntil })))
    }
    await acceptShift(tx, { id, by: by.userId, at: now })
    await appendTimeline(tx, entries)
    return told(tx, reader)
  })
  if (done.ok) for (const topic of ['feed', 'presence'] as const) records.nudge.publish(topic)
  return done
}

/** `theirs`: they have accepted it before. */
function objectionTo({ acceptedBy, replacedAt, fromUserId, toUserId }: StoredShift, by: Actor) {
  if (acceptedBy === by.userId) return 'theirs'
  if (acceptedBy !== null) return 'somebody else has accepted this hand-over'
  if (replacedAt !== null) return 'a newer hand-over of the same person has replaced this one'
  if (fromUserId === by.userId) return 'a hand-over is for somebody else'
  const isMeant = toUserId === null || toUserId === by.userId || by.role !== 'operator'
  return isMeant ? null : 'this hand-over is meant for somebody else'
}

type Taking = {
  incident: Incident
  shift: StoredShift
  by: Actor
  now: number
  leaseUntil: RawBuilder<number>
}

async function takeOne(tx: Tx, { incident, shift, by, now, leaseUntil }: Taking): Promise<NewEntry[]> {
  const { ownerId, id: incidentId } = incident
  if (ownerId !== null && ownerId !== shift.fromUserId) return []
  const allowed = transition(incident, 'shift', by)
  if ('refused' in allowed) return []
  // A re-alert that the leaver had not answered goes on ringing, for whoever has it now.
  const isRinging = ownerId !== null && !isAnswered(incident)
  const detail = { from: shift.fromUserId, shiftId: shift.id, ...(isRinging && { isRinging }) }
  const { change } = own({ by: by.userId, incident, allowed, now, leaseUntil }, { kind: 'handed_on', detail })
  const { state } = allowed
  const changed = isRinging ? { state, ownerId: by.userId, leaseUntil } : change
  if (!(await changeIncident(tx, incident, changed)))
    throw new HubError('UNAVAILABLE', 'an alarm of this hand-over keeps changing, try again', { incidentId })
  await beginProcedure(tx, { incident, now })
  return [{ incidentId, kind: 'handed_on', at: now, by: by.userId, detail }]
}

async function told(tx: Tx, reader: { id: string; scope: Scope; userId: string }): Promise<ShiftDone> {
  const shift = await getShift(tx, reader)
  if (!shift) throw new HubError('INTERNAL', 'a hand-over that was just written is gone', { id: reader.id })
  return { ok: true, shift }
}

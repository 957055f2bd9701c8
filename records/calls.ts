// Telephone calls as the switch reported them, and who may see which: calls of an elder whoever looks after them, calls
// of nobody that is known all of the switch's desk.

import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import {
  type Call,
  type CallCandidate,
  type CallState,
  callDurationOf,
  callStateOf,
  type SeenCall,
} from '../model/call.ts'
import { maskNumber } from '../model/mask.ts'
import { type Incident, openIncidents } from './casework.ts'
import type { Db, Tx } from './db.ts'
import { HOLDERS_MAX, type Holder, holdersOf } from './numbers.ts'
import type { Row, Tables } from './schema.ts'
import { covers, type Scope, WHOLE_HUB } from './scope.ts'
import { readSlices } from './slices.ts'

export type StoredCall = Row<'calls'>

/** A call of which nothing was heard for so long is over: its end was lost. */
export const OPEN_AT_MOST_MS = 4 * 3_600_000
/** Calls that a list has at most; the newest. */
export const CALLS_SHOWN = 200

export function storedCall(
  db: Db,
  { accountId, callId }: { accountId: string; callId: string },
): Promise<StoredCall | undefined> {
  return db
    .selectFrom('calls')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('callId', '=', callId)
    .executeTakeFirst()
}

export const callById = (db: Db, id: string): Promise<StoredCall | undefined> =>
  db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst()

export const insertCall = async (tx: Tx, call: StoredCall): Promise<void> => {
  await tx.insertInto('calls').values(call).execute()
}

export async function changeCall(tx: Tx, id: string, change: Partial<Omit<StoredCall, 'id'>>): Promise<void> {
  await tx.updateTable('calls').set(change).where('id', '=', id).execute()
}

/** Makes it theirs if it is nobody's. False when somebody was faster. */
export async function ownCall(
  tx: Tx,
  { id, userId, at }: { id: string; userId: string; at: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('calls')
    .set({ ownerId: userId, changedAt: at })
    .where('id', '=', id)
    .where('ownerId', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Incoming calls since `since` that stand on no timeline yet, and whose number is known: the newest first. */
export function callsToJoin(db: Db, since: number): Promise<StoredCall[]> {
  return db
    .selectFrom('calls')
    .selectAll()
    .where('incidentId', 'is', null)
    .where('startedAt', '>=', since)
    .where('direction', '=', 'in')
    .where('number', 'is not', null)
    .orderBy('startedAt', 'desc')
    .limit(CALLS_SHOWN)
    .execute()
}

export type CallRow = StoredCall & { ownerName: string | null; areaPath: string }

/** Incoming calls that go on, or changed since `since`, a time after `openSince`; and these. */
export async function callsOfDesk(
  db: Db,
  { since, openSince, ids = [] }: { since: number; openSince: number; ids?: readonly string[] },
): Promise<CallRow[]> {
  const incoming = selectCalls(db)
    .where('direction', '=', 'in')
    .orderBy('calls.startedAt', 'desc')
    .orderBy('calls.id')
  const recent = await incoming
    .where('calls.changedAt', '>', openSince)
    .where(e => e.or([goesOn(), e('calls.changedAt', '>', since)]))
    .limit(CALLS_SHOWN)
    .execute()
  const known = new Set(recent.map(({ id }) => id))
  // A question of its own: for all in one, SQLite goes through every call that there ever was.
  const others = await readSlices(
    ids.filter(id => !known.has(id)),
    slice => incoming.where('calls.id', 'in', slice).execute(),
  )
  return [...recent, ...others]
}

/** Of whom nobody said that it is over. */
const goesOn = () =>
  sql<boolean>`${sql.ref('calls.endedAt')} is null
    and (${sql.ref('calls.missedAt')} is null or ${sql.ref('calls.answeredAt')} is not null)`

/** `callStateOf` (model/call.ts), as a condition. */
const IN_STATE: Readonly<Record<'open' | CallState, (e: ExpressionBuilder<Tables, 'calls'>) => Condition>> = {
  open: goesOn,
  ringing: e => e.and([goesOn(), e('calls.answeredAt', 'is', null)]),
  answered: e => e.and([goesOn(), e('calls.answeredAt', 'is not', null)]),
  missed: e => e.and([e('calls.missedAt', 'is not', null), e('calls.answeredAt', 'is', null)]),
  ended: e =>
    e.and([
      e('calls.endedAt', 'is not', null),
      e.or([e('calls.missedAt', 'is', null), e('calls.answeredAt', 'is not', null)]),
    ]),
}
type Condition = Expression<SqlBool>

/** Incoming calls in `state` that changed after `since`, the newest first; a page of them. */
const callsInState = (
  db: Db,
  { state, since, offset }: { state: 'open' | CallState; since: number; offset: number },
): Promise<CallRow[]> =>
  selectCalls(db)
    .where('direction', '=', 'in')
    .where('calls.changedAt', '>', since)
    .where(IN_STATE[state])
    .orderBy('calls.startedAt', 'desc')
    .orderBy('calls.id')
    .limit(CALLS_SHOWN)
    .offset(offset)
    .execute()

/**
 * Those of them that somebody sees, at most `CALLS_SHOWN`: whose elder calls is known only when the number has been
 * looked up, and calls of other districts must not take the place of theirs. Read it in one snapshot.
 */
export async function callsSeen(
  db: Db,
  { viewer, ...asked }: { state: 'open' | CallState; since: number; viewer: Viewer },
): Promise<SeenCall[]> {
  const seen: SeenCall[] = []
  for (let offset = 0; seen.length < CALLS_SHOWN; offset += CALLS_SHOWN) {
    const rows = await callsInState(db, { ...asked, offset })
    for (const one of await sightCalls(db, rows)) {
      const theirs = seenBy(one, viewer)
      if (theirs) seen.push(theirs)
    }
    if (rows.length < CALLS_SHOWN) break
  }
  return seen.slice(0, CALLS_SHOWN)
}

export const callRow = (db: Db, id: string): Promise<CallRow | undefined> =>
  selectCalls(db).where('calls.id', '=', id).executeTakeFirst()

const selectCalls = (db: Db) =>
  db
    .selectFrom('calls')
    .innerJoin('areas', 'areas.id', 'calls.areaId')
    .leftJoin('users', 'users.id', 'calls.ownerId')
    .selectAll('calls')
    .select(['areas.path as areaPath', 'users.name as ownerName'])

export function toCall(row: StoredCall & { ownerName: string | null }): Call {
  const { id, callId, direction, number, areaId, startedAt, answeredAt, endedAt, ownerId } = row
  return {
    id,
    callId,
    direction,
    state: callStateOf(row),
    from: row.fromText,
    to: row.toText,
    number,
    areaId,
    startedAt,
    answeredAt,
    endedAt: endedAt ?? row.missedAt,
    durationMs: callDurationOf(row),
    ...(ownerId !== null && { owner: { id: ownerId, name: row.ownerName ?? ownerId } }),
    residentId: row.residentId,
    alarmId: row.incidentId,
    isRecorded: row.recordingUrl !== null,
  }
}

type Placed = CallCandidate & { areaPath: string }
/** A call with everybody whom it may be about. */
export type SightedCall = { call: Call; areaPath: string; candidates: Placed[] }

/** Finds whom calls may be about: whoever is known by the number in the areas of the switch. */
export async function sightCalls(db: Db, rows: readonly CallRow[]): Promise<SightedCall[]> {
  const numbers = rows.flatMap(({ number }) => number ?? [])
  const holders = numbers.length === 0 ? [] : await holdersOf(db, { numbers, scope: WHOLE_HUB })
  const subjects = [...new Set(holders.map(({ subject }) => subject.id))]
  const open = subjects.length === 0 ? [] : await openIncidents(db, subjects)
  return rows.map(row => ({
    call: toCall(row),
    areaPath: row.areaPath,
    candidates: candidatesOf(
      holders.filter(
        holder => holder.number === row.number && covers({ path: row.areaPath }, holder.areaPath),
      ),
      open,
    ),
  }))
}

/** One for each subject, with all the ways in which the number is theirs. */
function candidatesOf(holders: readonly Holder[], open: readonly Incident[]): Placed[] {
  const found = new Map<string, Placed>()
  for (const { subject, areaId, areaPath, way } of holders) {
    const key = `${subject.type} ${subject.id}`
    const known = found.get(key)
    if (known) known.ways.push(way)
    else if (found.size < HOLDERS_MAX)
      found.set(key, { subject, areaId, areaPath, ways: [way], alarms: alarmsOf(subject, open) })
  }
  return [...found.values()]
}

const alarmsOf = (subject: Holder['subject'], open: readonly Incident[]): CallCandidate['alarms'] =>
  open
    .filter(one => one.subjectType === subject.type && one.subjectId === subject.id)
    .filter(one => one.class !== 'technical')
    .map(({ id, class: cls, state, severity, kind }) => ({ id, class: cls, state, severity, kind }))

export type Viewer = { scope: Scope; userId: string }

/** Enough to tell two calls apart. */
const withoutNumbers = (call: Call): Call => ({
  ...call,
  from: call.from && maskNumber(call.from),
  to: call.to && maskNumber(call.to),
  number: call.number && maskNumber(call.number),
})

/**
 * The call as somebody sees it, undefined when it is not for them: with those candidates that lie in their areas. Their
 * own they see in any case, and with its numbers: to take a call is the reason to know them. Of whom nobody is known,
 * everybody sees whose areas are the switch's, or above, or below.
 */
export function seenBy({ call, areaPath, candidates }: SightedCall, viewer: Viewer): SeenCall | undefined {
  const theirs = candidates.filter(candidate => covers(viewer.scope, candidate.areaPath))
  const isNobodys = candidates.length === 0
  const isTheirs = covers(viewer.scope, areaPath) || covers({ path: areaPath }, viewer.scope.path)
  const isOwn = call.owner?.id === viewer.userId
  if (!isOwn && theirs.length === 0 && !(isNobodys && isTheirs)) return undefined
  return {
    call: isOwn ? call : withoutNumbers(call),
    candidates: theirs.map(({ areaPath: _, ...candidate }) => candidate),
  }
}

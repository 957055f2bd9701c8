// Alarms as the desk's lists and the feed show them: an incident with its owner's name.

import { type RawBuilder, sql } from 'kysely'
import { FINDING_KINDS, queueRank, SEVERITIES, type Severity } from '../model/finding.ts'
import {
  type Alarm,
  type IncidentClass,
  type IncidentState,
  OPEN_STATES,
  type Subject,
  type TimelineEntry,
} from '../model/incident.ts'
import type { Condition, Ids } from './casework.ts'
import type { Db } from './db.ts'
import { isSentTo } from './dispatches.ts'
import { toEntry } from './entries.ts'
import { type Page, pagesOf } from './page.ts'
import type { Row } from './schema.ts'
import { inScope, type Scope, underArea } from './scope.ts'
import { storedList } from './stored.ts'
import { unindexed } from './unindexed.ts'

export type AlarmFilter = {
  scope: Scope
  /** `open`: raised, accepted, dispatched or arrived. */
  state?: 'open' | IncidentState | undefined
  class?: IncidentClass | undefined
  severity?: Severity | undefined
  /** This area and everything below it. */
  areaId?: string | undefined
  /** Of a responder: those alone to which they are sent. */
  sentTo?: string | undefined
  cursor?: string | undefined
  limit: number
}

/**
 * One page of alarms. Open ones stand in queue order — severity, those that nobody is on, sos and falls before
 * the rest, the longest wait first — all others newest first.
 * @throws HubError BAD_REQUEST when the cursor is not one of this list.
 */
export async function listAlarms(db: Db, filter: AlarmFilter): Promise<Page<Alarm>> {
  const { state, class: cls, severity, areaId, sentTo, cursor, limit } = filter
  const ordered = state === 'open' ? IN_QUEUE : NEWEST_FIRST
  const pages = pagesOf({ name: 'alarms', ...ordered, filter: { state, cls, severity, areaId } })
  let found = selectAlarms(db).where(inScope(filter.scope, 'incidents.areaId'))
  if (state === 'open') found = found.where('incidents.state', 'in', OPEN_STATES)
  else if (state) found = found.where(unindexed<IncidentState>('incidents.state'), '=', state)
  if (cls) found = found.where('incidents.class', '=', cls)
  if (severity) found = found.where('incidents.severity', '=', severity)
  if (areaId) found = found.where(underArea(areaId, 'incidents.areaId'))
  if (sentTo !== undefined) found = found.where(isSentTo(sentTo))
  const rows = await db
    .selectFrom(found.select(rankInQueue().as('rank')).as('found'))
    .selectAll()
    .where(pages.after(cursor))
    .orderBy(inOrder(ordered))
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => ordered.order.map(column => row[column]), toItem: toAlarm })
}

/** The queue is ordered by rank, then waiting time. */
const IN_QUEUE = {
  order: ['rank', 'alertedAt', 'id'],
  numbers: ['rank', 'alertedAt'],
  isDescending: false,
} as const
/** Everything else by age: an index is read from its end, and no table is sorted for a page of it. */
const NEWEST_FIRST = { order: ['raisedAt', 'id'], numbers: ['raisedAt'], isDescending: true } as const

const inOrder = ({ order, isDescending }: typeof IN_QUEUE | typeof NEWEST_FIRST): RawBuilder<unknown> =>
  sql.join(order.map(column => sql`${sql.ref(column)} ${sql.raw(isDescending ? 'desc' : 'asc')}`))

/** Severity, then whether nobody is on it, then kind: the order of `queueRank`, with the owner in between. */
function rankInQueue(): RawBuilder<number> {
  const severity = choose(
    'incidents.severity',
    SEVERITIES,
    name => 10 * queueRank({ severity: name, kind: 'sos' }),
  )
  const kind = choose('incidents.kind', FINDING_KINDS, name =>
    queueRank({ severity: 'critical', kind: name }),
  )
  const owned = sql`case when ${sql.ref('incidents.ownerId')} is null then 0 else 5 end`
  return sql<number>`${severity} + ${owned} + ${kind}`
}

function choose<T extends string>(column: string, names: readonly T[], place: (name: T) => number) {
  const branches = names.map(name => sql`when ${sql.lit(name)} then ${sql.lit(place(name))}`)
  return sql`(case ${sql.ref(column)} ${sql.join(branches, sql` `)} end)`
}

/** One alarm, when it lies in the scope; `sentTo` as in lists. */
export async function getAlarm(
  db: Db,
  { scope, id, sentTo }: { scope: Scope; id: string; sentTo?: string | undefined },
): Promise<Alarm | undefined> {
  const row = await selectAlarms(db)
    .where('incidents.id', '=', id)
    .where(inScope(scope, 'incidents.areaId'))
    .$if(sentTo !== undefined, query => query.where(isSentTo(sentTo ?? '')))
    .executeTakeFirst()
  return row && toAlarm(row)
}

/** Alarms by id, or by the query for their ids, as they are now. */
export async function alarmsById(db: Db, ids: Ids): Promise<Map<string, Alarm>> {
  if (Array.isArray(ids) && ids.length === 0) return new Map()
  const rows = await selectAlarms(db).where('incidents.id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, toAlarm(row)]))
}

/** The newest entries that a timeline shows, beside its first. A device that never stops makes a hundred thousand. */
export const TIMELINE_SHOWN = 1_000

/** What happened in an incident, oldest first: how it began, and at most `TIMELINE_SHOWN` of the newest entries. */
export async function timelineOf(db: Db, incidentId: string): Promise<TimelineEntry[]> {
  const rows = db
    .selectFrom('timeline')
    .leftJoin('users', 'users.id', 'timeline.byUserId')
    .selectAll('timeline')
    .select('users.name as byName')
    .where('incidentId', '=', incidentId)
  const newest = (
    await rows
      .orderBy('seq', 'desc')
      .limit(TIMELINE_SHOWN + 1)
      .execute()
  ).reverse()
  if (newest.length <= TIMELINE_SHOWN) return newest.map(toEntry)
  const first = await rows.orderBy('seq').limit(1).execute()
  return [...first, ...newest.slice(1)].map(toEntry)
}

/** Alarms of a subject that lie in the scope and were raised before `before` (epoch ms), newest first. */
export async function previousAlarms(
  db: Db,
  {
    scope,
    subjectType,
    subjectId,
    before,
    limit,
  }: { scope: Scope; subjectType: Subject['type']; subjectId: string; before: number; limit: number },
): Promise<Alarm[]> {
  const rows = await selectAlarms(db)
    .where(inScope(scope, 'incidents.areaId'))
    .where('incidents.subjectType', '=', subjectType)
    .where('incidents.subjectId', '=', subjectId)
    .where('incidents.raisedAt', '<', before)
    .orderBy('incidents.raisedAt', 'desc')
    .orderBy('incidents.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toAlarm)
}

const selectAlarms = (db: Db) =>
  db
    .selectFrom('incidents')
    .leftJoin('users', 'users.id', 'incidents.ownerId')
    .selectAll('incidents')
    .select('users.name as ownerName')

function toAlarm(row: Row<'incidents'> & { ownerName: string | null }): Alarm {
  const conditions = storedList<Condition>(row.conditionsJson)
  return {
    id: row.id,
    class: row.class,
    state: row.state,
    severity: row.severity,
    kind: row.kind,
    subject: { type: row.subjectType, id: row.subjectId, name: row.subjectName },
    areaId: row.areaId,
    deviceId: row.deviceId,
    raisedAt: row.raisedAt,
    alertedAt: row.alertedAt,
    lateMs: row.lateMs,
    acceptedAt: row.acceptedAt,
    ...(row.ownerId !== null && { owner: { id: row.ownerId, name: row.ownerName ?? row.ownerId } }),
    escalation: row.escalation,
    conditions: [...new Set(conditions.map(({ kind }) => kind))],
    disposition: row.disposition,
    previousId: row.previousId,
    findings: row.findings,
    seq: row.seq,
  }
}

// Who did what: a log that only grows, each row bound to the one before it by its hash. It holds ids and hashes; what
// is said of people stays in rows that can be erased.

import { createHash, createHmac } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { ROOT_AREA_ID } from '../model/area.ts'
import type { AuditEntry } from '../model/audit.ts'
import { HubError } from '../model/error.ts'
import { type Db, type Tx, takeSeq } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import type { Row } from './schema.ts'
import { inScope, type Scope } from './scope.ts'

/** What is to be written down. */
export type NewAudit = {
  /** Epoch ms. */
  at: number
  /** Id of the account that did it; null: nobody that is known. */
  actorId: string | null
  /** Such as `PATCH /residents/:id`, `sign_in` or `reveal`. */
  action: string
  targetType?: string | null
  targetId?: string | null
  /** Where neither the target nor its area is known: whose it is. */
  areaId?: string
  /** A named reason, such as `FORBIDDEN` or `incident:inc_4k1x`: never what somebody typed. */
  reason?: string | null
  /** What exactly was asked or shown; its hash alone is kept. Leave passwords and codes out. */
  detail?: unknown
}

/** Ids and the hub's own words fit; sentences about people do not. An action may begin with a method. */
const NAME = /^[\w.:@-]{1,128}$/
/** A reason may say how much of what: `incidents:12.calls:3`. */
const REASON = /^[\w.:@-]{1,256}$/
const ACTION = /^([A-Z]+ )?[\w./:@-]{1,128}$/

/**
 * Appends a row. It takes its place from the counter row and so comes last in the transaction, after `changes` and
 * `feed`: whoever writes next waits for this commit, and the chain has no fork.
 * @throws HubError INTERNAL for a reason, an action or an id that is no name.
 */
export async function appendAudit(tx: Tx, entry: NewAudit): Promise<void> {
  const { at, actorId, action, targetType = null, targetId = null, reason = null, detail } = entry
  requireName(action, ACTION)
  for (const name of [actorId, targetType, targetId]) requireName(name, NAME)
  requireName(reason, REASON)
  const { seq, prevHash, key, areaId } = await nextPlace(tx, { targetType, targetId })
  const row = {
    seq,
    at,
    actorId,
    action,
    targetType,
    targetId,
    areaId: areaId ?? entry.areaId ?? ROOT_AREA_ID,
    reason,
    detailHash: detail === undefined ? null : hashOfDetail(detail, key),
    prevHash: prevHash ?? '',
  }
  await tx
    .insertInto('audit')
    .values({ ...row, hash: hashOfRow(row) })
    .execute()
}

function requireName(name: string | null, form: RegExp): void {
  if (name !== null && !form.test(name))
    throw new HubError('INTERNAL', 'the audit log takes names and ids, no texts')
}

/** All fields but the last, in the order of the table. */
export function hashOfRow(row: Omit<Row<'audit'>, 'hash'>): string {
  const { seq, at, actorId, action, targetType, targetId, areaId, reason, detailHash, prevHash } = row
  const fields = [seq, at, actorId, action, targetType, targetId, areaId, reason, detailHash, prevHash]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}

/** Keyed: whoever reads the log cannot find a telephone number by trying them all. */
const hashOfDetail = (detail: unknown, key: string): string =>
  createHmac('sha256', key).update(JSON.stringify(detail)).digest('hex')

type About = { targetType: string | null; targetId: string | null }
type Standing = { prevHash: string | null; newest: number | null; key: string; areaId: string | null }

/**
 * The place that is next. Rows that nobody has counted may stand there: it goes on behind them, for an alarm must be
 * accepted all the same, and a place is left empty, so that the break is seen.
 */
async function nextPlace(tx: Tx, about: About): Promise<Standing & { seq: number }> {
  const seq = await takeSeq(tx, 'audit', 1)
  const standing = await standingAt(tx, { seq, ...about })
  const uncounted = Number(standing.newest ?? 0) - seq + 1
  if (uncounted <= 0) return { ...standing, seq }
  const first = await takeSeq(tx, 'audit', uncounted + 1)
  return { ...standing, seq: first + uncounted, prevHash: null }
}

/** The hash that the row has to name, the newest place, the key of details, and the area of what it is about. */
async function standingAt(tx: Tx, { seq, targetType, targetId }: About & { seq: number }): Promise<Standing> {
  const areaOf = targetType === null || targetId === null ? undefined : AREA_OF[targetType]
  const { rows } = await sql<Standing>`
    select (select hash from audit where seq = ${seq - 1}) as prev_hash,
      (select max(seq) from audit) as newest,
      (select value from meta where key = 'auditKey') as key,
      (${areaOf && targetId !== null ? areaOf(targetId) : sql`select null`}) as area_id`.execute(tx)
  const [row] = rows
  if (row) return row
  throw new HubError('INTERNAL', 'the audit log gave no answer')
}

/** Where each kind of thing says which area it belongs to: an auditor sees what happened in their own. */
const AREA_OF: Readonly<Record<string, (id: string) => RawBuilder<unknown>>> = {
  area: id => sql`select id from areas where id = ${id}`,
  resident: id => sql`select area_id from residents where id = ${id}`,
  contact: id => sql`select r.area_id from contacts c inner join residents r on r.id = c.resident_id
    where c.id = ${id}`,
  device: id => sql`select area_id from devices where id = ${id}`,
  zone: id => sql`select coalesce(z.area_id, r.area_id) from zones z
    left join residents r on r.id = z.resident_id where z.id = ${id}`,
  user: id => sql`select area_id from users where id = ${id}`,
  alarm: id => sql`select area_id from incidents where id = ${id}`,
  call: id => sql`select area_id from calls where id = ${id}`,
  channel: id => sql`select area_id from channels where id = ${id}`,
  dispatch: id => sql`select i.area_id from dispatches d inner join incidents i on i.id = d.incident_id
    where d.id = ${id}`,
  delivery: id => sql`select i.area_id from deliveries d inner join incidents i on i.id = d.incident_id
    where d.id = ${id}`,
  procedure: id => sql`select coalesce(p.area_id, r.area_id) from procedures p
    left join residents r on r.id = p.resident_id where p.id = ${id}`,
  shift: id => sql`select area_id from shifts where id = ${id}`,
  ladder: id => sql`select area_id from ladders where id = ${id}`,
}

export type AuditFilter = {
  scope: Scope
  actorId?: string | undefined
  action?: string | undefined
  targetType?: string | undefined
  targetId?: string | undefined
  /** Epoch ms: from included, to not. */
  from?: number | undefined
  to?: number | undefined
}

/** Rows of the scope, newest first. */
export async function listAudit(
  db: Db,
  { scope, cursor, limit, from, to, ...named }: AuditFilter & PageRequest,
): Promise<Page<AuditEntry>> {
  const filter = { ...named, from, to }
  const pages = pagesOf({ name: 'audit', order: ['seq'], numbers: ['seq'], isDescending: true, filter })
  let found = db
    .selectFrom('audit')
    .selectAll()
    .where(inScope(scope, 'areaId'))
    .where(pages.after(cursor))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
  for (const column of ['actorId', 'action', 'targetType', 'targetId'] as const) {
    const value = named[column]
    if (value !== undefined) found = found.where(column, '=', value)
  }
  if (from !== undefined) found = found.where('at', '>=', from)
  if (to !== undefined) found = found.where('at', '<', to)
  return pages.cut(await found.execute(), {
    limit,
    keyOf: row => [Number(row.seq)],
    toItem: ({ prevHash: _, ...row }) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }),
  })
}

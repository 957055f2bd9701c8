// Runs that let go of what is old: who asked for one, how far it has come, and what went. One that was cut off goes on
// as what it was: it counts back from when it began, and adds to its own counts.

import { sql } from 'kysely'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import type { RetentionClass, RetentionRun } from '../model/retention.ts'
import { appendAudit } from './audit.ts'
import type { Db, Records, Tx } from './db.ts'
import { transact } from './deeds.ts'
import { isUniqueViolation } from './refusal.ts'
import { noteDeletedBefore } from './retention.ts'
import type { Row } from './schema.ts'

/** A year of days, and some that were asked for. */
const RUNS_KEPT = 400
const SEEN_KEY = 'retentionSeenAt'

/** A run that has begun. */
export type Run = Pick<RetentionRun, 'id' | 'because'> & { startedAt: number; askedBy: string | null }

/** What one slice let go of. */
export type LetGo = { class: RetentionClass; before: number; items: number; rows: number }

/** Asks for a run. @throws HubError CONFLICT while one that was asked for is not done. */
export async function askRun(
  records: Pick<Records, 'db'>,
  { at, by }: { at: number; by: string },
): Promise<RetentionRun> {
  const row: Row<'retentionRuns'> = { ...newRow('asked', at), state: 'asked', askedBy: by }
  try {
    await transact(records.db, async tx => {
      await tx.insertInto('retentionRuns').values(row).execute()
      return { id: row.id }
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new HubError('CONFLICT', 'a run was asked for already, and is not done', { cause: error })
  }
  return toRun(row, [])
}

const newRow = (because: RetentionRun['because'], at: number): Row<'retentionRuns'> => ({
  id: newId('ret'),
  because,
  state: 'running',
  askedAt: at,
  askedBy: null,
  startedAt: null,
  endedAt: null,
  failure: null,
})

/** The run that is not done, if there is one: what began first goes on first. */
export async function openRun(db: Db): Promise<Row<'retentionRuns'> | undefined> {
  return db
    .selectFrom('retentionRuns')
    .selectAll()
    .where('state', '<>', 'done')
    .orderBy(sql`case when state = 'running' then 0 else 1 end`)
    .orderBy('askedAt')
    .limit(1)
    .executeTakeFirst()
}

/** Begins what was asked for, or what is due by itself. */
export async function beginRun(
  { db }: Pick<Records, 'db'>,
  { asked, at }: { asked: Row<'retentionRuns'> | undefined; at: number },
): Promise<Run> {
  const row = { ...(asked ?? newRow('schedule', at)), state: 'running' as const, startedAt: at }
  await db
    .insertInto('retentionRuns')
    .values(row)
    .onConflict(conflict => conflict.column('id').doUpdateSet({ state: row.state, startedAt: at }))
    .execute()
  return { id: row.id, because: row.because, startedAt: at, askedBy: row.askedBy }
}

/** Notes what a slice let go of, in its transaction. */
export async function noteLetGo(
  tx: Tx,
  runId: string,
  { class: name, before, items, rows }: LetGo,
): Promise<void> {
  await tx
    .insertInto('retentionCounts')
    .values({ runId, class: name, items, rows })
    .onConflict(conflict =>
      conflict.columns(['runId', 'class']).doUpdateSet(e => ({
        items: e('retentionCounts.items', '+', items),
        rows: e('retentionCounts.rows', '+', rows),
      })),
    )
    .execute()
  await noteDeletedBefore(tx, name, before)
}

/** The run is done: it says so, and the audit log has what went, in numbers. */
export async function endRun({ db }: Pick<Records, 'db'>, { id, askedBy }: Run, at: number): Promise<void> {
  await db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('retentionRuns')
      .set({ state: 'done', endedAt: at, failure: null })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return // another process has ended it
    await forgetOldRuns(tx)
    const counts = await countsOf(tx, [id])
    const numbers = counts.filter(({ items }) => items > 0).map(count => `${count.class}:${count.items}`)
    await appendAudit(tx, {
      at,
      actorId: askedBy,
      action: 'retention',
      targetType: 'retention',
      targetId: id,
      reason: numbers.join('.') || 'nothing',
      detail: counts,
    })
  })
}

async function forgetOldRuns(tx: Tx): Promise<void> {
  const kept = tx
    .selectFrom('retentionRuns')
    .select('id')
    .orderBy('askedAt', 'desc')
    .orderBy('id')
    .limit(RUNS_KEPT)
  await tx.deleteFrom('retentionRuns').where('state', '=', 'done').where('id', 'not in', kept).execute()
  await tx
    .deleteFrom('retentionCounts')
    .where('runId', 'not in', e => e.selectFrom('retentionRuns').select('id'))
    .execute()
}

/** Why it does not get on, in a word or two; it is tried again. */
export async function noteFailure({ db }: Pick<Records, 'db'>, id: string, failure: string): Promise<void> {
  await db.updateTable('retentionRuns').set({ failure }).where('id', '=', id).execute()
}

/** The newest runs, the newest first. */
export async function listRuns(db: Db, limit: number): Promise<RetentionRun[]> {
  const rows = await db
    .selectFrom('retentionRuns')
    .selectAll()
    .orderBy('askedAt', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  const counts = await countsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map(row => toRun(row, counts))
}

type Count = Row<'retentionCounts'>

async function countsOf(db: Db, ids: readonly string[]): Promise<Count[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('retentionCounts')
    .selectAll()
    .where('runId', 'in', ids)
    .orderBy('class')
    .execute()
  return rows.map(row => ({ ...row, items: Number(row.items), rows: Number(row.rows) }))
}

const toRun = (row: Row<'retentionRuns'>, counts: readonly Count[]): RetentionRun => ({
  id: row.id,
  because: row.because,
  state: row.state,
  askedBy: row.askedBy,
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  failure: row.failure,
  counts: counts.filter(({ runId }) => runId === row.id).map(({ runId: _, ...count }) => count),
})

/** When a run began last, and when somebody last saw to it that one does; null: never. Epoch ms. */
export async function retentionStanding(
  db: Db,
): Promise<{ beganAt: number | null; doneAt: number | null; seenAt: number | null }> {
  const runs = await db
    .selectFrom('retentionRuns')
    .select(e => [e.fn.max('startedAt').as('beganAt'), e.fn.max('endedAt').as('doneAt')])
    .executeTakeFirstOrThrow()
  const seen = await db.selectFrom('meta').select('value').where('key', '=', SEEN_KEY).executeTakeFirst()
  return {
    beganAt: runs.beganAt === null ? null : Number(runs.beganAt),
    doneAt: runs.doneAt === null ? null : Number(runs.doneAt),
    seenAt: seen === undefined ? null : Number(seen.value),
  }
}

/** Notes that the time was looked at: a clock that leaps is told by that. */
export async function noteSeen({ db }: Pick<Records, 'db'>, at: number): Promise<void> {
  const value = String(at)
  await db
    .insertInto('meta')
    .values({ key: SEEN_KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

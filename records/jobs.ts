// Jobs as rows (alerts/jobs.ts says what they are), for a hub without Redis: on SQLite, and on PostgreSQL where that
// alone is given. A running job is one that may be taken when its lock has run out, so to take is one statement.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Records } from './db.ts'
import type { Row } from './schema.ts'
import { slicesOf } from './slices.ts'

/** `dataJson` is JSON text, `delayMs` from now. */
export type JobToAdd = { id: string; dataJson: string; delayMs: number }
/** A run of a job: whoever settles it must still have it. */
export type JobRun = { id: string; run: string }
export type TakenJob = JobRun & Pick<Row<'jobs'>, 'dataJson' | 'attempts' | 'failures'>
export type DeadRow = Pick<Row<'jobs'>, 'id' | 'dataJson' | 'attempts' | 'setAt'> & { reason: string }

/** What becomes of a job that is not done. `failures` are all so far; `attempts` where this run was none. */
export type Settling = JobRun & (WaitingJob | DyingJob)
type WaitingJob = {
  to: 'waiting'
  failures: number
  attempts?: number
  afterMs: number
  reason: string | null
}
type DyingJob = { to: 'dead'; failures: number; reason: string }

type Written = Pick<Records, 'db' | 'now'>

/** Rows a statement: an alarm that is to be written meanwhile waits for no more than this. */
const ADDED_AT_ONCE = 200

/**
 * Adds jobs, the first ones first; after an error some of them are there. One that is there stays as it is, unless it
 * is dead: then it begins anew.
 */
export async function addJobs(given: Written, queue: string, jobs: readonly JobToAdd[]): Promise<void> {
  // One statement cannot meet the same row twice: the first of them counts, as if they came one after the other.
  const unique = [...new Map(jobs.toReversed().map(job => [job.id, job])).values()].reverse()
  for (const slice of slicesOf(unique, ADDED_AT_ONCE)) await addSlice(given, queue, slice)
}

async function addSlice({ db, now }: Written, queue: string, jobs: readonly JobToAdd[]): Promise<void> {
  await db
    .insertInto('jobs')
    .values(
      jobs.map(({ id, dataJson, delayMs }) => ({
        queue,
        id,
        dataJson,
        state: 'waiting' as const,
        dueAt: sql<number>`${now()} + ${delayMs}`,
        setAt: now(),
        run: null,
        attempts: 0,
        failures: 0,
        reason: null,
      })),
    )
    .onConflict(conflict =>
      conflict
        .columns(['queue', 'id'])
        .doUpdateSet(e => ({
          dataJson: e.ref('excluded.dataJson'),
          state: 'waiting',
          dueAt: e.ref('excluded.dueAt'),
          setAt: e.ref('excluded.setAt'),
          run: null,
          attempts: 0,
          failures: 0,
          reason: null,
        }))
        .where('jobs.state', '=', 'dead'),
    )
    .execute()
}

/** Takes at most `limit` jobs that are due, or whose lock has run out; each is of `run` until `lockMs` from now. */
export async function takeJobs(
  { db, now }: Written,
  { queue, run, limit, lockMs }: { queue: string; run: string; limit: number; lockMs: number },
): Promise<TakenJob[]> {
  // The plus keeps SQLite from the index of what is due: it would look through all of that for these few ids.
  const mayBeTaken = sql<SqlBool>`state <> 'dead' and +due_at <= ${now()}`
  const taken = await db
    .updateTable('jobs')
    .set(e => ({
      state: 'running',
      run,
      attempts: e('attempts', '+', 1),
      dueAt: sql<number>`${now()} + ${lockMs}`,
      setAt: now(),
    }))
    .where('queue', '=', queue)
    .where('id', 'in', e =>
      e
        .selectFrom('jobs as due')
        .select('due.id')
        .where('due.queue', '=', queue)
        .where(sql<SqlBool>`due.state <> 'dead' and due.due_at <= ${now()}`)
        .orderBy('due.dueAt')
        .limit(limit),
    )
    // Another process may have taken it between: its row has moved on then.
    .where(mayBeTaken)
    .returning(['id', 'dataJson', 'attempts', 'failures'])
    .execute()
  return taken.map(job => ({ ...job, run }))
}

/** Renews the locks of runs; returns the runs that are lost. */
export async function renewJobs(
  { db, now }: Written,
  { queue, runs, lockMs }: { queue: string; runs: readonly JobRun[]; lockMs: number },
): Promise<JobRun[]> {
  if (runs.length === 0) return []
  const kept = await db
    .updateTable('jobs')
    .set({ dueAt: sql<number>`${now()} + ${lockMs}`, setAt: now() })
    .where(inRuns(queue, runs))
    .returning(['id', 'run'])
    .execute()
  const still = new Set(kept.map(({ id, run }) => `${run} ${id}`))
  return runs.filter(({ id, run }) => !still.has(`${run} ${id}`))
}

/** Forgets jobs that are done. */
export async function deleteJobs(db: Db, queue: string, runs: readonly JobRun[]): Promise<void> {
  for (const slice of slicesOf(runs)) await db.deleteFrom('jobs').where(inRuns(queue, slice)).execute()
}

/** Writes what became of jobs that are not done, in one transaction; drops the dead that are older than `deadForMs`. */
export async function settleJobs(
  { db, now }: Written,
  { queue, settlings, deadForMs }: { queue: string; settlings: readonly Settling[]; deadForMs: number },
): Promise<void> {
  if (settlings.length === 0) return
  await db.transaction().execute(async tx => {
    for (const settling of settlings) {
      const { to: state, failures, reason } = settling
      const { afterMs, attempts } = settling.to === 'waiting' ? settling : DYING
      await tx
        .updateTable('jobs')
        .set({ state, failures, reason, run: null, dueAt: sql<number>`${now()} + ${afterMs}`, setAt: now() })
        .$if(attempts !== undefined, query => query.set({ attempts }))
        .where(inRuns(queue, [settling]))
        .execute()
    }
    if (!settlings.some(({ to }) => to === 'dead')) return
    await tx
      .deleteFrom('jobs')
      .where('queue', '=', queue)
      .where('state', '=', 'dead')
      .where('setAt', '<', sql<number>`${now()} - ${deadForMs}`)
      .execute()
  })
}

const DYING = { afterMs: 0, attempts: undefined }

const inRuns = (queue: string, runs: readonly JobRun[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`queue = ${queue} and state = 'running' and (id, run) in (values ${sql.join(
    runs.map(({ id, run }) => sql`(${id}, ${run})`),
  )})`

/** In how many ms the next job may be taken, negative when it may now; undefined when there is none. */
export async function nextJobIn({ db, now }: Written, queue: string): Promise<number | undefined> {
  const next = await db
    .selectFrom('jobs')
    .select(e => [e.fn.min('dueAt').as('dueAt'), now().as('now')])
    .where('queue', '=', queue)
    .where(sql<SqlBool>`state <> 'dead'`)
    .executeTakeFirstOrThrow()
  return next.dueAt === null ? undefined : Number(next.dueAt) - Number(next.now)
}

/**
 * Lets jobs that were decided about at a time which has not come yet, by a clock that was ahead, be due as long from
 * now as they were then. They would wait until the clock is there again.
 */
export async function pullInJobs({ db, now }: Written, queue: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ dueAt: sql<number>`${now()} + due_at - set_at`, setAt: now() })
    .where('queue', '=', queue)
    .where(sql<SqlBool>`state <> 'dead'`)
    .where('setAt', '>', now())
    .execute()
}

/** Jobs by queue and state; those that wait by whether they are due. */
export async function countJobs({
  read,
  now,
}: Pick<Records, 'read' | 'now'>): Promise<
  { queue: string; state: 'waiting' | 'delayed' | 'running' | 'dead'; jobs: number }[]
> {
  const state = sql<'waiting' | 'delayed' | 'running' | 'dead'>`case
    when state = 'waiting' and due_at > ${now()} then 'delayed' else state end`
  const counted = await read
    .selectFrom(
      read
        .selectFrom('jobs')
        .select(['queue', state.as('state')])
        .as('each'),
    )
    .select(e => ['queue', 'state', e.fn.countAll().as('jobs')])
    .groupBy(['queue', 'state'])
    .execute()
  return counted.map(({ queue, state, jobs }) => ({ queue, state, jobs: Number(jobs) }))
}

/** The dead of a queue, those that died last first. */
export async function deadJobs(db: Db, queue: string, limit: number): Promise<DeadRow[]> {
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'dataJson', 'attempts', 'reason', 'setAt'])
    .where('queue', '=', queue)
    .where('state', '=', 'dead')
    .orderBy('setAt', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(row => ({ ...row, reason: row.reason ?? '' }))
}

/** Lets a dead job begin anew; false when it is not among the dead. */
export async function reviveJob({ db, now }: Written, queue: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ state: 'waiting', dueAt: now(), setAt: now(), run: null, attempts: 0, failures: 0, reason: null })
    .where('queue', '=', queue)
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

// Opens the system of record: the tables, their migrations, the database's clock, and the two things that
// every write may need — a place in commit order, and word to those who follow.

import { join } from 'node:path'
import { CamelCasePlugin, Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { newId } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { transact } from './deeds.ts'
import { isPostgres } from './engine.ts'
import { migrate } from './migrate.ts'
import type { Nudge } from './nudge.ts'
import type { Noun, Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

/** A Kysely instance or a transaction of it: what every query of `records/` takes. */
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

export type Records = {
  /** Writes, and reads that belong to a write. */
  db: Db
  /** Reads that may take long; they never wait for a writer nor hold one up. */
  read: Db
  /** Short single reads on the way of an alarm to the screen: they wait behind no list, nor for each other. */
  feed: Db
  /** Figures, which read for seconds: they wait for each other, and nobody else waits for them. */
  figures: Db
  /** The database's own time as an SQL expression, epoch ms: leases are compared on one clock. */
  now(): RawBuilder<number>
  nudge: Nudge
  /** Made at first start: tells a cursor of this database from one of another. Empty when it was away at the start. */
  epoch: string
  /** Resolves when the database has failed for good. */
  failed: Promise<Error>
  close(): Promise<void>
}

/** Opens `records.db` in `dataDir`, creating it when it is not there. The embedded database's clock is the hub's. */
export async function openRecords({
  dataDir,
  clock,
  nudge,
  log,
}: {
  dataDir: string
  clock: Clock
  nudge: Nudge
  log?: Log
}): Promise<Records> {
  const path = join(dataDir, 'records.db')
  const { promise: failed, resolve: onFailed } = Promise.withResolvers<Error>()
  const db = connect({ path, readOnly: false, onFailed })
  try {
    await migrate(db, { what: 'records.db', log })
    const epoch = await readEpoch(db)
    const read = connect({ path, readOnly: true, onFailed })
    const feed = connect({ path, readOnly: true, isShared: true, onFailed })
    const figures = connect({ path, readOnly: true, onFailed })
    return {
      db,
      read,
      feed,
      figures,
      now: () => sql<number>`${clock.now()}`,
      nudge,
      epoch,
      failed,
      async close() {
        await read.destroy()
        await feed.destroy()
        await figures.destroy()
        await db.destroy()
      },
    }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

function connect(file: Parameters<typeof sqliteDialect>[0]): Db {
  return new Kysely<Tables>({ dialect: sqliteDialect(file), plugins: [new CamelCasePlugin()] })
}

/** The name of this database, made up when it is new. */
export async function readEpoch(db: Db): Promise<string> {
  await db
    .insertInto('meta')
    .values({ key: 'epoch', value: newId('epoch') })
    .onConflict(c => c.doNothing())
    .execute()
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirstOrThrow()
  return row.value
}

/** Writes a row that nobody reads; resolves when it is on the disk. @throws when it could not be written. */
export async function proveWritable(db: Db): Promise<void> {
  const value = newId('alive')
  await db
    .insertInto('meta')
    .values({ key: 'alive', value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

/**
 * Makes this transaction the only one that writes what the counter orders — `feed`: alarms, `changes`: the
 * registry — until it ends. SQLite has one writer in any case; PostgreSQL has as many as there are processes, and
 * between two statements of one they would see each other's rows change. Who takes both takes `changes` first
 * (docs/decisions/0014).
 */
export async function takeTurn(tx: Tx, counter: 'feed' | 'changes'): Promise<void> {
  if (!isPostgres(tx)) return
  await tx.selectFrom('counters').select('value').where('name', '=', counter).forUpdate().execute()
}

/** Runs `write` in a transaction that changes alarms: nobody else changes one meanwhile. */
export function writeDesk<T>({ db }: Pick<Records, 'db'>, write: (tx: Tx) => Promise<T>): Promise<T> {
  return transact(db, async tx => {
    await takeTurn(tx, 'feed')
    return write(tx)
  })
}

/**
 * `commands` is taken in transactions that change alarms, or look like them (`writeDesk`); `audit` after all others,
 * in any.
 */
type CounterName = 'feed' | 'changes' | 'commands' | 'audit'

/**
 * Takes `count` places in commit order and returns the first. Call it last in the transaction: it holds the
 * counter's row until COMMIT, and so nobody can see place n + 1 before place n.
 */
export async function takeSeq(tx: Tx, counter: CounterName, count: number): Promise<number> {
  const { value } = await takingSeq(tx, counter, count).returning('value').executeTakeFirstOrThrow()
  return Number(value) - count + 1
}

/** The statement of `takeSeq`: from then on the counter stands at the last place that this transaction has. */
export const takingSeq = (db: Db, counter: CounterName, count: number) =>
  db
    .updateTable('counters')
    .set(e => ({ value: e('value', '+', count) }))
    .where('name', '=', counter)

/** The newest place that is committed, as this transaction or connection sees it. */
export async function lastSeq(db: Db, counter: CounterName): Promise<number> {
  const row = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', counter)
    .executeTakeFirstOrThrow()
  return Number(row.value)
}

/** Writes down that registry rows changed, last in the transaction that changed them. Nudge `registry` after it. */
export async function recordChanges(tx: Tx, changed: readonly { noun: Noun; id: string }[]): Promise<void> {
  if (changed.length === 0) return
  const first = await takeSeq(tx, 'changes', changed.length)
  await tx
    .insertInto('changes')
    .values(changed.map(({ noun, id }, index) => ({ seq: first + index, noun, id })))
    .execute()
}

/** Registry changes after `seq`, oldest first, at most `limit`. */
export function changesAfter(
  db: Db,
  seq: number,
  limit = 1_000,
): Promise<{ seq: number; noun: Noun; id: string }[]> {
  return db.selectFrom('changes').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()
}

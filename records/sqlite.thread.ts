// One SQLite connection on its own thread. Messages are lists of {id, sql, parameters}; each is answered, in order,
// by one list.

import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'
import { openStatements } from './sqlite.statements.ts'
import type { ThreadData } from './thread.ts'

type Statement = { sql: string; parameters: readonly unknown[] }
/** `whole`: a transaction of its own. Where a statement changes another number of rows than it must, nothing is kept. */
export type SqliteAsk =
  | ({ id: number } & Statement)
  | { id: number; whole: readonly (Statement & { mustChange: number | undefined })[] }
  | { id: number; close: true }
/** `place`: the statement of the whole that failed; `isUnmet`: only because it changed another number of rows. */
export type SqliteFailure = {
  message: string
  errcode: number | undefined
  place?: number | undefined
  isUnmet?: boolean
}
export type SqliteReply =
  | { id: number; rows: Record<string, unknown>[]; changes?: number }
  | { id: number; error: SqliteFailure }
export type SqliteThreadData = { path: string; readOnly: boolean }

const { path, readOnly, port } = workerData as ThreadData<SqliteThreadData>
const database = new DatabaseSync(path, { readOnly })
database.exec('PRAGMA busy_timeout = 5000')
if (!readOnly) {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096')
  // What is changed or deleted is overwritten where it stood. Copies that rows left in a page when it was split stay there
  // until it is used again, or until VACUUM (docs/privacy.md).
  database.exec('PRAGMA secure_delete = ON')
  const synchronous = database.prepare('PRAGMA synchronous').get()?.synchronous
  if (synchronous !== 2) throw new Error(`SQLite did not take synchronous = FULL, it says ${synchronous}`)
}

const run = openStatements(database)

port.on('message', (asked: readonly SqliteAsk[]) => port.postMessage(asked.map(answer)))

function answer(ask: SqliteAsk): SqliteReply {
  const { id } = ask
  if ('whole' in ask) return { id, ...runWhole(ask.whole) }
  try {
    if (!('close' in ask)) return { id, ...run(ask.sql, ask.parameters) }
    database.close()
    setImmediate(() => port.close())
    return { id, rows: [] }
  } catch (error) {
    return { id, error: failureOf(error) }
  }
}

const failureOf = (error: unknown): SqliteFailure => {
  const { message, errcode } = error as Error & { errcode?: number }
  return { message, errcode }
}

type Whole = Extract<SqliteAsk, { whole: unknown }>['whole']

function runWhole(whole: Whole): { rows: [] } | { error: SqliteFailure } {
  let place: number | undefined
  try {
    database.exec('begin immediate')
    for (const [index, { sql, parameters, mustChange }] of whole.entries()) {
      place = index
      const { changes } = run(sql, parameters)
      if (mustChange === undefined || changes === mustChange) continue
      database.exec('rollback')
      const message = `${changes} rows were changed instead of ${mustChange}`
      return { error: { message, errcode: undefined, place, isUnmet: true } }
    }
    place = undefined
    database.exec('commit')
    return { rows: [] }
  } catch (error) {
    // A full disk and its like end the transaction by themselves.
    if (database.isTransaction) database.exec('rollback')
    return { error: { ...failureOf(error), place } }
  }
}

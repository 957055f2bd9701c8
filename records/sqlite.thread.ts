// One SQLite connection on its own thread. Requests come as {id, sql, parameters} and are answered in order.

import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

export type SqliteRequest =
  | { id: number; sql: string; parameters: readonly unknown[] }
  | { id: number; close: true }
export type SqliteReply =
  | { id: number; rows: Record<string, unknown>[]; changes?: number }
  | { id: number; error: { message: string; errcode: number | undefined } }
export type SqliteThreadData = { path: string; readOnly: boolean }

const { path, readOnly } = workerData as SqliteThreadData
const database = new DatabaseSync(path, { readOnly })
database.exec('PRAGMA busy_timeout = 5000')
if (!readOnly) {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096')
  const synchronous = database.prepare('PRAGMA synchronous').get()?.synchronous
  if (synchronous !== 2) throw new Error(`SQLite did not take synchronous = FULL, it says ${synchronous}`)
}

parentPort?.on('message', (request: SqliteRequest) => parentPort?.postMessage(answer(request)))

function answer(request: SqliteRequest): SqliteReply {
  try {
    if ('close' in request) {
      database.close()
      setImmediate(() => parentPort?.close())
      return { id: request.id, rows: [] }
    }
    return { id: request.id, ...run(request.sql, request.parameters) }
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number }
    return { id: request.id, error: { message, errcode } }
  }
}

function run(
  sql: string,
  parameters: readonly unknown[],
): { rows: Record<string, unknown>[]; changes?: number } {
  const statement = prepare(sql)
  const values = parameters.map(toSqlite)
  if (statement.columns().length > 0) return { rows: statement.all(...values) }
  return { rows: [], changes: Number(statement.run(...values).changes) }
}

const STATEMENTS_KEPT = 500
const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>()

function prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
  const known = statements.get(sql)
  if (known) return known
  if (statements.size >= STATEMENTS_KEPT) statements.clear()
  const statement = database.prepare(sql)
  statements.set(sql, statement)
  return statement
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as SQLInputValue
}

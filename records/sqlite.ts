// Kysely over node:sqlite: the embedded engine of the records. Who writes, and who may read for long, has a connection
// on a thread of its own, so an fsync never stops the event loop; short reads are done here. Transactions take turns,
// because SQLite has one writer.

import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { HubError } from '../model/error.ts'
import { SqliteError, ThreadConnection } from './sqlite.connection.ts'
import { HereConnection } from './sqlite.here.ts'
import type { SqliteThreadData } from './sqlite.thread.ts'

/** SQLite has no code of its own for it. */
const isNothingToRollBack = (error: unknown): boolean =>
  error instanceof SqliteError && error.message.includes('no transaction is active')

/** A Kysely dialect for the database file at `path`. `onFailed` is told when its thread has died. */
export function sqliteDialect({
  path,
  readOnly = false,
  isShared = false,
  onFailed,
}: {
  path: string
  readOnly?: boolean
  /** For single reads only, side by side; no transactions. */
  isShared?: boolean
  onFailed: (error: Error) => void
}): Dialect {
  return {
    createDriver: () => new SqliteDriver({ path, readOnly }, { isShared, onFailed }),
    createAdapter: () => (isShared ? new SharedAdapter() : new SqliteAdapter()),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: db => new SqliteIntrospector(db),
  }
}

/** Kysely lets one query at a time onto a database of one connection; reads that share one need not wait. */
class SharedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class SqliteDriver implements Driver {
  readonly #data: SqliteThreadData
  readonly #isShared: boolean
  readonly #onFailed: (error: Error) => void
  #connection: ThreadConnection | HereConnection | undefined
  #turn: Promise<void> = Promise.resolve()
  #endTurn: () => void = () => undefined

  constructor(
    data: SqliteThreadData,
    { isShared, onFailed }: { isShared: boolean; onFailed: (error: Error) => void },
  ) {
    this.#data = data
    this.#isShared = isShared
    this.#onFailed = onFailed
  }

  async init(): Promise<void> {
    this.#connection = this.#isShared
      ? new HereConnection(this.#data.path)
      : new ThreadConnection(this.#data, this.#onFailed)
  }

  // Where nothing but single reads happens, nobody holds the connection.
  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isShared) return this.#opened()
    const before = this.#turn
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    await before
    this.#endTurn = resolve
    return this.#opened()
  }

  async releaseConnection(): Promise<void> {
    if (!this.#isShared) this.#endTurn()
  }

  #opened(): ThreadConnection | HereConnection {
    if (!this.#connection) throw new HubError('STOPPED', 'the records database is closed')
    return this.#connection
  }

  // A reader's BEGIN is deferred: its snapshot starts with its first read. A writer takes its lock at once.
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#isShared) throw new HubError('INTERNAL', 'no transaction on a connection that others read on')
    await connection.executeQuery(CompiledQuery.raw(this.#data.readOnly ? 'begin' : 'begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  /**
   * A full disk and its like end the transaction by themselves. Nothing is left to roll back then, and to say so
   * would take the place of the error that says why.
   */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('rollback'))
    } catch (error) {
      if (!isNothingToRollBack(error)) throw error
    }
  }

  async destroy(): Promise<void> {
    await this.#connection?.close()
    this.#connection = undefined
  }
}

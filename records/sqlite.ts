// Kysely over node:sqlite: the embedded engine of the records. The connection lives on a thread of its own,
// so an fsync never stops the event loop; transactions take turns, because SQLite has one writer.

import { Worker } from 'node:worker_threads'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { HubError } from '../model/error.ts'
import { storable } from '../model/text.ts'
import type { SqliteReply, SqliteRequest, SqliteThreadData } from './sqlite.thread.ts'

/** SQLite has no code of its own for it. */
const isNothingToRollBack = (error: unknown): boolean =>
  error instanceof SqliteError && error.message.includes('no transaction is active')

export class SqliteError extends Error {
  readonly errcode: number | undefined
  readonly sql: string
  constructor(message: string, { errcode, sql }: { errcode: number | undefined; sql: string }) {
    super(message)
    this.name = 'SqliteError'
    this.errcode = errcode
    this.sql = sql
  }
}

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
    createDriver: () => new ThreadDriver({ path, readOnly }, { isShared, onFailed }),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: db => new SqliteIntrospector(db),
  }
}

class ThreadDriver implements Driver {
  readonly #data: SqliteThreadData
  readonly #isShared: boolean
  readonly #onFailed: (error: Error) => void
  #connection: ThreadConnection | undefined
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
    this.#connection = new ThreadConnection(this.#data, this.#onFailed)
  }

  // Where nothing but single reads happens, they need not wait for each other: the thread answers them in order.
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

  #opened(): ThreadConnection {
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

/** Both engines are given the same texts: only such as both can hold. */
const toParameter = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value)

type Waiting = { resolve(reply: SqliteReply): void; reject(error: Error): void }

class ThreadConnection implements DatabaseConnection {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 0
  #failed: Error | undefined
  #closing = false
  readonly #onFailed: (error: Error) => void

  constructor(data: SqliteThreadData, onFailed: (error: Error) => void) {
    this.#onFailed = onFailed
    this.#worker = new Worker(new URL('./sqlite.thread.ts', import.meta.url), { workerData: data })
    this.#worker.on('message', (reply: SqliteReply) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      waiting?.resolve(reply)
    })
    this.#worker.on('error', error => this.#fail(error as Error))
    this.#worker.on('exit', () => this.#fail(new HubError('STOPPED', 'the records thread has ended')))
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters.map(toParameter)
    const reply = await this.#ask({ id: this.#nextId++, sql: query.sql, parameters })
    if ('error' in reply) throw new SqliteError(reply.error.message, { ...reply.error, sql: query.sql })
    const rows = reply.rows as R[]
    return reply.changes === undefined ? { rows } : { rows, numAffectedRows: BigInt(reply.changes) }
  }

  // biome-ignore lint/correctness/useYield: Kysely's interface asks for it; no caller of the hub streams rows.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new HubError('INTERNAL', 'rows are read in pages, not streamed')
  }

  async close(): Promise<void> {
    this.#closing = true
    if (this.#failed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#worker.once('exit', () => resolve())
    await this.#ask({ id: this.#nextId++, close: true })
    await promise
  }

  #ask(request: SqliteRequest): Promise<SqliteReply> {
    if (this.#failed) return Promise.reject(this.#failed)
    const { promise, resolve, reject } = Promise.withResolvers<SqliteReply>()
    this.#waiting.set(request.id, { resolve, reject })
    this.#worker.postMessage(request)
    return promise
  }

  #fail(cause: Error): void {
    this.#failed ??= new HubError('UNAVAILABLE', `records.db failed: ${cause.message}`, { cause })
    for (const { reject } of this.#waiting.values()) reject(this.#failed)
    this.#waiting.clear()
    if (!this.#closing) this.#onFailed(this.#failed)
  }
}

// One connection of the embedded engine: a thread of its own, and the messages to it and back. Between them lies a
// turn of a busy event loop, so what is asked in one turn goes in one message, and a transaction can go as a whole.

import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { HubError } from '../model/error.ts'
import { storable } from '../model/text.ts'
import type { SqliteAsk, SqliteReply, SqliteThreadData } from './sqlite.thread.ts'
import { startThread, type Thread } from './thread.ts'
import { isWhole, type Whole } from './whole.ts'

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

/** Both engines are given the same texts: only such as both can hold. */
export const toParameter = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value)

const statementOf = ({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>) => ({
  sql,
  parameters: parameters.map(toParameter),
})

type Waiting = { resolve(reply: SqliteReply): void; reject(error: Error): void }

export class ThreadConnection implements DatabaseConnection {
  readonly #thread: Thread<readonly SqliteAsk[]>
  readonly #waiting = new Map<number, Waiting>()
  #asked: SqliteAsk[] = []
  #nextId = 0
  #failed: Error | undefined
  #closing = false
  readonly #onFailed: (error: Error) => void

  constructor(data: SqliteThreadData, onFailed: (error: Error) => void) {
    this.#onFailed = onFailed
    const file = new URL('./sqlite.thread.ts', import.meta.url)
    this.#thread = startThread(file, data, (replies: readonly SqliteReply[]) => {
      for (const reply of replies) {
        this.#waiting.get(reply.id)?.resolve(reply)
        this.#waiting.delete(reply.id)
      }
    })
    void this.#thread.ended.then(error =>
      this.#fail(error ?? new HubError('STOPPED', 'the records thread has ended')),
    )
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (isWhole(query)) return this.#executeWhole(query)
    const reply = await this.#ask({ id: this.#nextId++, ...statementOf(query) })
    if ('error' in reply) throw new SqliteError(reply.error.message, { ...reply.error, sql: query.sql })
    const rows = reply.rows as R[]
    return reply.changes === undefined ? { rows } : { rows, numAffectedRows: BigInt(reply.changes) }
  }

  async #executeWhole<R>({ statements }: Whole): Promise<QueryResult<R>> {
    const whole = statements.map(({ query, must }) => ({ ...statementOf(query), mustChange: must?.change }))
    const reply = await this.#ask({ id: this.#nextId++, whole })
    if (!('error' in reply)) return { rows: [] }
    const { message, errcode, place } = reply.error
    const failed = place === undefined ? undefined : statements[place]
    throw reply.error.isUnmet && failed?.must
      ? failed.must.otherwise()
      : new SqliteError(message, { errcode, sql: failed?.query.sql ?? 'begin immediate … commit' })
  }

  // biome-ignore lint/correctness/useYield: Kysely's interface asks for it; no caller of the hub streams rows.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new HubError('INTERNAL', 'rows are read in pages, not streamed')
  }

  async close(): Promise<void> {
    this.#closing = true
    if (this.#failed) return
    await this.#ask({ id: this.#nextId++, close: true })
    await this.#thread.ended
  }

  #ask(ask: SqliteAsk): Promise<SqliteReply> {
    if (this.#failed) return Promise.reject(this.#failed)
    const { promise, resolve, reject } = Promise.withResolvers<SqliteReply>()
    this.#waiting.set(ask.id, { resolve, reject })
    // The next tick is when every promise of this turn has been followed: all that is asked at once has been by then.
    if (this.#asked.push(ask) === 1) process.nextTick(() => this.#send())
    return promise
  }

  #send(): void {
    const asked = this.#asked
    this.#asked = []
    this.#thread.post(asked)
  }

  #fail(cause: Error): void {
    this.#failed ??= new HubError('UNAVAILABLE', `records.db failed: ${cause.message}`, { cause })
    for (const { reject } of this.#waiting.values()) reject(this.#failed)
    this.#waiting.clear()
    if (!this.#closing) this.#onFailed(this.#failed)
  }
}

// Short reads of the embedded engine, done where they are asked: each takes a fraction of a millisecond, and under load
// the way to a thread and back takes several.

import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { HubError } from '../model/error.ts'
import { SqliteError, toParameter } from './sqlite.connection.ts'
import { openStatements, type Run } from './sqlite.statements.ts'

/** A reader waits for nobody but while the log of the database is put in order: everything else waits with it. */
const WAIT_MS = 100
/** Who reads on and on lets the event loop have a turn after so many reads: some milliseconds. */
const READS_A_TURN = 100

/** For single reads only; the file is there. */
export class HereConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #run: Run
  #inTurn = 0

  readonly #endTurn = (): void => {
    this.#inTurn = 0
  }

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { readOnly: true, timeout: WAIT_MS })
    this.#run = openStatements(this.#database)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#inTurn++ === 0) setImmediate(this.#endTurn)
    if (this.#inTurn > READS_A_TURN) await turn()
    try {
      return { rows: this.#run(sql, parameters.map(toParameter)).rows as R[] }
    } catch (error) {
      const { message, errcode } = error as Error & { errcode?: number }
      throw new SqliteError(message, { errcode, sql })
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely's interface asks for it; no caller of the hub streams rows.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new HubError('INTERNAL', 'rows are read in pages, not streamed')
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}

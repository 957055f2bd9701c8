// A transaction on PostgreSQL whose statements are sent without waiting for each other's answers, in two flights: what
// is read, then the turn, what follows from the reading, and COMMIT. The turn is held for no answer to this process,
// which may be busy: whoever else writes to the desk waits for it.

import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import pg from 'pg'
import { HubError } from '../model/error.ts'
import type { AtOnce, Written } from './at-once.ts'
import type { Db } from './db.ts'
import type { Tables } from './schema.ts'
import type { Statement } from './whole.ts'

const BEGIN = CompiledQuery.raw('begin')
/** As `takeTurn` (db.ts). */
const TURN = CompiledQuery.raw(`select value from counters where name = 'feed' for update`)
const COMMIT = CompiledQuery.raw('commit')
const ROLLBACK = CompiledQuery.raw('rollback')

/**
 * Runs `turn` on a connection of its own. Nothing is written in the first flight: a statement whose BEGIN had failed
 * would commit alone.
 */
export function inTwoFlights<R, T>(db: Db, turn: AtOnce<R, T>): Promise<T> {
  return db.getExecutor().provideConnection(async connection => {
    const { statements, answer } = await decide(connection, turn).catch(async (error: unknown) => {
      await connection.executeQuery(ROLLBACK)
      throw error
    })
    // Once one has failed the server takes no other, and COMMIT rolls back.
    const taken = statements.length > 0 ? [connection.executeQuery<{ command: string }>(TURN)] : []
    const writes = statements.map(statement => runChecked(connection, statement))
    const ends = await landed([...taken, ...writes, connection.executeQuery<{ command: string }>(COMMIT)])
    if (ends.at(-1)?.rows[0]?.command !== 'COMMIT')
      throw new HubError('UNAVAILABLE', 'PostgreSQL did not commit a transaction')
    return answer
  })
}

async function decide<R, T>(
  connection: DatabaseConnection,
  { read, write }: AtOnce<R, T>,
): Promise<Written<T>> {
  const begun = connection.executeQuery(BEGIN)
  const reading = read(onConnection(connection))
  await Promise.allSettled([begun, reading])
  await begun
  return write(await reading)
}

/** Waits for all of them. @throws what the first of them in their order failed with. */
async function landed<T>(flight: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(flight)
  return Promise.all(flight)
}

const DIVISION_BY_ZERO = '22012'

/** The server itself must find out that too few rows were changed: COMMIT is under way already. */
async function runChecked(
  connection: DatabaseConnection,
  { query, must }: Statement,
): Promise<QueryResult<{ command: string }>> {
  if (!must) return connection.executeQuery(query)
  const isMet = `(select case count(*) when ${must.change} then 1 else 0 end from changed)`
  const checked = `with changed as (${query.sql} returning 1) select 1 / ${isMet}`
  try {
    return await connection.executeQuery(CompiledQuery.raw(checked, [...query.parameters]))
  } catch (error) {
    throw error instanceof pg.DatabaseError && error.code === DIVISION_BY_ZERO ? must.otherwise() : error
  }
}

/** The tables on this connection, where queries do not wait for each other. For as long as it is held. */
function onConnection(connection: DatabaseConnection): Db {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new HeldDriver(connection),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: db => new PostgresIntrospector(db),
    },
    plugins: [new CamelCasePlugin()],
  })
}

class HeldDriver implements Driver {
  readonly #connection: DatabaseConnection
  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  acquireConnection = async (): Promise<DatabaseConnection> => this.#connection
  init = async (): Promise<void> => undefined
  releaseConnection = async (): Promise<void> => undefined
  destroy = async (): Promise<void> => undefined
  beginTransaction = refused
  commitTransaction = refused
  rollbackTransaction = refused
}

async function refused(): Promise<never> {
  throw new HubError('INTERNAL', 'no transaction within a transaction')
}

// Connections to PostgreSQL: a bounded pool for each use, whose sessions are set the same way whatever the URL,
// the role or the server says, and are looked at before anything is written through them.

import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import { storable } from '../model/text.ts'
import type { Outage } from './postgres.outage.ts'
import { startNames } from './postgres.prepared.ts'
import { checkSession, type SessionFacts } from './postgres.start.ts'

export type Use = 'write' | 'read' | 'feed' | 'figures' | 'migrate'

type Bounds = {
  connections: number
  statementMs: number
  answerMs: number
  writes: boolean
  isOften: boolean
}

/**
 * `statementMs` bounds a statement on the server, `answerMs` the wait for its answer here: a server that stands
 * still keeps no bounds. Writers of alarms take turns, so few connections serve them; six processes take 60 of
 * the 100 that a server has room for unless it is told otherwise, and two more each that is asked for figures. `isOften`: an
 * alarm asks the same few statements of it again and again.
 */
const USES: Record<Use, Bounds> = {
  write: { connections: 4, statementMs: 10_000, answerMs: 12_000, writes: true, isOften: true },
  read: { connections: 4, statementMs: 15_000, answerMs: 18_000, writes: false, isOften: false },
  feed: { connections: 2, statementMs: 5_000, answerMs: 7_000, writes: false, isOften: true },
  figures: { connections: 2, statementMs: 60_000, answerMs: 63_000, writes: false, isOften: false },
  migrate: { connections: 1, statementMs: 600_000, answerMs: 601_000, writes: true, isOften: false },
}

/**
 * A process that stands still in the middle of a transaction holds its turn. The server then ends its session, and
 * whoever waited goes on: they wait longer than that, and so do those who wait for a connection behind them.
 */
const STANDSTILL_MS = 3_000
const LOCK_MS = 5_000
/** To be connected, or to be given a connection that is free. */
const CONNECT_MS = 5_000

export function openPool({
  url,
  use,
  outage,
  log,
}: {
  url: string
  use: Use
  outage: Outage
  log: Log
}): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url.trim(),
    application_name: `anxin ${use}`,
    max: USES[use].connections,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 0, // an alarm does not wait for a connection to be made
    query_timeout: USES[use].answerMs,
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser },
    onConnect: async client => checkSession(await setSession(client, use), log),
  })
  // Without a listener an error of a connection would end the process. Whoever uses it is told by the query.
  pool.on('error', error => void outage.judge(error))
  pool.on('connect', client => void client.on('error', error => void outage.judge(error)))
  const nameOf = USES[use].isOften ? startNames() : () => undefined
  return {
    options: pool.options,
    connect: () => take(pool, { use, outage, nameOf }),
    end: () => pool.end(),
  }
}

async function setSession(client: pg.ClientBase, use: Use): Promise<SessionFacts> {
  const { statementMs, writes } = USES[use]
  const answer = (await client.query(`
    set synchronous_commit = on;
    set idle_in_transaction_session_timeout = ${STANDSTILL_MS};
    set lock_timeout = ${use === 'migrate' ? 0 : LOCK_MS};
    set statement_timeout = ${statementMs};
    set default_transaction_isolation = 'read committed';
    set default_transaction_read_only = ${writes ? 'off' : 'on'};
    select current_setting('fsync') as fsync,
      current_setting('full_page_writes') as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit",
      current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as "isStandby"`)) as unknown as pg.QueryResult[]
  return answer.at(-1)?.rows[0] as SessionFacts
}

type Given = { use: Use; outage: Outage; nameOf: (text: string) => string | undefined }

async function take(pool: pg.Pool, given: Given): Promise<PostgresPoolClient> {
  const { use, outage } = given
  try {
    return guarded(await pool.connect(), given)
  } catch (error) {
    // Whoever waited in vain for the others of this process has learnt nothing about the server.
    if (pool.totalCount >= USES[use].connections)
      throw new HubError('UNAVAILABLE', 'the records database: every connection is in use', { cause: error })
    throw outage.judge(error).error
  }
}

/** A connection as Kysely takes it. One that was lost is not given to anybody else. */
function guarded(client: pg.PoolClient, { outage, nameOf }: Given): PostgresPoolClient {
  let lost: unknown
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    if (lost) throw lost // what comes after it would only hide why
    gather(client)
    const name = nameOf(text)
    const asked = { text, values: values.map(toParameter), ...(name !== undefined && { name }) }
    try {
      const answer: unknown = await client.query(asked)
      outage.over()
      return answer
    } catch (error) {
      const judged = outage.judge(error)
      // One that could not go back is in the middle of a transaction still.
      if (judged.isLost || text === 'rollback') lost = judged.error
      throw judged.error
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: isDiscarded => client.release(isDiscarded || lost !== undefined),
  }
}

/** What is asked in one turn of the event loop goes out as one write: each is a call of the system, and wakes the server. */
function gather(client: pg.PoolClient): void {
  const { stream } = client.connection
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** PostgreSQL refuses a NUL in a text: it would refuse the alarm that holds it. */
const toParameter = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value)

const INT8 = 20
const NUMERIC = 1700

/** Whole numbers of 64 bits, and counts and sums, are numbers here as they are on SQLite. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 || oid === NUMERIC ? toNumber : pg.types.getTypeParser(oid, format as 'text')

function toNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && !Number.isSafeInteger(number))
    throw new RangeError(`${text} is larger than a number can hold exactly`)
  return number
}

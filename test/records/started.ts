// Records of a test, on the engine that the run is for: PostgreSQL where the run has a server for its tests
// (vitest.config.ts), else SQLite. Either way they are new, and go with the test.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { inject, onTestFinished } from 'vitest'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import { openRecords, type Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { query } from '../servers/postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server whose database `ground` has the tables of the records and nothing in them. */
    postgresUrl: string
  }
}

/** The engine of this run, for what only one of them has. */
export const ENGINE = inject('postgresUrl') ? 'postgres' : 'sqlite'

export async function testRecords(clock: Clock): Promise<Records> {
  const records = await newRecords(clock)
  onTestFinished(records.close)
  return records
}

/** Records whose `close` removes them as well. */
export function newRecords(clock: Clock): Promise<Records> {
  const serverUrl = inject('postgresUrl')
  return serverUrl ? onPostgres(serverUrl, clock) : onSqlite(clock)
}

async function onSqlite(clock: Clock): Promise<Records> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-records-'))
  const records = await openRecords({ dataDir, clock, nudge: startNudge() })
  return {
    ...records,
    async close() {
      await records.close()
      await rm(dataDir, { recursive: true })
    },
  }
}

const noLine = (): void => undefined
const silent: Log = { debug: noLine, info: noLine, warn: noLine, error: noLine, child: () => silent }

let databases = 0

async function onPostgres(serverUrl: string, clock: Clock): Promise<Records> {
  const name = `t_${process.pid}_${++databases}`
  await query(serverUrl, `create database ${name} template ground`)
  const url = serverUrl.replace(/postgres$/, name)
  const records = await openPostgresRecords({ url, nudge: startNudge(), log: silent })
  return {
    ...records,
    // Stories move the clock by hand, and leases are compared on the database's.
    now: () => sql<number>`cast(${clock.now()} as bigint)`,
    async close() {
      await records.close()
      await query(serverUrl, `drop database ${name} with (force)`)
    },
  }
}

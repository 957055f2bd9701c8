// Records of a test, on the engine that the run is for: PostgreSQL where the run has a server for its tests
// (vitest.config.ts), else SQLite. Either way they are new, and go with the test.

import { copyFile, mkdtemp, rm } from 'node:fs/promises'
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
    /** A `records.db` of the same kind. */
    sqliteGround: string
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
export async function newRecords(clock: Clock): Promise<Records> {
  const place = await newPlace(clock)
  const records = await place.open()
  return { ...records, close: () => place.remove() }
}

/** A new database, which several may open, as several processes would. */
export type Place = { open(): Promise<Records> /** Closes what was opened, too. */; remove(): Promise<void> }

export async function newPlace(clock: Clock): Promise<Place> {
  const serverUrl = inject('postgresUrl')
  const { open, remove } = await (serverUrl ? onPostgres(serverUrl, clock) : onSqlite(clock))
  const opened: Records[] = []
  return {
    async open() {
      const records = await open()
      opened.push(records)
      return records
    },
    async remove() {
      for (const records of opened) await records.close()
      await remove()
    },
  }
}

async function onSqlite(clock: Clock): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-records-'))
  await copyFile(inject('sqliteGround'), join(dataDir, 'records.db'))
  return {
    open: () => openRecords({ dataDir, clock, nudge: startNudge() }),
    remove: () => rm(dataDir, { recursive: true }),
  }
}

const noLine = (): void => undefined
const silent: Log = { debug: noLine, info: noLine, warn: noLine, error: noLine, child: () => silent }

let databases = 0

async function onPostgres(serverUrl: string, clock: Clock): Promise<Place> {
  const name = `t_${process.pid}_${++databases}`
  // Its files are copied: what is written into the log page by page takes the server twice the work.
  await query(serverUrl, `create database ${name} template ground strategy file_copy`)
  const url = serverUrl.replace(/postgres$/, name)
  return {
    async open() {
      const records = await openPostgresRecords({ url, nudge: startNudge(), log: silent })
      // Stories move the clock by hand, and leases are compared on the database's.
      return { ...records, now: () => sql<number>`cast(${clock.now()} as bigint)` }
    },
    remove: async () => void (await query(serverUrl, `drop database ${name} with (force)`)),
  }
}

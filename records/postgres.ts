// The system of record on PostgreSQL, shared by every process of the hub: the same tables and queries as on
// SQLite, over pools of connections that come back by themselves after an outage.

import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import { type Db, type Records, readEpoch } from './db.ts'
import { migrate } from './migrate.ts'
import type { Nudge } from './nudge.ts'
import { startOutage } from './postgres.outage.ts'
import { openPool, type Use } from './postgres.pool.ts'
import { readAddress, startFailure } from './postgres.start.ts'
import type { Tables } from './schema.ts'

/**
 * Opens the database behind `url` (`postgres://user:password@host:port/database`) and brings its tables up to
 * date. An outage afterwards is never for good: queries fail with UNAVAILABLE until the database is back.
 * With `mayBeAway`, for roles that work on without it, the outage may be there from the start; nothing is brought up
 * to date then, and the epoch stays empty.
 * @throws HubError with one line on what to do: CONFIG_INVALID, UNAVAILABLE, RECORDS_INCOMPATIBLE.
 */
export async function openPostgresRecords({
  url,
  nudge,
  log,
  mayBeAway = false,
}: {
  url: string
  nudge: Nudge
  log: Log
  mayBeAway?: boolean
}): Promise<Records> {
  const address = readAddress(url)
  const outage = startOutage(log)
  const connect = (use: Use): Db =>
    new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: async () => openPool({ url, use, outage, log }) }),
      plugins: [new CamelCasePlugin()],
    })
  const db = connect('write')
  let epoch = ''
  try {
    await migrateAlone(connect('migrate'), log)
    epoch = await readEpoch(db)
  } catch (error) {
    const failure = startFailure(error, address)
    if (!mayBeAway || !isAway(failure)) {
      await db.destroy()
      throw failure
    }
    log.error({ reason: failure.message }, 'the records database is away; this process works on without it')
  }
  const read = connect('read')
  const feed = connect('feed')
  const figures = connect('figures')
  return {
    db,
    read,
    feed,
    figures,
    now: () => sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
    nudge,
    epoch,
    failed: new Promise(() => undefined),
    async close() {
      outage.close()
      await Promise.all([read, feed, figures, db].map(each => each.destroy()))
    },
  }
}

const isAway = (failure: unknown): failure is HubError =>
  failure instanceof HubError && failure.code === 'UNAVAILABLE'

async function migrateAlone(db: Db, log: Log): Promise<void> {
  try {
    await migrate(db, { what: 'the records database', log })
  } finally {
    await db.destroy()
  }
}

// The records for a program that only looks: nothing is brought up to date, nothing can be written, and a hub may
// run on them.

import { existsSync } from 'node:fs'
import { CamelCasePlugin, type Dialect, Kysely, PostgresDialect } from 'kysely'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Db } from './db.ts'
import { startOutage } from './postgres.outage.ts'
import { openPool } from './postgres.pool.ts'
import { readAddress } from './postgres.start.ts'
import type { Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

/** `url` as in DATABASE_URL, `path` of a `records.db`. */
export type Where = { url: string } | { path: string }

const noLine = (): void => undefined
const SILENT: Log = { debug: noLine, info: noLine, warn: noLine, error: noLine, child: () => SILENT }

/** @throws HubError CONFIG_INVALID with one line on what to set. */
export function openForReading(where: Where): { db: Db; close(): Promise<void> } {
  if ('url' in where) return openUrl(where.url)
  if (!existsSync(where.path))
    throw new HubError('CONFIG_INVALID', `there is no ${where.path}; set DATA_DIR or DATABASE_URL`)
  const db = kyselyOf(sqliteDialect({ path: where.path, readOnly: true, onFailed: noLine }))
  return { db, close: () => db.destroy() }
}

function openUrl(url: string): { db: Db; close(): Promise<void> } {
  readAddress(url) // or one line says what is wrong with it
  const outage = startOutage(SILENT)
  const pool = async () => openPool({ url, use: 'read', outage, log: SILENT })
  const db = kyselyOf(new PostgresDialect({ pool }))
  return {
    db,
    async close() {
      outage.close()
      await db.destroy()
    },
  }
}

const kyselyOf = (dialect: Dialect): Db => new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] })

// Two elders with something in every table, one of whom is to be forgotten, and all that is looked at afterwards.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sql } from 'kysely'
import { type ErasureDeps, passErasures } from '../../alerts/erasure.ts'
import { HubError } from '../../model/error.ts'
import { epochMs } from '../../model/units.ts'
import type { Db, Records } from '../../records/db.ts'
import { erasureOf, requestErasure } from '../../records/erasures.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { testLog } from '../gateway/desk.ts'
import { seedElder } from './elder.ts'
import { testRecords } from './started.ts'

export const NOW = Date.UTC(2026, 9, 12, 8)
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const ELDER = { id: 'elder', mark: 'Mxq7ELDER', number: '+8613800001111', until: NOW }
export const NEIGHBOUR = { id: 'neighbour', mark: 'Mxq7NEIGHBOUR', number: '+8613800002222', until: NOW }

export async function open() {
  let now = NOW
  const clock = { now: () => epochMs(now) }
  const records = await testRecords(clock)
  const elder = await seedElder(records, ELDER)
  const neighbour = await seedElder(records, NEIGHBOUR)
  const erased: { deviceId: string; from: number; to: number }[][] = []
  const archive = { isBehind: false, isAway: false }
  const deps: ErasureDeps = {
    records,
    clock,
    log: testLog(),
    engine: {
      partitions: 1,
      readerAt: async () => (archive.isBehind ? undefined : '1'),
      stream: { read: async () => [] },
    },
    history: {
      async erase(spans) {
        if (archive.isAway) throw new HubError('UNAVAILABLE', 'the history is away')
        erased.push([...spans])
      },
    },
  }
  return {
    records,
    elder,
    neighbour,
    erased,
    archive,
    deps,
    advance: (ms: number) => {
      now += ms
    },
    request: (residentId = elder.id, confirm = `${ELDER.mark} 王秀英`) =>
      requestErasure(records, {
        scope: WHOLE_HUB,
        residentId,
        reason: 'elder_asked',
        confirm,
        by: 'admin_1',
        at: now,
      }),
    pass: () => passErasures(deps),
    state: async () => (await erasureOf(records.db, elder.id))?.state,
  }
}

/** Every table with its columns, as the database has them. */
export async function columnsOf(db: Db): Promise<Map<string, { name: string; isText: boolean }[]>> {
  const tables = await db.introspection.getTables()
  const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return new Map(
    tables
      .filter(({ name }) => !name.startsWith('kysely'))
      .map(({ name, columns }) => [
        camel(name),
        columns.map(column => ({ name: camel(column.name), isText: /text/i.test(column.dataType) })),
      ]),
  )
}

/** Everything that stands in any table. */
export async function dumpOf({ db }: Records): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {}
  for (const table of (await columnsOf(db)).keys()) {
    const { rows } = await sql<object>`select * from ${sql.table(table)}`.execute(db)
    dump[table] = rows.map(row => JSON.stringify(row)).sort()
  }
  return dump
}

export const linesWith = (dump: Record<string, string[]>, text: string): string[] =>
  Object.entries(dump).flatMap(([table, rows]) =>
    rows.filter(row => row.includes(text)).map(row => `${table} ${row}`),
  )

/** The embedded database's own files, byte for byte. */
export async function filesWith({ db }: Records, text: string): Promise<string[]> {
  const { rows } = await sql<{ file: string }>`select file from pragma_database_list`.execute(db)
  const path = rows[0]?.file ?? ''
  const files = readdirSync(dirname(path)).filter(name => name.startsWith(basename(path)))
  return files.filter(name => readFileSync(join(dirname(path), name)).includes(text))
}

// A thread that has history.db open: one writes, one reads, and neither waits for the other.
//
//   sample_<day>    one row a sample        message_<day>   events and bursts as they were sent
//
// <day> counts from 1970-01-01 UTC by `at`. A day that is no longer kept is a table that is dropped: no row is looked
// for to be deleted. What is lost in a power cut is written again by whoever archives (synchronous = NORMAL).

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Bucket } from '../model/history.ts'
import type {
  Having,
  HistoryAnswers,
  HistoryMessage,
  HistoryReply,
  HistoryRequest,
  MessageRow,
} from './history.sqlite.requests.ts'
import { type PackedSamples, SAMPLE_COLUMNS, type SampleRow, valuesOf } from './history.sqlite.rows.ts'
import { DAY_MS, LATEST_DAYS } from './history.ts'

export type HistoryThreadData = { path: string; readOnly: boolean }

const { path, readOnly } = workerData as HistoryThreadData
const db = new DatabaseSync(path, { readOnly })
db.exec('PRAGMA busy_timeout = 500') // the file is this hub's alone; what is refused is tried again
if (!readOnly)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4096')

const COLUMNS = ['device', ...SAMPLE_COLUMNS].join(', ')
/** A word, a whole number where it fits, else a number: SQLite's NUMERIC. */
const COLUMN_TYPES = SAMPLE_COLUMNS.map(name => `${name} NUMERIC`).join(', ')
const MESSAGE_COLUMNS = 'device, at, nudge, received, type, cut, payload'

const HAVING: Record<Having, string> = {
  any: '1',
  fix: 'lat IS NOT NULL',
  vitals: ['hr', 'spo2', 'sbp', 'dbp', 'temp', 'rr'].map(name => `${name} <> 0`).join(' OR '),
}

parentPort?.on('message', ({ id, request }: HistoryMessage) => {
  parentPort?.postMessage(reply(id, request))
  if (request.op === 'close') parentPort?.close()
})

function reply(id: number, request: HistoryRequest): HistoryReply {
  try {
    return { id, answer: perform(request) }
  } catch (error) {
    return { id, error: (error as Error).message }
  }
}

function perform(request: HistoryRequest): HistoryAnswers[HistoryRequest['op']] {
  switch (request.op) {
    case 'write':
      return write(request)
    case 'samples':
      return samples(request)
    case 'messages':
      return messages(request)
    case 'sums':
      return sums(request)
    case 'newest':
      return newest(request)
    case 'retain':
      return retain(request.before)
    case 'ping':
      db.prepare('SELECT count(*) FROM sqlite_schema').get()
      return null
    case 'close':
      db.close()
      return null
  }
}

/** Statements by table. They are forgotten with a table that is dropped, and with a transaction that made one and failed. */
const inserts = new Map<string, StatementSync>()

function write({ samples, messages }: { samples: PackedSamples; messages: readonly MessageRow[] }): null {
  db.exec('BEGIN IMMEDIATE')
  try {
    samples.devices.forEach((device, index) => {
      const values = valuesOf(samples, index)
      insertSample(Math.floor(Number(values[0]) / DAY_MS)).run(device, ...values)
    })
    for (const { device, at, nudge, received, type, cut, payload } of messages) {
      insertMessage(Math.floor(at / DAY_MS)).run(device, at, nudge, received, type, cut, payload)
    }
    db.exec('COMMIT')
    return null
  } catch (error) {
    inserts.clear()
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function insertSample(day: number): StatementSync {
  const table = `sample_${day}`
  const slots = `?${', ?'.repeat(SAMPLE_COLUMNS.length)}`
  return insertInto(table, {
    create: `CREATE TABLE IF NOT EXISTS ${table} (device TEXT, ${COLUMN_TYPES}, PRIMARY KEY (device, at, nudge)) WITHOUT ROWID`,
    insert: `INSERT OR REPLACE INTO ${table} (${COLUMNS}) VALUES (${slots})`,
  })
}

function insertMessage(day: number): StatementSync {
  const table = `message_${day}`
  return insertInto(table, {
    create: `CREATE TABLE IF NOT EXISTS ${table} (device TEXT, at INTEGER, nudge INTEGER, received INTEGER, type TEXT,
      cut INTEGER, payload BLOB, PRIMARY KEY (device, type, at, nudge))`,
    insert: `INSERT OR REPLACE INTO ${table} (${MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  })
}

function insertInto(table: string, { create, insert }: { create: string; insert: string }): StatementSync {
  const known = inserts.get(table)
  if (known) return known
  db.exec(create)
  const statement = db.prepare(insert)
  inserts.set(table, statement)
  return statement
}

type Asked<Op extends HistoryRequest['op']> = Extract<HistoryRequest, { op: Op }>

function samples({ device, day, after: [at, nudge], to, limit }: Asked<'samples'>): SampleRow[] {
  if (!exists(`sample_${day}`)) return []
  const rows = db
    .prepare(
      `SELECT ${COLUMNS} FROM sample_${day} WHERE device = ? AND (at, nudge) > (?, ?) AND at < ?
       ORDER BY at, nudge LIMIT ?`,
    )
    .all(device, at, nudge, to, limit)
  return rows as SampleRow[]
}

function messages({ device, type, day, after: [at, nudge], to, limit }: Asked<'messages'>): MessageRow[] {
  if (!exists(`message_${day}`)) return []
  const rows = db
    .prepare(
      `SELECT ${MESSAGE_COLUMNS} FROM message_${day} WHERE device = ? AND type = ? AND (at, nudge) > (?, ?) AND at < ?
       ORDER BY at, nudge LIMIT ?`,
    )
    .all(device, type, at, nudge, to, limit)
  return rows as MessageRow[]
}

function sums({ device, day, from, to, column, zeroIsNone, everyMs, origin }: Asked<'sums'>): Bucket[] {
  if (!exists(`sample_${day}`)) return []
  const has = zeroIsNone ? `${column} <> 0` : `${column} IS NOT NULL`
  const rows = db
    .prepare(
      `SELECT CAST((at - ?) / (? * 1.0) AS INTEGER) AS place, sum(${column}) AS mean, min(${column}) AS min,
         max(${column}) AS max, count(*) AS count
       FROM sample_${day} WHERE device = ? AND at >= ? AND at < ? AND ${has} GROUP BY place ORDER BY place`,
    )
    .all(origin, everyMs, device, from, to)
  return rows.map(({ place, mean, min, max, count }) => ({
    at: origin + Number(place) * everyMs,
    mean: Number(mean),
    min: Number(min),
    max: Number(max),
    count: Number(count),
  }))
}

/** Day by day backwards, until there is one. */
function newest({ device, having, from, to }: Asked<'newest'>): SampleRow | null {
  const last = Math.floor((to - 1) / DAY_MS)
  const first = Math.max(Math.floor(from / DAY_MS), last - LATEST_DAYS)
  for (let day = last; day >= first; day--) {
    if (!exists(`sample_${day}`)) continue
    const row = db
      .prepare(
        `SELECT ${COLUMNS} FROM sample_${day} WHERE device = ? AND at >= ? AND at < ? AND (${HAVING[having]})
         ORDER BY at DESC, nudge DESC LIMIT 1`,
      )
      .get(device, from, to)
    if (row !== undefined) return row as SampleRow
  }
  return null
}

function retain(before: number): null {
  const firstKept = Math.floor(before / DAY_MS)
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    const [, day] = /^(?:sample|message)_(\d+)$/.exec(String(name)) ?? []
    if (day === undefined || Number(day) >= firstKept) continue
    inserts.delete(String(name))
    db.exec(`DROP TABLE ${name}`)
  }
  return null
}

const exists = (table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined

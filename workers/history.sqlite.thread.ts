// A thread that has history.db open: one writes, one reads, and neither waits for the other.
//
//   sample_<day>    one row a sample        message_<day>   events and bursts as they were sent
//
// <day> counts from 1970-01-01 UTC by `at`. A day that is no longer kept is a table that is dropped: no row is looked
// for to be deleted. What is lost in a power cut is written again by whoever archives (synchronous = NORMAL).

import { constants, setPriority } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
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
import { retainSlice } from './history.sqlite.retain.ts'
import { MESSAGE_COLUMNS, SAMPLE_COLUMNS, type SampleRow } from './history.sqlite.rows.ts'
import { openWriting } from './history.sqlite.write.ts'
import { DAY_MS, LATEST_DAYS } from './history.ts'

export type HistoryThreadData = { path: string; readOnly: boolean }

/**
 * Every device that speaks has a page of its own that its next sample goes to. Those of ten thousand devices are in
 * memory: otherwise most samples begin with a page that is read from the file.
 */
const PAGES_IN_MEMORY_KIB = 64 * 1024

const { path, readOnly } = workerData as HistoryThreadData
const db = new DatabaseSync(path, { readOnly })
db.exec('PRAGMA busy_timeout = 500') // the file is this hub's alone; what is refused is tried again
if (!readOnly) {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4096')
  // What is replaced is overwritten where it stood, as far as no page is written for that alone.
  db.exec('PRAGMA secure_delete = FAST')
  db.exec(`PRAGMA cache_size = -${PAGES_IN_MEMORY_KIB}`)
  beLast()
}
const writing = openWriting(db)

const COLUMNS = ['device', ...SAMPLE_COLUMNS].join(', ')

const HAVING: Record<Having, string> = {
  any: '1',
  fix: 'lat IS NOT NULL',
  vitals: ['hr', 'spo2', 'sbp', 'dbp', 'temp', 'rr'].map(name => `${name} <> 0`).join(' OR '),
}

parentPort?.on('message', ({ id, request }: HistoryMessage) => {
  parentPort?.postMessage(reply(id, request))
  if (request.op === 'close') parentPort?.close()
})

/**
 * Whoever else wants the processor goes first: the log, alarms, and even charts. Linux keeps a priority for each
 * thread, and 0 names the one that asks (`man 2 setpriority`, "C library/kernel differences"); elsewhere it would be
 * the whole process. Threads that this one starts would be as low: it starts none, for all it does is synchronous.
 */
function beLast(): void {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW)
}

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
      return writing.write(request.packed)
    case 'samples':
      return samples(request)
    case 'messages':
      return messages(request)
    case 'sums':
      return sums(request)
    case 'newest':
      return newest(request)
    case 'retain':
      return retainSlice(db, request, writing.forget)
    case 'erase':
      return erase(request)
    case 'cut':
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return null
    case 'ping':
      db.prepare('SELECT count(*) FROM sqlite_schema').get()
      return null
    case 'close':
      db.close()
      return null
  }
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

/** Pages that are freed are overwritten: only here, for a day that is let go of would be written whole for it. */
function erase({ device, day, from, to }: Asked<'erase'>): null {
  db.exec('PRAGMA secure_delete = ON; BEGIN IMMEDIATE')
  try {
    for (const table of [`sample_${day}`, `message_${day}`]) {
      if (exists(table))
        db.prepare(`DELETE FROM ${table} WHERE device = ? AND at >= ? AND at < ?`).run(device, from, to)
    }
    db.exec('COMMIT')
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK')
    db.exec('PRAGMA secure_delete = FAST')
  }
  return null
}

const exists = (table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined

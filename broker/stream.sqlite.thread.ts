// The thread that owns stream.db: it takes one request at a time and answers it when it is on the disk.
//
// Its tables stand in stream.sqlite.file.ts. A log's number is (partition × 3 + lane) × 2 + side.

import { parentPort, workerData } from 'node:worker_threads'
import { openStreamFile } from './stream.sqlite.file.ts'
import { type Committed, type Lease, ownerLease } from './stream.ts'

export type StreamThreadData = { path: string; partitions: number; boundBytes: number }

/** Entries travel as one packed buffer that is transferred, not copied: `lengths[i]` bytes go to log `logs[i]`. */
export type StreamRequest =
  | {
      op: 'append'
      logs: readonly number[]
      lengths: readonly number[]
      kept: readonly boolean[]
      packed: ArrayBuffer
    }
  | { op: 'read'; logs: readonly number[]; after: readonly number[]; maxBytes: number }
  | {
      op: 'commit'
      log: number
      outLog: number
      lease: string
      fence: number
      expected: number
      cursor: number
      findings: readonly Uint8Array[]
      state: { set: readonly (readonly [string, string])[]; delete: readonly string[] } | undefined
      checkpoint: number
    }
  | { op: 'load'; log: number }
  | { op: 'lease'; name: string; owner: string; ttlMs: number; nowMs: number }
  | {
      op: 'trim'
      log: number
      reader: { name: string; upTo: number } | { name: string; removed: true } | undefined
    }
  | { op: 'usage' }
  | { op: 'reaches'; pos: number }
  | { op: 'owners'; partitions: number; nowMs: number }
  | { op: 'close' }

export type StreamAnswers = {
  append: { shed: number[]; routineFill: number }
  read: { log: number; pos: number; data: Uint8Array }[]
  commit: Committed
  load: { cursor: number; checkpoint: number; state: [string, string][] }
  lease: Lease
  /** Whether there is more to delete. */
  trim: boolean
  usage: { motionBytes: number; routineBytes: number }
  reaches: boolean
  owners: (string | null)[]
  close: null
}

export type StreamReply =
  | { id: number; answer: StreamAnswers[keyof StreamAnswers] }
  | { id: number; error: string }

/** The sides and lanes of a log's number. */
const SIDE_IN = 0
const laneOf = (log: number): number => (log >> 1) % 3
const sideOf = (log: number): number => log & 1
const LANE_URGENT = 0
/** Entries deleted at a time, so that an append never waits long behind a trim. */
const TRIM_SLICE = 500

const { path, partitions, boundBytes } = workerData as StreamThreadData
const db = openStreamFile(path, partitions)
/** Bytes held by each bounded lane of the `in` side, by lane number. */
const heldBytes = countHeldBytes()

const insertEntry = db.prepare('INSERT INTO entry (log, data) VALUES (?, ?)')
const selectEntries = db.prepare(
  'SELECT pos, data FROM entry WHERE log = ? AND pos > ? ORDER BY pos LIMIT 256',
)
const deleteEntries = db.prepare(
  `DELETE FROM entry WHERE pos IN (SELECT pos FROM entry WHERE log = ? AND pos <= ? ORDER BY pos LIMIT ${TRIM_SLICE})
   RETURNING length(data) AS bytes`,
)
const selectFold = db.prepare('SELECT cursor, checkpoint FROM fold WHERE log = ?')
const upsertCursor = db.prepare(
  `INSERT INTO fold (log, cursor, checkpoint) VALUES (?, ?, 0)
   ON CONFLICT (log) DO UPDATE SET cursor = excluded.cursor`,
)
const updateCheckpoint = db.prepare('UPDATE fold SET checkpoint = ? WHERE log = ?')
const upsertState = db.prepare(
  'INSERT INTO state (log, key, value) VALUES (?, ?, ?) ON CONFLICT (log, key) DO UPDATE SET value = excluded.value',
)
const deleteState = db.prepare('DELETE FROM state WHERE log = ? AND key = ?')
const selectState = db.prepare('SELECT key, value FROM state WHERE log = ? ORDER BY key')
const selectLease = db.prepare('SELECT owner, until, fence FROM lease WHERE name = ?')
const upsertLease = db.prepare(
  `INSERT INTO lease (name, owner, until, fence) VALUES (?, ?, ?, ?)
   ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until, fence = excluded.fence`,
)
const upsertReader = db.prepare(
  `INSERT INTO reader (log, name, up_to) VALUES (?, ?, ?)
   ON CONFLICT (log, name) DO UPDATE SET up_to = max(up_to, excluded.up_to)`,
)
const deleteReader = db.prepare('DELETE FROM reader WHERE log = ? AND name = ?')
const selectNewest = db.prepare("SELECT seq AS newest FROM sqlite_sequence WHERE name = 'entry'")
const selectReaders = db.prepare('SELECT min(up_to) AS slowest FROM reader WHERE log = ?')

parentPort?.on('message', ({ id, request }: { id: number; request: StreamRequest }) => {
  try {
    const answer = perform(request)
    const reply: StreamReply = { id, answer }
    parentPort?.postMessage(reply)
    if (request.op === 'close') parentPort?.close()
  } catch (error) {
    const reply: StreamReply = { id, error: (error as Error).message }
    parentPort?.postMessage(reply)
  }
})

function perform(request: StreamRequest): StreamAnswers[keyof StreamAnswers] {
  switch (request.op) {
    case 'append':
      return append(request)
    case 'read':
      return read(request)
    case 'commit':
      return inTransaction(() => commit(request))
    case 'load':
      return load(request.log)
    case 'lease':
      return inTransaction(() => lease(request))
    case 'trim':
      return trim(request)
    case 'usage':
      return { motionBytes: heldBytes[1] ?? 0, routineBytes: heldBytes[2] ?? 0 }
    case 'reaches':
      return request.pos <= Number(selectNewest.get()?.newest ?? 0)
    case 'owners':
      return Array.from({ length: request.partitions }, (_, partition) => ownerOf(partition, request.nowMs))
    case 'close':
      db.close()
      return null
  }
}

function append({
  logs,
  lengths,
  kept,
  packed,
}: Extract<StreamRequest, { op: 'append' }>): StreamAnswers['append'] {
  const shed: number[] = []
  const added = [0, 0, 0]
  inTransaction(() => {
    let at = 0
    for (let i = 0; i < logs.length; i++) {
      const log = logs[i] as number
      const length = lengths[i] as number
      const lane = laneOf(log)
      const isFull =
        lane !== LANE_URGENT && !kept[i] && (heldBytes[lane] ?? 0) + (added[lane] ?? 0) + length > boundBytes
      if (isFull) shed.push(i)
      else {
        insertEntry.run(log, new Uint8Array(packed, at, length))
        added[lane] = (added[lane] ?? 0) + length
      }
      at += length
    }
  })
  for (let lane = 0; lane < 3; lane++) heldBytes[lane] = (heldBytes[lane] ?? 0) + (added[lane] ?? 0)
  return { shed, routineFill: Math.max(heldBytes[1] ?? 0, heldBytes[2] ?? 0) / boundBytes }
}

function read({ logs, after, maxBytes }: Extract<StreamRequest, { op: 'read' }>): StreamAnswers['read'] {
  const found: StreamAnswers['read'] = []
  for (let i = 0; i < logs.length; i++) {
    const log = logs[i] as number
    let bytes = 0
    for (const row of selectEntries.iterate(log, after[i] as number)) {
      const data = row.data as Uint8Array
      found.push({ log, pos: row.pos as number, data })
      bytes += data.length
      if (bytes >= maxBytes) break
    }
  }
  return found
}

function commit(request: Extract<StreamRequest, { op: 'commit' }>): Committed {
  const { log, outLog, fence, expected, cursor, findings, state, checkpoint } = request
  if (selectLease.get(request.lease)?.fence !== fence) return 'fenced'
  const fold = selectFold.get(log)
  const stored = Number(fold?.cursor ?? 0)
  if (stored !== expected) {
    return stored === cursor && (!state || fold?.checkpoint === checkpoint) ? 'already' : 'moved'
  }
  for (const data of findings) insertEntry.run(outLog, data)
  upsertCursor.run(log, cursor)
  if (state) {
    for (const key of state.delete) deleteState.run(log, key)
    for (const [key, value] of state.set) upsertState.run(log, key, value)
    updateCheckpoint.run(checkpoint, log)
  }
  return 'committed'
}

function load(log: number): StreamAnswers['load'] {
  const fold = selectFold.get(log)
  return {
    cursor: Number(fold?.cursor ?? 0),
    checkpoint: Number(fold?.checkpoint ?? 0),
    state: selectState.all(log).map(row => [row.key as string, row.value as string]),
  }
}

function lease({ name, owner, ttlMs, nowMs }: Extract<StreamRequest, { op: 'lease' }>): Lease {
  const held = selectLease.get(name)
  const fence = Number(held?.fence ?? 0)
  if (held?.owner === owner) {
    upsertLease.run(name, ttlMs > 0 ? owner : null, ttlMs > 0 ? nowMs + ttlMs : 0, fence)
    return ttlMs > 0 ? { fence } : null
  }
  if (ttlMs === 0 || (held?.owner != null && Number(held.until) > nowMs)) return null
  upsertLease.run(name, owner, nowMs + ttlMs, fence + 1)
  return { fence: fence + 1 }
}

function ownerOf(partition: number, nowMs: number): string | null {
  const held = selectLease.get(ownerLease(partition))
  return held?.owner != null && Number(held.until) > nowMs ? String(held.owner) : null
}

function trim({ log, reader }: Extract<StreamRequest, { op: 'trim' }>): boolean {
  if (reader && 'removed' in reader) deleteReader.run(log, reader.name)
  else if (reader) upsertReader.run(log, reader.name, reader.upTo)
  const slowest = selectReaders.get(log)?.slowest as number | null
  const checkpoint = sideOf(log) === SIDE_IN ? Number(selectFold.get(log)?.checkpoint ?? 0) : undefined
  if (slowest === null && checkpoint === undefined) return false
  const upTo = Math.min(slowest ?? Number.POSITIVE_INFINITY, checkpoint ?? Number.POSITIVE_INFINITY)
  const lane = laneOf(log)
  const deleted = deleteEntries.all(log, upTo)
  if (sideOf(log) === SIDE_IN) {
    for (const { bytes } of deleted) heldBytes[lane] = (heldBytes[lane] ?? 0) - Number(bytes)
  }
  return deleted.length === TRIM_SLICE
}

function inTransaction<T>(work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function countHeldBytes(): number[] {
  const held = [0, 0, 0]
  for (const row of db.prepare('SELECT log, sum(length(data)) AS bytes FROM entry GROUP BY log').all()) {
    const log = Number(row.log)
    if (sideOf(log) === SIDE_IN) held[laneOf(log)] = (held[laneOf(log)] ?? 0) + Number(row.bytes)
  }
  return held
}

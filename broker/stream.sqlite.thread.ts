// The thread that owns stream.db: it takes whatever requests wait, and answers them when they are on the disk.
//
// Its tables stand in stream.sqlite.file.ts.

import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { ThreadData } from '../records/thread.ts'
import { pack, unpack } from './pack.ts'
import { READ_ENTRIES } from './stream.recent.ts'
import { openStreamFile } from './stream.sqlite.file.ts'
import { performTogether } from './stream.sqlite.group.ts'
import type { StreamAnswers, StreamMessage, StreamRequest } from './stream.sqlite.requests.ts'
import { type Committed, type Lease, ownerLease } from './stream.ts'

export type StreamThreadData = { path: string; partitions: number; boundBytes: number }

/** The sides and lanes of a log's number. */
const SIDE_IN = 0
const laneOf = (log: number): number => (log >> 1) % 3
const sideOf = (log: number): number => log & 1
const LANE_URGENT = 0
/** Bytes deleted at a time: an append may wait behind it. */
const TRIM_BYTES = 1024 * 1024
/** Appends that share one transaction: whoever comes after them waits for all of it. */
const TOGETHER_BYTES = 1024 * 1024

const { path, partitions, boundBytes, port } = workerData as ThreadData<StreamThreadData>
const db = openStreamFile(path, partitions)
/** Bytes held by each bounded lane of the `in` side, by lane number. */
const held = countHeld()

const insertEntry = db.prepare('INSERT INTO entry (log, data) VALUES (?, ?)')
const selectEntries = db.prepare(
  `SELECT pos, data FROM entry WHERE log = ? AND pos > ? ORDER BY pos LIMIT ${READ_ENTRIES}`,
)
const selectLengths = db.prepare(
  'SELECT pos, length(data) AS bytes FROM entry WHERE log = ? AND pos <= ? ORDER BY pos',
)
const deleteEntries = db.prepare('DELETE FROM entry WHERE log = ? AND pos <= ?')
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
const selectReader = db.prepare('SELECT up_to FROM reader WHERE log = ? AND name = ?')
const selectReaders = db.prepare('SELECT min(up_to) AS slowest FROM reader WHERE log = ?')

/** Trims that wait: nobody waits for them, so no transaction holds more than one. */
const trims: StreamMessage[] = []
let isTrimming = false

port.on('message', (first: StreamMessage) => {
  const messages = [first, ...waiting()].filter(isNoTrim)
  const isClosing = messages.some(({ request }) => request.op === 'close')
  answer([...messages, ...trims.splice(0, isClosing ? trims.length : 1)])
  if (!isClosing) return trimLater()
  db.close()
  port.close()
})

function answer(messages: readonly StreamMessage[]): void {
  for (const reply of performTogether(db, messages, { perform, held })) port.postMessage(reply)
}

/** Each of them alone, where there is nothing else to do. */
function trimLater(): void {
  if (isTrimming || trims.length === 0) return
  isTrimming = true
  setImmediate(() => {
    isTrimming = false
    answer(trims.splice(0, 1))
    trimLater()
  })
}

function isNoTrim(message: StreamMessage): boolean {
  if (message.request.op === 'trim') trims.push(message)
  return message.request.op !== 'trim'
}

/** What has arrived meanwhile: it shares the transaction, and with it the fsync. */
function* waiting(): Iterable<StreamMessage> {
  for (let bytes = 0; bytes < TOGETHER_BYTES; ) {
    const next: { message: StreamMessage } | undefined = receiveMessageOnPort(port)
    if (!next) return
    yield next.message
    if (next.message.request.op === 'append') bytes += next.message.request.together.byteLength
  }
}

function perform(request: StreamRequest): StreamAnswers[StreamRequest['op']] {
  switch (request.op) {
    case 'append':
      return append(request)
    case 'read':
      return read(request)
    case 'commit':
      return commit(request)
    case 'load':
      return load(request.log)
    case 'lease':
      return lease(request)
    case 'trim':
      return trim(request)
    case 'reader':
      return (selectReader.get(request.log, request.name)?.up_to as number | undefined) ?? null
    case 'usage':
      return { motionBytes: held[1] ?? 0, routineBytes: held[2] ?? 0 }
    case 'reaches':
      return request.pos <= Number(selectNewest.get()?.newest ?? 0)
    case 'owners':
      return Array.from({ length: request.partitions }, (_, partition) => ownerOf(partition, request.nowMs))
    case 'close':
      return null
  }
}

function append({
  logs,
  lengths,
  kept,
  together,
}: Extract<StreamRequest, { op: 'append' }>): StreamAnswers['append'] {
  const shed: number[] = []
  const positions: number[] = []
  let at = 0
  for (let i = 0; i < logs.length; i++) {
    const log = logs[i] as number
    const length = lengths[i] as number
    const lane = laneOf(log)
    const stored = pack(new Uint8Array(together, at, length))
    if (lane !== LANE_URGENT && !kept[i] && (held[lane] ?? 0) + stored.length > boundBytes) {
      shed.push(i)
      positions.push(0)
    } else {
      positions.push(insert(log, stored))
      held[lane] = (held[lane] ?? 0) + stored.length
    }
    at += length
  }
  return { shed, routineFill: Math.max(held[1] ?? 0, held[2] ?? 0) / boundBytes, positions }
}

/** Returns the position. */
const insert = (log: number, data: Uint8Array): number => Number(insertEntry.run(log, data).lastInsertRowid)

function read({ logs, after, maxBytes }: Extract<StreamRequest, { op: 'read' }>): StreamAnswers['read'] {
  const found: StreamAnswers['read'] = []
  for (let i = 0; i < logs.length; i++) {
    const log = logs[i] as number
    let bytes = 0
    for (const row of selectEntries.iterate(log, after[i] as number)) {
      const data = unpack(row.data as Uint8Array)
      found.push({ log, pos: row.pos as number, data })
      bytes += data.length
      if (bytes >= maxBytes) break
    }
  }
  return found
}

function commit(request: Extract<StreamRequest, { op: 'commit' }>): StreamAnswers['commit'] {
  const { log, outLog, fence, expected, cursor, findings, state, checkpoint } = request
  if (selectLease.get(request.lease)?.fence !== fence) return refused('fenced')
  const fold = selectFold.get(log)
  const stored = Number(fold?.cursor ?? 0)
  if (stored !== expected) {
    return refused(stored === cursor && (!state || fold?.checkpoint === checkpoint) ? 'already' : 'moved')
  }
  const positions = findings.map(data => insert(outLog, pack(data)))
  upsertCursor.run(log, cursor)
  if (state) {
    for (const key of state.delete) deleteState.run(log, key)
    for (const [key, value] of state.set) upsertState.run(log, key, value)
    updateCheckpoint.run(checkpoint, log)
  }
  return { committed: 'committed', positions }
}

const refused = (committed: Committed): StreamAnswers['commit'] => ({ committed, positions: [] })

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

function trim({ log, reader }: Extract<StreamRequest, { op: 'trim' }>): StreamAnswers['trim'] {
  if (reader && 'removed' in reader) deleteReader.run(log, reader.name)
  else if (reader) upsertReader.run(log, reader.name, reader.upTo)
  const slowest = selectReaders.get(log)?.slowest as number | null
  const checkpoint = sideOf(log) === SIDE_IN ? Number(selectFold.get(log)?.checkpoint ?? 0) : undefined
  if (slowest === null && checkpoint === undefined) return NOTHING_TRIMMED
  const upTo = Math.min(slowest ?? Number.POSITIVE_INFINITY, checkpoint ?? Number.POSITIVE_INFINITY)
  const slice = sliceOf(log, upTo)
  if (slice === undefined) return NOTHING_TRIMMED
  deleteEntries.run(log, slice.upTo)
  const lane = laneOf(log)
  if (sideOf(log) === SIDE_IN) held[lane] = (held[lane] ?? 0) - slice.bytes
  return { upTo: slice.upTo, hasMore: slice.hasMore }
}

const NOTHING_TRIMMED: StreamAnswers['trim'] = { upTo: 0, hasMore: false }

/** The oldest entries of a log, no more than go in one step. */
function sliceOf(log: number, upTo: number): { upTo: number; bytes: number; hasMore: boolean } | undefined {
  let slice: { upTo: number; bytes: number; hasMore: boolean } | undefined
  for (const { pos, bytes } of selectLengths.iterate(log, upTo)) {
    if (slice && slice.bytes >= TRIM_BYTES) return { ...slice, hasMore: true }
    slice = { upTo: Number(pos), bytes: (slice?.bytes ?? 0) + Number(bytes), hasMore: false }
  }
  return slice
}

function countHeld(): number[] {
  const counted = [0, 0, 0]
  for (const row of db.prepare('SELECT log, sum(length(data)) AS bytes FROM entry GROUP BY log').all()) {
    const log = Number(row.log)
    if (sideOf(log) === SIDE_IN) counted[laneOf(log)] = (counted[laneOf(log)] ?? 0) + Number(row.bytes)
  }
  return counted
}

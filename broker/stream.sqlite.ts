// The embedded stream engine: one SQLite file on a thread of its own. This side packs requests, waits for
// answers, and wakes readers when something was stored.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HubError } from '../model/error.ts'
import { LANES, type Lane } from '../model/lane.ts'
import type { Clock } from '../model/time.ts'
import { startThread } from '../records/thread.ts'
import { openRecent } from './stream.recent.ts'
import type { StreamAnswers, StreamMessage, StreamReply, StreamRequest } from './stream.sqlite.requests.ts'
import type { StreamThreadData } from './stream.sqlite.thread.ts'
import { type Append, type LogEntry, type OpenStream, ownerLease, type Side } from './stream.ts'

/**
 * Opens `stream.db` in `dataDir`, creating it for `partitions` partitions. The bounded lanes hold at most
 * `boundBytes` each.
 * @throws HubError PARTITIONS_CHANGED when the file was made for another number of partitions.
 */
export async function openSqliteStream({
  dataDir,
  partitions,
  boundBytes,
  clock,
}: {
  dataDir: string
  partitions: number
  boundBytes: number
  clock: Clock
}): Promise<OpenStream> {
  const path = join(dataDir, 'stream.db')
  const thread = openThread({ path, partitions, boundBytes })
  await thread.ask({ op: 'usage' })
  let epoch: string
  try {
    epoch = readMeta(path, partitions)
  } catch (error) {
    await thread.close()
    throw error
  }
  const wakes = createWakes()
  const recent = openRecent()
  void thread.failed.then(recent.forget) // readers learn it from the thread

  /** What was stored, for those who stand at the end of its log. */
  function stored(log: number, lane: Lane, { pos, data }: { pos: number; data: Uint8Array }): void {
    if (pos === 0) return // shed
    recent.add(log, pos, { lane, position: String(pos), data })
    wakes.wake(log)
  }

  /** A write that failed may have reached the file all the same: what is remembered is no longer all there is. */
  async function write<R extends StreamRequest>(
    ...request: [R, ArrayBuffer[]?]
  ): Promise<StreamAnswers[R['op']]> {
    try {
      return await thread.ask(...request)
    } catch (error) {
      recent.forget()
      throw error
    }
  }

  function readRecent({ logs, after, maxBytes }: ReadOfLogs): LogEntry[] | undefined {
    const found: LogEntry[] = []
    for (let i = 0; i < logs.length; i++) {
      const entries = recent.read(logs[i] as number, after[i] as number, maxBytes)
      if (entries === undefined) return undefined
      for (const entry of entries) found.push(entry)
    }
    return found
  }

  async function readFile(request: ReadOfLogs): Promise<LogEntry[]> {
    const rows = await thread.ask(request)
    for (let i = 0; i < request.logs.length; i++) {
      const log = request.logs[i] as number
      if (!rows.some(row => row.log === log)) recent.endsAt(log, request.after[i] as number)
    }
    return rows.map(({ log, pos, data }) => ({ lane: laneOf(log), position: String(pos), data }))
  }

  return {
    partitions,
    stream: {
      async append(entries) {
        const { positions, shed, routineFill } = await write(...packAppend(entries))
        entries.forEach(({ partition, lane, data }, index) => {
          stored(logNumber(partition, lane, 'in'), lane, { pos: positions[index] as number, data })
        })
        return { shed, routineFill }
      },

      async read({ partition, side, after, maxBytes, waitMs }) {
        const lanes = LANES.filter(lane => after[lane] !== undefined)
        const request: ReadOfLogs = {
          op: 'read',
          logs: lanes.map(lane => logNumber(partition, lane, side)),
          after: lanes.map(lane => Number(after[lane])),
          maxBytes,
        }
        const woken = waitMs > 0 ? wakes.wait(request.logs, waitMs) : undefined
        const entries = readRecent(request) ?? (await readFile(request))
        if (entries.length > 0 || !woken) {
          woken?.cancel()
          return entries
        }
        await woken.promise
        return readRecent(request) ?? (await readFile(request))
      },

      async commit({ partition, lane, fence, expected, cursor, findings, state, checkpoint }) {
        const outLog = logNumber(partition, lane, 'out')
        const { committed, positions } = await write({
          op: 'commit',
          log: logNumber(partition, lane, 'in'),
          outLog,
          lease: ownerLease(partition),
          fence,
          expected: Number(expected),
          cursor: Number(cursor),
          findings,
          state,
          checkpoint: Number(checkpoint ?? cursor),
        })
        positions.forEach((pos, index) => {
          stored(outLog, lane, { pos, data: findings[index] as Uint8Array })
        })
        return committed
      },

      async load({ partition, lane }) {
        const { cursor, checkpoint, state } = await thread.ask({
          op: 'load',
          log: logNumber(partition, lane, 'in'),
        })
        return { cursor: String(cursor), checkpoint: String(checkpoint), state: new Map(state) }
      },

      lease: ({ name, owner, ttlMs }) => thread.ask({ op: 'lease', name, owner, ttlMs, nowMs: clock.now() }),

      async trim({ partition, lane, side, reader }) {
        const moved =
          reader && ('removed' in reader ? reader : { name: reader.name, upTo: Number(reader.upTo) })
        const log = logNumber(partition, lane, side)
        for (let hasMore = true; hasMore; ) {
          const trimmed = await write({ op: 'trim', log, reader: moved })
          recent.trimmed(log, trimmed.upTo)
          hasMore = trimmed.hasMore
        }
      },
    },
    epoch,
    failed: thread.failed,
    // One sequence counts the positions of all logs.
    reaches: (_log, position) => thread.ask({ op: 'reaches', pos: Number(position) }),
    // One process holds the data directory: whoever calls the roll is alone.
    rollCall: async ({ member, ttlMs }) => (ttlMs > 0 ? [member] : []),
    owners: () => thread.ask({ op: 'owners', partitions, nowMs: clock.now() }),
    async readerAt({ partition, lane, side }, name) {
      const upTo = await thread.ask({ op: 'reader', log: logNumber(partition, lane, side), name })
      return upTo === null ? undefined : String(upTo)
    },
    usage: () => thread.ask({ op: 'usage' }),
    async close() {
      wakes.wakeAll()
      await thread.close()
    },
  }
}

type ReadOfLogs = Extract<StreamRequest, { op: 'read' }>

const logNumber = (partition: number, lane: Lane, side: Side): number =>
  (partition * 3 + LANES.indexOf(lane)) * 2 + (side === 'in' ? 0 : 1)

const laneOf = (log: number): Lane => LANES[(log >> 1) % 3] as Lane

function packAppend(entries: readonly Append[]): [Extract<StreamRequest, { op: 'append' }>, ArrayBuffer[]] {
  const lengths = entries.map(entry => entry.data.length)
  const together = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const { data } of entries) {
    together.set(data, at)
    at += data.length
  }
  const logs = entries.map(({ partition, lane }) => logNumber(partition, lane, 'in'))
  const kept = entries.map(entry => entry.kept === true)
  return [{ op: 'append', logs, lengths, kept, together: together.buffer }, [together.buffer]]
}

/** The epoch of the file. @throws HubError PARTITIONS_CHANGED */
function readMeta(path: string, partitions: number): string {
  const db = new DatabaseSync(path, { readOnly: true })
  const meta = new Map(
    db
      .prepare('SELECT key, value FROM meta')
      .all()
      .map(({ key, value }) => [key, String(value)]),
  )
  db.close()
  const stored = Number(meta.get('partitions'))
  if (stored === partitions) return meta.get('epoch') ?? ''
  throw new HubError(
    'PARTITIONS_CHANGED',
    `stream.db was made with PARTITIONS=${stored}; start the hub with that`,
    {
      stored,
      partitions,
    },
  )
}

type Woken = { promise: Promise<void>; cancel(): void }

/** Readers that wait for something new, by the number of the log. */
function createWakes() {
  const waiting = new Map<number, Set<() => void>>()

  return {
    wait(logs: readonly number[], waitMs: number): Woken {
      const { promise, resolve } = Promise.withResolvers<void>()
      const done = (): void => {
        clearTimeout(timer)
        for (const log of logs) waiting.get(log)?.delete(done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      for (const log of logs) {
        const readers = waiting.get(log) ?? new Set()
        waiting.set(log, readers.add(done))
      }
      return { promise, cancel: done }
    },
    wake(log: number): void {
      for (const done of waiting.get(log) ?? []) done()
    },
    wakeAll(): void {
      for (const readers of waiting.values()) for (const done of readers) done()
    },
  }
}

type Waiting = { op: StreamRequest['op']; resolve(answer: never): void; reject(error: Error): void }

function openThread(data: StreamThreadData) {
  const file = new URL('./stream.sqlite.thread.ts', import.meta.url)
  const waiting = new Map<number, Waiting>()
  let nextId = 0
  let failure: HubError | undefined
  let closing = false
  const { promise: failed, resolve: reportFailure } = Promise.withResolvers<Error>()

  const fail = (message: string, cause?: unknown): void => {
    failure ??= new HubError('STREAM_FAILED', message, { cause })
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
    if (!closing) reportFailure(failure)
  }
  const thread = startThread<StreamMessage, StreamReply>(file, data, reply => {
    const request = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('answer' in reply) request?.resolve(reply.answer as never)
    else request?.reject(new HubError('STREAM_FAILED', `stream ${request.op}: ${reply.error}`))
  })
  void thread.ended.then(error =>
    error ? fail('the stream thread failed', error) : fail('the stream thread has ended'),
  )

  function ask<R extends StreamRequest>(
    request: R,
    transfer: ArrayBuffer[] = [],
  ): Promise<StreamAnswers[R['op']]> {
    if (failure) return Promise.reject(failure)
    const { promise, resolve, reject } = Promise.withResolvers<StreamAnswers[R['op']]>()
    const id = nextId++
    waiting.set(id, { op: request.op, resolve, reject })
    thread.post({ id, request }, transfer)
    return promise
  }

  async function close(): Promise<void> {
    closing = true
    if (failure) return
    await ask({ op: 'close' })
    await thread.ended
  }

  return { ask, close, failed }
}

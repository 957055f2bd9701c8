// The archive of one partition: reads on from its cursors, writes, and moves them when that is written.

import { performance } from 'node:perf_hooks'
import { extentOf } from '../broker/entry.head.ts'
import { type LogEntry, type OpenStream, START, type Stream } from '../broker/stream.ts'
import { HubError } from '../model/error.ts'
import { LANES, type Lane } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Db } from '../records/db.ts'
import { type Cursor, openGivingUp, type Standing } from './archive.hole.ts'
import { pause, startBeat } from './beat.ts'
import type { History, Written } from './history.ts'

/** The name of the archive among the readers of a log. */
export const READER = 'archive'

/** Of each lane: some hundred samples, written in one go. */
const READ_BYTES = 128 * 1024
/** Charts are this much behind when all is well; every read and every write is for all that came meanwhile. */
const EVERY_MS = 1_000
/** Where the cursor stands is noted this often: a new owner writes once more what came since. */
const NOTE_EVERY_MS = 5_000
const AGAIN_AFTER_MS = 500
const AGAIN_AFTER_AT_MOST_MS = 2_000
/** While a write gets no answer, the log is looked at this often: it may be filling. */
const LOOK_EVERY_MS = 500

export type ArchiveDeps = {
  stream: Stream
  engine: Pick<OpenStream, 'readerAt' | 'usage'>
  history: History
  db: Db
  boundBytes: number
  clock: Clock
  log: Log
  metrics: Metrics
}

/** Archives until `stop` is aborted. What fails is tried again; nothing is thrown. */
export async function archivePartition(
  partition: number,
  deps: ArchiveDeps,
  { stop, standing }: { stop: AbortSignal; standing: Standing },
): Promise<void> {
  const { log, metrics } = deps
  let opened: Opened | undefined
  let failures = 0
  while (!stop.aborted) {
    try {
      opened ??= await open(partition, deps, standing)
      const hasMore = await opened.round()
      if (failures > 0) log.info({}, 'the archive goes on')
      failures = 0
      if (!hasMore) await pause(EVERY_MS, stop)
    } catch (error) {
      // Said once: a history that is away for a night is one line.
      if (failures === 0) log.warn({ error }, 'the history cannot be written; charts wait, alarms do not')
      metrics.archiveFailures.inc({})
      await pause(Math.min(AGAIN_AFTER_MS * 2 ** failures, AGAIN_AFTER_AT_MOST_MS), stop)
      failures++
    }
  }
  await opened
    ?.noteCursors()
    .catch(error => log.debug({ error }, 'the next owner archives the last seconds again'))
}

type Opened = {
  /** Reads, writes, moves on. True when there is more to read at once. */
  round(): Promise<boolean>
  noteCursors(): Promise<void>
}

/** Finds the cursors, or makes them: from then on the logs wait for the archive. */
async function open(partition: number, deps: ArchiveDeps, standing: Standing): Promise<Opened> {
  const { stream, engine, history, log, metrics } = deps
  const cursors: Cursor[] = []
  for (const lane of LANES) {
    const known = await engine.readerAt({ partition, lane, side: 'in' }, READER)
    const at = known ?? START
    if (known === undefined) await note({ lane, at, noted: '' })
    cursors.push({ lane, at, noted: at })
  }
  let notedAt = performance.now()
  const givingUp = openGivingUp({ ...deps, partition, cursors, note })

  /** Tells the log how far the archive is, so that it lets go of what lies below. */
  async function note(cursor: Cursor): Promise<void> {
    if (cursor.noted === cursor.at) return
    const upTo = cursor.at
    await stream.trim({ partition, lane: cursor.lane, side: 'in', reader: { name: READER, upTo } })
    cursor.noted = upTo
  }

  async function noteCursors(): Promise<void> {
    notedAt = performance.now()
    for (const cursor of cursors) await note(cursor)
  }

  function passOver({ lane, position }: LogEntry, reason: string): void {
    log.error({ reason, lane, position }, 'an entry of the log could not be read and is not archived')
  }

  /** Entries in which devices speak, and when the oldest of that was received. */
  function heardIn(entries: readonly LogEntry[]): { heard: LogEntry[]; since: number } {
    const heard: LogEntry[] = []
    let since = Number.POSITIVE_INFINITY
    for (const entry of entries) {
      try {
        const extent = extentOf(entry.data)
        if (extent === undefined || extent.messages === 0) continue
        heard.push(entry)
        since = Math.min(since, extent.fromAt)
      } catch (error) {
        passOver(entry, error instanceof Error ? error.message : String(error))
      }
    }
    return { heard, since }
  }

  /** Waits for a write, but not while the log fills: it may arrive or not, and is sent or given up again. */
  async function unlessFull<T>(write: Promise<T>): Promise<T> {
    const over = new AbortController()
    const filling = Promise.withResolvers<never>()
    const looking = startBeat({
      everyMs: LOOK_EVERY_MS,
      what: 'how full the log is',
      log,
      async work() {
        if (!over.signal.aborted && (await givingUp.isDue(standing))) {
          filling.reject(new HubError('UNAVAILABLE', 'no answer from the history, and the log is filling'))
        }
      },
    })
    filling.promise.catch(() => undefined) // whoever waits for the race has it
    write.catch(() => undefined)
    try {
      return await Promise.race([write, filling.promise])
    } finally {
      over.abort()
      void looking.stop()
    }
  }

  function report(entries: readonly LogEntry[], written: Written): void {
    for (const type of KEPT_TYPES) metrics.archived.inc({ type }, written[type])
    for (const { index, reason } of written.unread) passOver(entries[index] as LogEntry, reason)
    const { refused } = written
    if (refused === 0) return
    metrics.archiveGivenUp.inc({ reason: 'refused' }, refused)
    log.error({ refused }, 'messages were refused by the history; they are not kept')
  }

  return {
    noteCursors,

    async round() {
      if (await givingUp.ifFull(standing)) return true
      const after = Object.fromEntries(cursors.map(({ lane, at }) => [lane, at]))
      const entries = await stream.read({ partition, side: 'in', after, maxBytes: READ_BYTES, waitMs: 0 })
      const { heard, since } = heardIn(entries)
      if (heard.length > 0) {
        standing.behindSince = since
        report(heard, await unlessFull(history.write(heard)))
      }
      for (const { lane, position } of entries) {
        const cursor = cursors.find(one => one.lane === lane)
        if (cursor) cursor.at = position
      }
      const hasMore = LANES.some(lane => bytesOf(entries, lane) >= READ_BYTES)
      if (!hasMore) standing.behindSince = undefined
      if (performance.now() - notedAt >= NOTE_EVERY_MS) await noteCursors()
      return hasMore
    },
  }
}

const KEPT_TYPES = ['sample', 'event', 'motion'] as const

function bytesOf(entries: readonly LogEntry[], lane: Lane): number {
  let bytes = 0
  for (const entry of entries) if (entry.lane === lane) bytes += entry.data.length
  return bytes
}

// Reads the `out` logs of all partitions that this process holds, the urgent lane of every one of them before
// any other lane, in batches that are small enough for an SOS never to wait behind a flood of notices.

import { performance } from 'node:perf_hooks'
import { type Cursors, type LogEntry, type Position, START, type Stream } from '../broker/stream.ts'
import { LANES, type Lane } from '../model/lane.ts'
import type { Clock } from '../model/time.ts'
import { type CursorMove, readCursors } from '../records/cursors.ts'
import type { Db } from '../records/db.ts'
import { pause } from '../workers/beat.ts'
import { type ReadEntry, readFindings } from './findings.ts'

/** Bytes a batch reads, over all partitions. */
const BATCH_BYTES = 256 * 1024
/** Bytes that a wait brings along: an alarm or two need not be read again. */
const WAIT_BYTES = 16 * 1024
/** A wait for something new ends by itself after this time, so that a stop is not held up. */
const WAIT_MS = 500

/**
 * What was applied is kept for this long: a database that fails over, or is put back, may come back without its last
 * commits, and then the alarms in them are raised again from here.
 */
export const KEEP_FOR_MS = 60_000
/** Entries that were applied within this are let go together. */
const LET_GO_TOGETHER_MS = 1_000

/** Entries of one lane that are applied together. */
export type Batch = { lane: Lane; entries: readonly ReadEntry[]; moves: readonly CursorMove[] }

export type Outbox = {
  /** The next entries with about `maxFindings` findings, at least one entry; null when there is nothing. */
  next(maxFindings: number): Promise<Batch | null>
  /** Resolves when there may be something new. */
  wait(stop: AbortSignal): Promise<void>
  /** The batch is applied and committed. */
  applied(batch: Batch): void
  /** Cursors are read from the database again before the next batch. */
  forget(): void
  /** Tells the stream what is no longer needed. Off the way of an alarm: it is a write of its own. */
  trim(): Promise<void>
  /** Resolves when no read is under way any more. */
  settled(): Promise<void>
}

export function openOutbox({
  stream,
  db,
  clock,
  held,
}: {
  stream: Pick<Stream, 'read' | 'trim'>
  db: Db
  clock: Clock
  /** The partitions that may be read now. */
  held: () => readonly number[]
}): Outbox {
  const cursors = new Map<string, Position>()
  /** What was applied lately, by log, oldest first. */
  const lately = new Map<string, Applied[]>()
  /** Where a cursor stood that does not stand where it was moved to. */
  const elsewhere = new Map<string, Position>()
  const waits = new Map<number, Wait>()
  /** What ended a wait, and where the cursor of its urgent lane stood when it began. */
  const arrived = new Map<number, Arrived>()

  async function loadCursors(partitions: readonly number[]): Promise<void> {
    const logs = partitions.flatMap(partition => LANES.map(lane => logOf(partition, lane)))
    const missing = logs.filter(log => !cursors.has(log))
    if (missing.length === 0) return
    const stored = await readCursors(db, missing)
    for (const log of missing) cursors.set(log, stored.get(log) ?? START)
  }

  const cursorOf = (partition: number, lane: Lane): Position => cursors.get(logOf(partition, lane)) ?? START

  async function readLane(lane: Lane, partitions: readonly number[]): Promise<Found[]> {
    const maxBytes = Math.ceil(BATCH_BYTES / partitions.length)
    const found = await Promise.all(
      partitions.filter(isUnwatched).map(async partition => {
        const after = { [lane]: cursorOf(partition, lane) }
        const entries = await stream.read({ partition, side: 'out', after, maxBytes, waitMs: 0 })
        return entries.map((entry, place) => ({ partition, entry, place }))
      }),
    )
    return found.flat().sort(byPlace)
  }

  const cursorsOf = (partition: number): Cursors =>
    Object.fromEntries(LANES.map(lane => [lane, cursorOf(partition, lane)]))

  /** Not so where a wait from the same place goes on: it would have ended if there were anything. One overdue is deaf. */
  function isUnwatched(partition: number): boolean {
    const wait = waits.get(partition)
    if (!wait || performance.now() > wait.endsAt) return true
    return LANES.some(lane => wait.after[lane] !== cursorOf(partition, lane))
  }

  /** One wait a partition at a time; whoever waits again joins it. */
  function waitFor(partition: number): Promise<void> {
    const under = waits.get(partition)
    if (under) return under.over
    const after = cursorsOf(partition)
    const over = stream
      .read({ partition, side: 'out', after, maxBytes: WAIT_BYTES, waitMs: WAIT_MS })
      .then(entries => {
        const urgent = entries.filter(({ lane }) => lane === 'urgent')
        if (urgent.length > 0) arrived.set(partition, { entries: urgent, after: after.urgent as Position })
      })
      .finally(() => waits.delete(partition))
    waits.set(partition, { after, endsAt: performance.now() + WAIT_MS, over })
    return over
  }

  /** Urgent entries that ended a wait: they need not be read again. Those of other lanes do, after what is urgent. */
  function takeArrived(partitions: readonly number[]): Found[] {
    const found: Found[] = []
    for (const [partition, { entries, after }] of arrived) {
      const isNext = partitions.includes(partition) && after === cursorOf(partition, 'urgent')
      if (isNext) for (const [place, entry] of entries.entries()) found.push({ partition, entry, place })
    }
    arrived.clear()
    return found.sort(byPlace)
  }

  const lastOf = (log: string): Position | undefined => lately.get(log)?.at(-1)?.upTo

  function noteApplied(partition: number, lane: Lane, upTo: Position): void {
    const log = logOf(partition, lane)
    const all = lately.get(log) ?? []
    const [last, now] = [all.at(-1), clock.now()]
    if (last && Math.abs(now - last.at) < LET_GO_TOGETHER_MS) last.upTo = upTo
    else all.push({ partition, lane, upTo, at: now })
    lately.set(log, all)
  }

  /**
   * Looks where the database says that cursors stand. One that is elsewhere twice, and not on its way, is that of an
   * older database, which is read on from there, or of another owner.
   */
  async function followCursors(): Promise<void> {
    const before = new Map([...lately.keys()].map(log => [log, lastOf(log)]))
    const stored = await readCursors(db, [...before.keys()])
    for (const [log, last] of before) {
      const position = stored.get(log) ?? START
      if (position === last || position === lastOf(log)) elsewhere.delete(log)
      else if (elsewhere.get(log) !== position) elsewhere.set(log, position)
      else {
        cursors.set(log, position)
        lately.delete(log)
        elsewhere.delete(log)
      }
    }
  }

  return {
    async next(maxFindings) {
      const partitions = held()
      if (partitions.length === 0) return null
      await loadCursors(partitions)
      const waited = takeArrived(partitions)
      for (const lane of LANES) {
        const found = lane === 'urgent' && waited.length > 0 ? waited : await readLane(lane, partitions)
        if (found.length > 0) return toBatch(lane, cut(found, maxFindings, clock), cursorOf)
      }
      return null
    },

    wait: stop => Promise.race([...held().map(waitFor), pause(WAIT_MS, stop)]),

    applied({ lane, entries }) {
      for (const { partition, entry } of entries) {
        cursors.set(logOf(partition, lane), entry.position)
        noteApplied(partition, lane, entry.position)
      }
    },

    forget() {
      cursors.clear()
      arrived.clear()
    },

    async trim() {
      await followCursors()
      const oldest = clock.now() - KEEP_FOR_MS
      for (const [log, all] of lately) {
        const last = all.findLast(({ at }) => at <= oldest)
        if (!last || elsewhere.has(log)) continue
        const { partition, lane, upTo } = last
        await stream.trim({ partition, lane, side: 'out', reader: { name: 'alerts', upTo } })
        all.splice(0, all.indexOf(last) + 1)
        if (all.length === 0) lately.delete(log)
      }
    },

    async settled() {
      await Promise.allSettled([...waits.values()].map(({ over }) => over))
    },
  }
}

/** Entries of a log up to `upTo` were applied at `at` or within a second from then. */
type Applied = { partition: number; lane: Lane; upTo: Position; at: number }

/** `place` counts within the partition: taken in its order, no partition waits behind another's backlog. */
type Found = { partition: number; entry: LogEntry; place: number }

const byPlace = (a: Found, b: Found): number => a.place - b.place

/** What reads a partition from a place on as soon as there is anything. */
type Wait = { after: Cursors; endsAt: number; over: Promise<void> }

/** Entries of an urgent lane, in order, the first of them right behind `after`. */
type Arrived = { entries: readonly LogEntry[]; after: Position }

function cut(found: readonly Found[], maxFindings: number, clock: Clock): ReadEntry[] {
  const entries: ReadEntry[] = []
  let findings = 0
  for (const { partition, entry } of found) {
    const read = readFindings(partition, entry, clock.now())
    if (entries.length > 0 && findings + read.findings.length > maxFindings) break
    entries.push(read)
    findings += read.findings.length
  }
  return entries
}

function toBatch(
  lane: Lane,
  entries: readonly ReadEntry[],
  cursorOf: (partition: number, lane: Lane) => Position,
): Batch {
  const last = new Map(entries.map(({ partition, entry }) => [partition, entry.position]))
  const moves = [...last].map(([partition, to]) => {
    const from = cursorOf(partition, lane)
    return { log: logOf(partition, lane), from: from === START ? null : from, to }
  })
  return { lane, entries, moves }
}

/** The name that a log's cursor has. */
export const logOf = (partition: number, lane: Lane): string => `out/${partition}/${lane}`

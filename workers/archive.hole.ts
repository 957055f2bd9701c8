// What the archive gives up when the log is filling: its oldest, and no more than makes room. What is missing then is
// a row in the records, and charts show it: an empty stretch must not look like a quiet night.

import { type Extent, extentOf } from '../broker/entry.head.ts'
import type { LogEntry, OpenStream, Position, Stream } from '../broker/stream.ts'
import { newId } from '../model/id.ts'
import { LANES, type Lane } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Db } from '../records/db.ts'
import { type HoleRow, noteHole } from '../records/holes.ts'

/** A lane that is this full is about to turn samples away … */
export const GIVE_UP_FROM = 0.7
/** … and this is room again. */
export const GIVE_UP_TO = 0.5
/**
 * An archive that is no further behind is not what fills the log. Urgent messages are few and have no bound: they are
 * kept for it for a day.
 */
export const PATIENCE_MS: Readonly<Record<Lane, number>> = {
  urgent: 24 * 3_600_000,
  motion: 10_000,
  routine: 10_000,
}
/** Given up at a time, before the log is asked again how full it is. */
const PORTION_BYTES = 512 * 1024

/** Where the archive is in a lane, and where the log was told that it is. */
export type Cursor = { lane: Lane; at: Position; noted: Position }

/** When the oldest message was received that is not written yet; undefined: there is none to speak of. */
export type Standing = { behindSince: number | undefined }

export type GivingUp = {
  /** Whether a lane is too full, and the archive is behind. */
  isDue(standing: Standing): Promise<boolean>
  /** Gives up a portion of every lane that is too full. True when there was any. */
  ifFull(standing: Standing): Promise<boolean>
}

export function openGivingUp({
  partition,
  cursors,
  note,
  stream,
  engine,
  boundBytes,
  db,
  clock,
  log,
  metrics,
}: {
  partition: number
  cursors: readonly Cursor[]
  /** Tells the log of a cursor that was moved. */
  note(cursor: Cursor): Promise<void>
  stream: Pick<Stream, 'read'>
  engine: Pick<OpenStream, 'usage'>
  boundBytes: number
  db: Db
  clock: Clock
  log: Log
  metrics: Metrics
}): GivingUp {
  /** Lanes that are being emptied, with the hole that this makes. */
  const holes = new Map<Lane, HoleRow>()

  async function fullLanes({ behindSince }: Standing): Promise<readonly Lane[]> {
    const behindMs = behindSince === undefined ? 0 : clock.now() - behindSince
    if (behindMs < Math.min(...Object.values(PATIENCE_MS)) && holes.size === 0) return NONE
    const { routineBytes, motionBytes } = await engine.usage()
    const isFull = (lane: Lane, bytes: number): boolean =>
      bytes / boundBytes >= (holes.has(lane) ? GIVE_UP_TO : GIVE_UP_FROM)
    return LANES.filter(lane => {
      if (lane === 'urgent') return behindMs >= PATIENCE_MS.urgent
      return isFull(lane, lane === 'motion' ? motionBytes : routineBytes)
    })
  }

  async function giveUp(cursor: Cursor): Promise<boolean> {
    const { lane, at } = cursor
    const after = { [lane]: at }
    const entries = await stream.read({ partition, side: 'in', after, maxBytes: PORTION_BYTES, waitMs: 0 })
    const oldest = takeOlder(entries, clock.now() - PATIENCE_MS[lane])
    const last = oldest.at(-1)
    const lost = lossOf(oldest)
    if (last === undefined || lost === undefined) return false
    const known = holes.get(lane)
    if (!known) log.error({ lane, since: lost.fromAt }, 'the log is filling: the archive gives up its oldest')
    const hole = known
      ? { ...known, toAt: Math.max(known.toAt, lost.toAt), records: known.records + lost.records }
      : { id: newId('hole'), partition, lane, ...lost }
    holes.set(lane, hole)
    await tell(hole)
    cursor.at = last.position
    await note(cursor)
    metrics.archiveGivenUp.inc({ reason: 'full' }, lost.records)
    return true
  }

  /** Records that are away hold nothing up: room is needed now, and the row is written with the next portion. */
  async function tell(hole: HoleRow): Promise<void> {
    if (hole.records === 0) return // ticks alone
    try {
      await noteHole(db, hole)
    } catch (error) {
      log.warn({ error, ...hole }, 'a hole of the history could not be noted')
    }
  }

  return {
    isDue: async standing => (await fullLanes(standing)).length > 0,
    async ifFull(standing) {
      const full = await fullLanes(standing)
      let hasGivenUp = false
      for (const lane of LANES) {
        const cursor = cursors.find(one => one.lane === lane)
        if (full.includes(lane) && cursor && (await giveUp(cursor))) hasGivenUp = true
        else holes.delete(lane)
      }
      return hasGivenUp
    },
  }
}

const NONE: readonly Lane[] = []

/** The first entries, as far as all of them was received before. */
function takeOlder(entries: readonly LogEntry[], before: number): readonly LogEntry[] {
  const younger = entries.findIndex(entry => (extentIn(entry)?.toAt ?? 0) > before)
  return younger < 0 ? entries : entries.slice(0, younger)
}

type Lost = Pick<HoleRow, 'fromAt' | 'toAt' | 'records'>

/** How many messages, and from when to when they were received; undefined: none. */
function lossOf(entries: readonly LogEntry[]): Lost | undefined {
  let lost: Lost | undefined
  for (const entry of entries) {
    const extent = extentIn(entry)
    if (extent === undefined) continue
    lost ??= { fromAt: extent.fromAt, toAt: extent.toAt, records: 0 }
    lost.fromAt = Math.min(lost.fromAt, extent.fromAt)
    lost.toAt = Math.max(lost.toAt, extent.toAt)
    lost.records += extent.messages
  }
  return lost
}

/** Bytes that are no entry are passed over when they are read to be written, too, and said to be so there. */
function extentIn({ data }: LogEntry): Extent | undefined {
  try {
    return extentOf(data)
  } catch {
    return undefined // nothing of it can be kept or lost
  }
}

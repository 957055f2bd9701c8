// The embedded history: one SQLite file with a thread that writes and one that reads. What is written goes to its
// thread as the log has it, and is read there: the event loop belongs to alarms. Long reads go day by day, so
// that none keeps the thread, and with it every other chart, for long.

import { join } from 'node:path'
import { type Bucket, ZERO_IS_NO_VALUE } from '../model/history.ts'
import { epochMs } from '../model/units.ts'
import { type HistoryThread, historyThread } from './history.sqlite.ask.ts'
import { packWrites } from './history.sqlite.pack.ts'
import { queueWrites } from './history.sqlite.queue.ts'
import type { MessageRow, MessageType, Retained, RetainPlace } from './history.sqlite.requests.ts'
import { sampleOf } from './history.sqlite.rows.ts'
import {
  DAY_MS,
  type KeptMessage,
  type KeptSample,
  NEWEST,
  type Newest,
  type OpenHistory,
} from './history.ts'

/** Rows of one answer: some milliseconds of the thread. */
const ROWS_AT_ONCE = 2_000
/** Bursts are a thousand times as long as samples. */
const MESSAGES_AT_ONCE = 50

/** Opens `history.db` in `dataDir` at the first use, creating it. It never fails here: whoever asks is told. */
export function openSqliteHistory({ dataDir }: { dataDir: string }): OpenHistory {
  const path = join(dataDir, 'history.db')
  const writer = historyThread({ path, readOnly: false })
  const reader = historyThread({ path, readOnly: true })
  let isMade: Promise<unknown> | undefined
  const write = queueWrites(writes => {
    const packed = packWrites(writes)
    return writer.ask({ op: 'write', packed }, [packed.bytes.buffer])
  })

  /** The reader finds a file: the writer makes it. */
  async function reading(): Promise<HistoryThread> {
    isMade ??= writer.ask({ op: 'ping' })
    try {
      await isMade
    } catch (error) {
      isMade = undefined
      throw error
    }
    return reader
  }

  return {
    history: {
      write,

      async *read({ deviceId: device, type, from, to }) {
        const thread = await reading()
        for (const day of daysOf(from, to)) {
          const asked = { device, day, to }
          if (type === 'sample') yield* samplesOf(thread, { ...asked, from })
          else yield* messagesOf(thread, { ...asked, type, from })
        }
      },

      async buckets({ deviceId: device, metric: column, from, to, everyMs, origin }) {
        const thread = await reading()
        const zeroIsNone = ZERO_IS_NO_VALUE.has(column)
        const sums = new Map<number, Bucket>()
        for (const day of daysOf(from, to)) {
          const some = await thread.ask({
            op: 'sums',
            device,
            day,
            from,
            to,
            column,
            zeroIsNone,
            everyMs,
            origin,
          })
          for (const sum of some) sums.set(sum.at, added(sums.get(sum.at), sum))
        }
        return [...sums.values()].map(sum => ({ ...sum, mean: sum.mean / sum.count }))
      },

      async newest({ deviceId: device, from, to, of = NEWEST }) {
        const thread = await reading()
        const found: Newest = {}
        for (const having of of) {
          const row = await thread.ask({ op: 'newest', device, having, from, to })
          if (row !== null) found[having] = sampleOf(row)
        }
        return found
      },

      async erase(spans) {
        for (const { deviceId: device, from, to } of spans)
          for (const day of daysOf(from, to)) await writer.ask({ op: 'erase', device, day, from, to })
        await writer.ask({ op: 'cut' })
      },

      async *retain({ positionsBefore, readingsBefore }) {
        const [positionsFrom, readingsFrom] = [positionsBefore, readingsBefore].map(dayOf) as [number, number]
        let after: RetainPlace | null = NOWHERE
        while (after !== null) {
          const slice: Retained = await writer.ask({ op: 'retain', positionsFrom, readingsFrom, after })
          const { next, ...letGo } = slice
          after = next
          yield letGo
        }
      },
    },

    async ping() {
      await (await reading()).ask({ op: 'ping' })
    },

    async close() {
      await reader.close()
      await writer.close()
    },
  }
}

const dayOf = (at: number): number => Math.floor(at / DAY_MS)
/** Before every day. */
const NOWHERE: RetainPlace = { day: 0, device: '' }

/** The days of `at` from one time to another, in order. */
function* daysOf(from: number, to: number): Generator<number> {
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day++) yield day
}

/** Sums of the same stretch, which a midnight has cut. */
const added = (one: Bucket | undefined, other: Bucket): Bucket =>
  one === undefined
    ? other
    : {
        at: one.at,
        mean: one.mean + other.mean,
        min: Math.min(one.min, other.min),
        max: Math.max(one.max, other.max),
        count: one.count + other.count,
      }

type OfDay = { device: string; day: number; from: number; to: number }

async function* samplesOf(thread: HistoryThread, { from, ...asked }: OfDay): AsyncGenerator<KeptSample[]> {
  const limit = ROWS_AT_ONCE
  for (let after: [number, number] = [from, -1]; ; ) {
    const rows = await thread.ask({ op: 'samples', ...asked, after, limit })
    if (rows.length > 0) yield rows.map(sampleOf)
    const last = rows.at(-1)
    if (rows.length < limit || last === undefined) return
    after = [Number(last.at), Number(last.nudge)]
  }
}

async function* messagesOf(
  thread: HistoryThread,
  { from, ...asked }: OfDay & { type: MessageType },
): AsyncGenerator<KeptMessage[]> {
  const limit = MESSAGES_AT_ONCE
  for (let after: [number, number] = [from, -1]; ; ) {
    const rows = await thread.ask({ op: 'messages', ...asked, after, limit })
    if (rows.length > 0) yield rows.map(messageOf)
    const last = rows.at(-1)
    if (rows.length < limit || last === undefined) return
    after = [last.at, last.nudge]
  }
}

const messageOf = ({ device, at, nudge, received, type, cut, payload }: MessageRow): KeptMessage => ({
  type,
  deviceId: device,
  at: epochMs(at),
  nudgeNs: nudge,
  receivedAt: epochMs(received),
  payload,
  cut: cut !== 0,
})

// The archive reads what the rules read, with a cursor of its own, and writes it to the history. Where the history is
// away charts wait, and nothing else does: the log keeps what is not written yet, up to a bound, and the archive
// alone gives up its oldest before a sample would be turned away for it.
//
// It runs beside the owner of a partition. Two at once do no harm, as when a lease has just changed hands: what is
// written twice is there once, and the cursor never goes back.

import type { OpenStream, Stream } from '../broker/stream.ts'
import { LANES } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Db } from '../records/db.ts'
import type { Standing } from './archive.hole.ts'
import { type ArchiveDeps, archivePartition, READER } from './archive.partition.ts'
import { startBeat } from './beat.ts'
import { DAY_MS, type OpenHistory } from './history.ts'

const MEASURE_EVERY_MS = 1_000
const RETAIN_EVERY_MS = 3_600_000
/** A history that does not answer holds no stop up; what it was sent is sent again later. */
const STOP_WITHIN_MS = 1_000

/** Follows the partitions that the process works on. */
export type Archive = {
  owned(partition: number): void
  gone(partition: number): void
  /** What it does not get written now, the next owner writes. */
  stop(): Promise<void>
}

/** Starts archiving to `history`. `boundBytes`: what each bounded lane may hold; `days`: no longer is anything kept. */
export function startArchive({
  stream,
  engine,
  history,
  db,
  boundBytes,
  days,
  clock,
  log,
  metrics,
}: {
  stream: Stream
  engine: Pick<OpenStream, 'readerAt' | 'usage'>
  history: OpenHistory
  /** Where holes are noted. */
  db: Db
  boundBytes: number
  days: number
  clock: Clock
  log: Log
  metrics: Metrics
}): Archive {
  const standings = new Map<number, { stop: AbortController; ended: Promise<void>; standing: Standing }>()
  const kept = history.history
  const deps: ArchiveDeps = {
    stream,
    engine,
    history: kept,
    db,
    boundBytes,
    clock,
    log,
    metrics,
  }
  const leaving = new Set<Promise<void>>()

  const measuring = startBeat({
    everyMs: MEASURE_EVERY_MS,
    what: 'the lag of the archive',
    log,
    async work() {
      const now = clock.now()
      const since = [...standings.values()].map(({ standing }) => standing.behindSince ?? now)
      metrics.archiveLagSeconds.set(Math.max(0, now - Math.min(now, ...since)) / 1_000)
    },
  })
  const retaining = startBeat({
    everyMs: RETAIN_EVERY_MS,
    what: 'letting go of old days of the history',
    log,
    async work() {
      const before = clock.now() - days * DAY_MS
      for await (const _ of kept.retain({ positionsBefore: before, readingsBefore: before }));
    },
  })

  function leave(partition: number): void {
    const left = standings.get(partition)
    if (!left) return
    standings.delete(partition)
    left.stop.abort()
    const ended = left.ended.finally(() => leaving.delete(ended))
    leaving.add(ended)
  }

  return {
    owned(partition) {
      if (standings.has(partition)) return
      const stop = new AbortController()
      const standing: Standing = { behindSince: undefined }
      const ended = archivePartition(
        partition,
        { ...deps, log: log.child({ partition }) },
        { stop: stop.signal, standing },
      )
      standings.set(partition, { stop, ended, standing })
    },
    gone: leave,
    async stop() {
      for (const partition of [...standings.keys()]) leave(partition)
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, STOP_WITHIN_MS)
      await Promise.race([Promise.all([...leaving, measuring.stop(), retaining.stop()]), late])
      clearTimeout(timer)
    },
  }
}

/**
 * Follows the partitions of a hub that keeps no history: a cursor of an archive that once was must not hold back
 * their logs until they are full.
 */
export function withoutArchive({ stream, log }: { stream: Pick<Stream, 'trim'>; log: Log }): Archive {
  const removed = new Set<number>()

  async function remove(partition: number): Promise<void> {
    try {
      for (const lane of LANES) {
        await stream.trim({ partition, lane, side: 'in', reader: { name: READER, removed: true } })
      }
      removed.add(partition)
    } catch (error) {
      log.warn({ error, partition }, 'the cursor of the archive could not be removed; its next owner does')
    }
  }

  return {
    owned: partition => {
      if (!removed.has(partition)) void remove(partition)
    },
    gone: () => undefined,
    stop: async () => undefined,
  }
}

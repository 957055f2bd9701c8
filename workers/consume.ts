// Starts the workers: this process tries to own every partition, and works on those it gets.

import type { Stream } from '../broker/stream.ts'
import type { Lane } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { pause } from './beat.ts'
import { startInspection } from './inspection.ts'
import { ownPartition, type PartitionDeps } from './partition.ts'
import type { Rule } from './rule.ts'
import { createTurns } from './turn.ts'

/** After a failure, and while another owner has the partition. */
const TRY_AGAIN_MS = 500

export type Workers = {
  /** Resolves when every partition has an owner, here or elsewhere. */
  ready: Promise<void>
  /** How many partitions this process works on now. */
  owned(): number
  /** Ends after the commits on the way; what is not folded yet waits in the log. */
  stop(): Promise<void>
}

/** Starts folding all partitions of `stream` by `rules`. `owner` names this process in leases. */
export function startWorkers({
  stream,
  partitions,
  rules,
  records,
  clock,
  log,
  metrics,
  owner,
}: {
  stream: Stream
  partitions: number
  rules: Readonly<Record<Lane, readonly Rule[]>>
  records: Records
  clock: Clock
  log: Log
  metrics: Metrics
  owner: string
}): Workers {
  const inspection = startInspection({ db: records.db, clock, log })
  const turns = createTurns()
  const owned = new Set<number>()
  const { read: db, nudge } = records
  const deps: PartitionDeps = {
    stream,
    partitions,
    rules,
    db,
    nudge,
    clock,
    log,
    metrics,
    turns,
    inspection,
    owner,
    onOwned: partition => {
      owned.add(partition)
      settled(partition)
    },
    onGone: partition => void owned.delete(partition),
  }
  const stopping = new AbortController()
  const { promise: ready, resolve: settle } = Promise.withResolvers<void>()
  const unsettled = new Set(Array.from({ length: partitions }, (_, partition) => partition))

  function settled(partition: number): void {
    unsettled.delete(partition)
    if (unsettled.size === 0) settle()
  }

  async function keepOwning(partition: number): Promise<void> {
    let isFailing = false
    while (!stopping.signal.aborted) {
      const ended = await ownPartition(partition, deps, stopping.signal).catch((error: unknown) => {
        // Said once: a full disk fails every partition twice a second, and a log full of it hides the rest.
        if (!isFailing)
          log.error({ error, partition }, 'a partition was given up; trying to take it up again')
        isFailing = true
        return 'failed' as const
      })
      if (ended === 'held') settled(partition)
      if (ended === 'lost') log.warn({ partition }, 'the lease of a partition was lost; it is taken up again')
      if (ended !== 'failed') isFailing = false
      if (ended !== 'stopped') await pause(TRY_AGAIN_MS, stopping.signal)
    }
  }

  const owners = Array.from({ length: partitions }, (_, partition) => keepOwning(partition))
  return {
    ready,
    owned: () => owned.size,
    async stop() {
      stopping.abort()
      await Promise.all(owners)
      await inspection.stop()
    },
  }
}

// Starts the workers: this process takes its share of the partitions, all of them when it is alone.

import type { OpenStream, Stream } from '../broker/stream.ts'
import type { Lane } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import type { Archive } from './archive.ts'
import { listenFor } from './ear.ts'
import { startInspection } from './inspection.ts'
import { ownPartition, type PartitionDeps } from './partition.ts'
import { takeShare } from './roll.ts'
import type { Rule } from './rule.ts'
import { createTurns } from './turn.ts'

export type Workers = {
  /** Resolves when every partition has an owner, here or elsewhere. */
  ready: Promise<void>
  /** How many partitions this process works on now. */
  owned(): number
  /** Ends after the commits on the way; what is not folded yet waits in the log. */
  stop(): Promise<void>
}

/** Starts folding this process' share of `stream` by `rules`. `owner` names the process in leases and on the roll. */
export function startWorkers({
  stream,
  roll,
  partitions,
  rules,
  records,
  clock,
  log,
  metrics,
  owner,
  archive,
}: {
  stream: Stream
  /** The stream's engine, for who else is there. */
  roll: Pick<OpenStream, 'rollCall' | 'owners'>
  partitions: number
  rules: Readonly<Record<Lane, readonly Rule[]>>
  records: Pick<Records, 'db' | 'read' | 'nudge'>
  clock: Clock
  log: Log
  metrics: Metrics
  owner: string
  /** Follows what this process works on. */
  archive?: Pick<Archive, 'owned' | 'gone'>
}): Workers {
  const inspection = startInspection({ db: records.db, clock, log })
  const owned = new Set<number>()
  const { read: db, nudge } = records
  const { promise: ready, resolve: settle } = Promise.withResolvers<void>()
  const unsettled = new Set(Array.from({ length: partitions }, (_, partition) => partition))

  function settled(partition: number): void {
    unsettled.delete(partition)
    if (unsettled.size === 0) settle()
  }

  const deps: PartitionDeps = {
    stream,
    partitions,
    rules,
    db,
    nudge,
    clock,
    log,
    metrics,
    turns: createTurns(),
    inspection,
    isHeard: listenFor(roll, owner),
    owner,
    onOwned: partition => {
      owned.add(partition)
      settled(partition)
      archive?.owned(partition)
    },
    onGone: partition => {
      owned.delete(partition)
      archive?.gone(partition)
    },
  }
  const share = takeShare({
    roll,
    partitions,
    member: owner,
    log,
    work: (partition, stop) => ownPartition(partition, deps, stop),
    onOwned: settled,
  })
  return {
    ready,
    owned: () => owned.size,
    async stop() {
      await share.stop()
      await inspection.stop()
    },
  }
}

// Which partitions' findings this process reads: one lease a partition. A lease decides who works, never what is
// safe — that is the cursor's row (records/cursors.ts).

import { performance } from 'node:perf_hooks'
import type { Stream } from '../broker/stream.ts'
import type { Log } from '../model/log.ts'
import { startBeat } from '../workers/beat.ts'

/** A lease lives this long on the engine's clock; its holder stops earlier, by its own. */
const LEASE_TTL_MS = 3_000
const HOLDER_STOPS_AFTER_MS = 2_000
const RENEW_EVERY_MS = 1_000

export type Tenure = {
  /** The partitions that may be read now. */
  held(): number[]
  /** Resolves when every lease was asked for once. */
  ready: Promise<void>
  /** Gives the leases up, so that another process need not wait for their end. */
  stop(): Promise<void>
}

/** Takes and keeps the leases `alerts/<partition>`; one that another `owner` holds is asked for again and again. */
export function keepTenure({
  stream,
  partitions,
  owner,
  log,
}: {
  stream: Pick<Stream, 'lease'>
  partitions: number
  owner: string
  log: Log
}): Tenure {
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  const renewedAt = new Map<number, number>()
  const ready = Promise.withResolvers<void>()
  const ask = (partition: number, ttlMs: number) =>
    stream.lease({ name: `alerts/${partition}`, owner, ttlMs })

  async function renew(partition: number): Promise<void> {
    const askedAt = performance.now()
    if (await ask(partition, LEASE_TTL_MS)) renewedAt.set(partition, askedAt)
    else renewedAt.delete(partition)
  }

  const beat = startBeat({
    everyMs: RENEW_EVERY_MS,
    what: 'leases of findings',
    log,
    async work() {
      await Promise.all(all.map(renew)).finally(ready.resolve)
    },
  })

  const held = (): number[] => {
    const oldest = performance.now() - HOLDER_STOPS_AFTER_MS
    return all.filter(partition => (renewedAt.get(partition) ?? Number.NEGATIVE_INFINITY) > oldest)
  }

  return {
    held,
    ready: ready.promise,
    async stop() {
      await beat.stop()
      const mine = held()
      renewedAt.clear()
      // A lease that cannot be given up ends by itself.
      await Promise.all(mine.map(partition => ask(partition, 0))).catch(error =>
        log.warn({ error }, 'leases of findings could not be given up'),
      )
    },
  }
}

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
/** Long enough for every other process to have asked once. */
const STANDS_BACK_FOR_MS = 1_500

export type Tenure = {
  /** The partitions that may be read now. */
  held(): number[]
  /** Resolves when every lease was asked for once. */
  ready: Promise<void>
  /** Leaves the leases to other processes for a moment: this one cannot do the work. Alone it has them back then. */
  standBack(): void
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
  let standsBackUntil = Number.NEGATIVE_INFINITY
  const ready = Promise.withResolvers<void>()
  const ask = (partition: number, ttlMs: number) =>
    stream.lease({ name: `alerts/${partition}`, owner, ttlMs })

  async function renew(partition: number): Promise<void> {
    const askedAt = performance.now()
    const isWanted = askedAt >= standsBackUntil
    const lease = await ask(partition, isWanted ? LEASE_TTL_MS : 0)
    if (lease && askedAt >= standsBackUntil) renewedAt.set(partition, askedAt)
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
    standBack() {
      standsBackUntil = performance.now() + STANDS_BACK_FOR_MS
      renewedAt.clear()
      beat.now()
    },
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

// Writes on their way to history.db, one transaction after the other: what waits goes together, because a page that
// holds the rows of several writes is written once for all of them.

import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { HubError } from '../model/error.ts'
import { bytesOf } from './history.sqlite.pack.ts'
import type { LoggedEntry, Written } from './history.ts'

/** A transaction takes writes until it holds so much: ten thousand samples. */
const AT_ONCE_BYTES = 2 * 1024 * 1024
/** More than all partitions ever have on their way, unless the disk answers nothing and they try again and again. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024

/**
 * After a transaction the thread rests for twice as long as it took, up to so much: an archive that catches up leaves
 * the disk to the log, which acknowledgements wait for.
 */
const REST_TIMES = 2
const REST_AT_MOST_MS = 100

type Waiting = {
  entries: readonly LoggedEntry[]
  bytes: number
  resolve(written: Written): void
  reject(error: unknown): void
}

/** `transact` writes all of them or none, and says of each what was written. */
export function queueWrites(
  transact: (writes: readonly (readonly LoggedEntry[])[]) => Promise<readonly Written[]>,
): (entries: readonly LoggedEntry[]) => Promise<Written> {
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let isAtWork = false

  function take(): Waiting[] {
    const some: Waiting[] = []
    let bytes = 0
    while (waiting.length > 0 && bytes < AT_ONCE_BYTES) {
      const one = waiting.shift() as Waiting
      some.push(one)
      bytes += one.bytes
    }
    return some
  }

  async function perform(some: readonly Waiting[]): Promise<void> {
    try {
      const written = await transact(some.map(({ entries }) => entries))
      some.forEach(({ resolve }, index) => {
        resolve(written[index] as Written)
      })
    } catch (error) {
      for (const { reject } of some) reject(error)
    } finally {
      for (const { bytes } of some) waitingBytes -= bytes
    }
  }

  async function work(): Promise<void> {
    isAtWork = true
    while (waiting.length > 0) {
      const startedAt = performance.now()
      await perform(take())
      await wait(Math.min((performance.now() - startedAt) * REST_TIMES, REST_AT_MOST_MS))
    }
    isAtWork = false
  }

  return entries => {
    const bytes = bytesOf(entries)
    if (waitingBytes + bytes > WAITING_BYTES_MAX)
      return Promise.reject(new HubError('UNAVAILABLE', 'history.db: too much waits to be written'))
    const { promise, resolve, reject } = Promise.withResolvers<Written>()
    waiting.push({ entries, bytes, resolve, reject })
    waitingBytes += bytes
    if (!isAtWork) void work()
    return promise
  }
}

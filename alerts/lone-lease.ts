// A lease on work that one process of the role does for all of them. It decides who works, never what is safe: whoever is
// slow may find another one at it, so two at once must come to the same.

import { performance } from 'node:perf_hooks'
import type { Stream } from '../broker/stream.ts'
import type { Log } from '../model/log.ts'

const TTL_MS = 60_000
const RENEW_EVERY_MS = 10_000

export type LoneLease = {
  /** Takes the lease or keeps it, asked at most every few seconds: the log of urgent messages answers. */
  isMine(): Promise<boolean>
  /** Leaves it to others at once. One that cannot be given up ends by itself. */
  giveUp(): Promise<void>
}

/** `owner` is this process, as leases know it. */
export function keepLease(
  name: string,
  { stream, owner, log }: { stream: Pick<Stream, 'lease'>; owner: string; log: Log },
): LoneLease {
  let askedAt = Number.NEGATIVE_INFINITY
  let isMine = false
  return {
    async isMine() {
      const now = performance.now()
      if (isMine && now - askedAt < RENEW_EVERY_MS) return true
      isMine = false
      isMine = (await stream.lease({ name, owner, ttlMs: TTL_MS })) !== null
      askedAt = now
      return isMine
    },
    async giveUp() {
      isMine = false
      await stream
        .lease({ name, owner, ttlMs: 0 })
        .catch((error: unknown) => log.warn({ error, lease: name }, 'a lease could not be given up'))
    },
  }
}

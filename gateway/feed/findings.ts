// Follows what the workers find in the urgent lane, straight from their logs: the way of an emergency that needs no
// database. It reads and registers nowhere, so it holds up no trim: what was deleted before it was read here has been
// applied.

import { setTimeout as wait } from 'node:timers/promises'
import { readFindings, standInId } from '../../alerts/findings.ts'
import { START, type Stream } from '../../broker/stream.ts'
import type { Finding } from '../../model/finding.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'

const READ_BYTES = 256 * 1024
/** A wait for something new ends by itself after this time, so that a stop is not held up. */
const WAIT_MS = 500
const AGAIN_AFTER_MS = 500

/** A finding, and the id that stands for it on the timeline where the database refuses it as it is. */
export type FollowedFinding = { finding: Finding; standInId: string }

export type FindingsFollower = { stop(): Promise<void> }

/**
 * Hands out findings of all partitions as they are committed, and first those that are still kept: what nobody has
 * applied when the gateway starts is not applied either when an emergency lies in it.
 */
export function followFindings({
  stream,
  partitions,
  clock,
  log,
  onFindings,
}: {
  stream: Pick<Stream, 'read'>
  partitions: number
  clock: Clock
  log: Log
  onFindings: (findings: readonly FollowedFinding[]) => void
}): FindingsFollower {
  const stopping = new AbortController()

  async function follow(partition: number): Promise<void> {
    let place = START
    let isFailing = false
    while (!stopping.signal.aborted) {
      try {
        const after = { urgent: place }
        const asked = { partition, side: 'out', after, maxBytes: READ_BYTES, waitMs: WAIT_MS } as const
        for (const entry of await stream.read(asked)) {
          place = entry.position
          const read = readFindings(partition, entry, clock.now())
          onFindings(read.findings.map(finding => ({ finding, standInId: standInId(read, finding) })))
        }
        isFailing = false
      } catch (error) {
        if (!isFailing) log.error({ error, partition }, 'findings cannot be followed; trying again')
        isFailing = true
        await wait(AGAIN_AFTER_MS, undefined, { ref: false })
      }
    }
  }

  const ended = Array.from({ length: partitions }, (_, partition) => follow(partition))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(ended)
    },
  }
}

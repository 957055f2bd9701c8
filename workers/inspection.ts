// Keeps messages that were not understood where people can look at them. They are counted in any case; a device
// that sends nothing but rubbish must not fill the database with it, and a database that is away holds nobody up:
// what does not fit into the little that waits for it is lost, with its number.

import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Db } from '../records/db.ts'
import { keepRejects } from '../records/rejects.ts'
import type { Reject } from './folded.ts'

/** Of a device so many messages are kept at once, and one more each time this has passed. */
const KEEP_AT_ONCE = 10
const KEEP_EVERY_MS = 5_000
const DEVICES_MAX = 10_000
const WAITING_MAX = 200
/** A stop waits no longer than this for a database that does not answer. */
const STOP_WITHIN_MS = 2_000

export type Inspection = {
  keep(rejects: readonly Reject[]): void
  /** Resolves when what was handed over is written. */
  stop(): Promise<void>
}

export function startInspection({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Inspection {
  /** When the next message would be due if the device sent exactly at that rate. */
  const dueAt = new Map<string, number>()
  let waiting: Reject[] = []
  /** Messages that were due and could not be kept, since they last could. */
  let lost = 0
  let writing: Promise<void> | undefined

  function isDue({ deviceId }: Reject): boolean {
    const now = clock.now()
    const due = Math.max(dueAt.get(deviceId) ?? 0, now)
    if (due > now + (KEEP_AT_ONCE - 1) * KEEP_EVERY_MS) return false
    if (dueAt.size >= DEVICES_MAX) dueAt.clear()
    dueAt.set(deviceId, due + KEEP_EVERY_MS)
    return true
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const rejects = waiting
      waiting = []
      try {
        await keepRejects(db, rejects)
        if (lost > 0)
          log.warn({ lost }, 'unreadable messages were not kept for inspection; they are kept again')
        lost = 0
      } catch (error) {
        if (lost === 0) log.warn({ error }, 'unreadable messages cannot be kept for inspection')
        lost += rejects.length
      }
    }
    writing = undefined
  }

  return {
    keep(rejects) {
      for (const reject of rejects) {
        if (!isDue(reject)) continue
        if (waiting.length < WAITING_MAX) waiting.push(reject)
        else lost++
      }
      if (waiting.length > 0) writing ??= write()
    },
    async stop() {
      await Promise.race([writing, wait(STOP_WITHIN_MS, undefined, { ref: false })])
      if (lost > 0) log.warn({ lost }, 'unreadable messages were not kept for inspection')
    },
  }
}

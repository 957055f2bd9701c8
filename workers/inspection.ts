// Keeps messages that were not understood where people can look at them. They are counted in any case; a device
// that sends nothing but rubbish must not fill the database with it.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Db } from '../records/db.ts'
import { keepRejects } from '../records/rejects.ts'
import type { Reject } from './fold.ts'

/** Of a device so many messages are kept at once, and one more each time this has passed. */
const KEEP_AT_ONCE = 10
const KEEP_EVERY_MS = 5_000
const DEVICES_MAX = 10_000
const WAITING_MAX = 200

export type Inspection = {
  keep(rejects: readonly Reject[]): void
  /** Resolves when what was handed over is written. */
  stop(): Promise<void>
}

export function startInspection({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Inspection {
  /** When the next message would be due if the device sent exactly at that rate. */
  const dueAt = new Map<string, number>()
  let waiting: Reject[] = []
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
      } catch (error) {
        log.warn({ error, count: rejects.length }, 'unreadable messages could not be kept for inspection')
      }
    }
    writing = undefined
  }

  return {
    keep(rejects) {
      for (const reject of rejects) if (waiting.length < WAITING_MAX && isDue(reject)) waiting.push(reject)
      if (waiting.length > 0) writing ??= write()
    },
    async stop() {
      await writing
    },
  }
}

// Notes what people displayed, some times a second for each of them instead of once for every message.

import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { markSeen } from '../../records/timeline.ts'

export type SeenNotes = {
  /** `userId` has displayed all that they were sent up to `seq`. */
  note(userId: string, seq: number): void
  /** Writes what is still to be noted. */
  stop(): Promise<void>
}

export function startSeenNotes({
  records,
  clock,
  log,
  everyMs,
}: {
  records: Records
  clock: Clock
  log: Log
  everyMs: number
}): SeenNotes {
  const pending = new Map<string, number>()
  let writing: Promise<void> | undefined
  let isFailing = false

  const note = (userId: string, seq: number): void => {
    pending.set(userId, Math.max(seq, pending.get(userId) ?? 0))
  }
  /** The first failure ends it: records that are away would keep each of many users waiting. */
  const write = async (): Promise<void> => {
    const taken = [...pending]
    pending.clear()
    for (const [index, [userId, seq]] of taken.entries()) {
      try {
        await markSeen(records, { userId, seq, at: clock.now() })
        isFailing = false
      } catch (error) {
        if (!isFailing)
          log.warn({ error, userId, seq }, 'what was displayed could not be noted; it is tried again')
        isFailing = true
        for (const [others, upTo] of taken.slice(index + 1)) note(others, upTo)
        note(userId, seq) // behind the others, so that it holds up none of them
        return
      }
    }
  }
  const flush = (): void => {
    if (pending.size === 0) return
    writing ??= write().finally(() => {
      writing = undefined
    })
  }
  const timer = setInterval(flush, everyMs)
  return {
    note,
    async stop() {
      clearInterval(timer)
      await writing
      await write()
    },
  }
}

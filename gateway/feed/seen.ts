// Notes what people displayed, some times a second for each of them instead of once for every message.

import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { markSeen } from '../../records/timeline.ts'
import type { Displayed } from './console.ts'

export type SeenNotes = {
  /** `userId` has displayed all that they were sent up to a place, or of some alarms. */
  note(userId: string, displayed: Displayed): void
  /** Writes what is still to be noted. */
  stop(): Promise<void>
}

/** Alarms of one user that wait to be noted, at most; the oldest are forgotten, and stay unproven. */
const ALARMS_KEPT = 1_000

/** Everything up to `all`, 0 for nothing, and each of `alarms` up to its own place. */
type Pending = { all: number; alarms: Map<string, number> }

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
  const pending = new Map<string, Pending>()
  let writing: Promise<void> | undefined
  let isFailing = false

  const noted = (userId: string, all: number, alarms: Iterable<readonly [string, number]>): void => {
    const known = pending.get(userId) ?? { all: 0, alarms: new Map() }
    known.all = Math.max(known.all, all)
    for (const [id, seq] of alarms) known.alarms.set(id, Math.max(seq, known.alarms.get(id) ?? 0))
    for (const id of known.alarms.keys()) {
      if (known.alarms.size <= ALARMS_KEPT) break
      known.alarms.delete(id)
    }
    pending.set(userId, known)
  }
  const mark = async (userId: string, { all, alarms }: Pending): Promise<void> => {
    const at = clock.now()
    if (all > 0) await markSeen(records, { userId, upTo: all, at })
    if (alarms.size > 0) await markSeen(records, { userId, upTo: alarms, at })
  }
  /** The first failure ends it: records that are away would keep each of many users waiting. */
  const write = async (): Promise<void> => {
    const taken = [...pending]
    pending.clear()
    for (const [index, [userId, displayed]] of taken.entries()) {
      try {
        await mark(userId, displayed)
        isFailing = false
      } catch (error) {
        if (!isFailing)
          log.warn({ error, userId }, 'what was displayed could not be noted; it is tried again')
        isFailing = true
        // Whoever it failed for is behind the others, so that it holds up none of them.
        for (const [others, { all, alarms }] of [...taken.slice(index + 1), [userId, displayed] as const])
          noted(others, all, alarms)
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
    note(userId, { seq, alarms }) {
      if (alarms === undefined) noted(userId, seq, [])
      else
        noted(
          userId,
          0,
          alarms.map(id => [id, seq] as const),
        )
    },
    async stop() {
      clearInterval(timer)
      await writing
      await write()
    },
  }
}

// Is somebody there for every part of the hub? Each process answers for its roles; a part that nobody answers for is
// red everywhere, because a desk to which nothing comes looks like a quiet day.

import type { OpenStream } from '../broker/stream.ts'
import type { HealthName } from '../model/health.ts'
import type { Log } from '../model/log.ts'
import { startBeat } from '../workers/beat.ts'
import type { Check } from './readiness.ts'

const ANSWER_EVERY_MS = 1_000
/** Whoever has not answered for this long is gone: some answers may be late, and a lease ends as soon. */
const GONE_AFTER_MS = 3_000

export type Attendance = {
  check: Check
  /** Answers now: a role has started, and others wait for it. */
  answer(): void
  /** Takes this process off the rolls. */
  stop(): Promise<void>
}

/** Answers as `member` for the `roles` that this process does by now, and looks for somebody in each of `allRoles`. */
export function startAttendance({
  engine,
  roles,
  allRoles,
  member,
  log,
}: {
  engine: Pick<OpenStream, 'rollCall'>
  roles: () => readonly string[]
  allRoles: readonly string[]
  member: string
  log: Log
}): Attendance {
  const call = (role: string, ttlMs: number) =>
    engine.rollCall({ group: `attendance/${role}`, member, ttlMs })
  const beat = startBeat({
    everyMs: ANSWER_EVERY_MS,
    what: 'the attendance of this process',
    log,
    async work() {
      await Promise.all(roles().map(role => call(role, GONE_AFTER_MS)))
    },
  })

  return {
    answer: beat.now,
    check: {
      name: 'roles' satisfies HealthName,
      async check() {
        // What runs here answers by itself; for the others, leaving a roll that one is not on tells who is.
        const counts = await Promise.all(
          allRoles.map(async role => (roles().includes(role) ? 1 : (await call(role, 0)).length)),
        )
        const missing = allRoles.filter((_, index) => counts[index] === 0)
        if (missing.length === 0) return { ok: true, detail: `${allRoles.join(', ')} are there` }
        const detail = `no process of this hub does the work of: ${missing.join(', ')}`
        return { ok: false, reason: 'nobody_does_it', detail }
      },
    },
    async stop() {
      await beat.stop()
      await Promise.all(roles().map(role => call(role, 0))).catch((error: unknown) =>
        log.warn({ error }, 'the rolls could not be left; they forget in a moment'),
      )
    },
  }
}

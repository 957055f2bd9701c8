// Whether what is old is let go of, for whoever watches the hub. Never red: alarms do without it, and a switch that falls
// silent for this is soon ignored.

import type { HealthName } from '../model/health.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { openRun, retentionStanding } from '../records/retention-runs.ts'
import type { Check } from './readiness.ts'

const HOUR_MS = 3_600_000
/** A run is due every day. */
const LATE_AFTER_MS = 50 * HOUR_MS

export const retentionCheck = ({
  records,
  clock,
}: {
  records: Pick<Records, 'read'>
  clock: Clock
}): Check => ({
  name: 'retention' satisfies HealthName,
  async check() {
    const { doneAt, seenAt } = await retentionStanding(records.read)
    const open = await openRun(records.read)
    if (open?.failure != null) return told(`warning: a run does not get on: ${open.failure}`)
    const now = clock.now()
    const sinceMs = now - (doneAt ?? seenAt ?? now)
    const hours = Math.floor(sinceMs / HOUR_MS)
    if (sinceMs > LATE_AFTER_MS) return told(`warning: no run was done for ${hours} hours`)
    return told(doneAt === null ? 'no run was due yet' : `the last run was done ${hours} hours ago`)
  },
})

const told = (detail: string) => ({ ok: true, detail })

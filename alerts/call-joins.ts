// Joins calls that came first: an elder dials, then presses the red key. Whoever raised the alarm knew of no call, so
// calls of the last minutes are looked at again whenever something new stands on a timeline.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { callById, callsToJoin } from '../records/calls.ts'
import { type Records, writeDesk } from '../records/db.ts'
import { appendTimeline } from '../records/entries.ts'
import { followAfter } from '../workers/after-nudge.ts'
import { type Beat, startBeat } from '../workers/beat.ts'
import { findJoin, JOINS_WITHIN_MS, joinCall } from './call-join.ts'

/** A nudge may be lost, and a finding late: so much longer a call is looked at. */
const PATIENCE_MS = 30_000
/** A new alarm is shown first, and a call joins it then. */
const AFTER_MS = 150

/** Looks every `everyMs`, and when the feed is nudged, until stopped. */
export function startCallJoins({
  records,
  clock,
  log,
  everyMs = 1_000,
}: {
  records: Records
  clock: Clock
  log: Log
  everyMs?: number
}): Pick<Beat, 'stop'> {
  const beat = startBeat({
    everyMs,
    what: 'join of calls to alarms',
    log,
    work: () => joinCalls({ records, clock }),
  })
  const unsubscribe = followAfter({ nudge: records.nudge, topic: 'feed', afterMs: AFTER_MS }, beat.now)
  return {
    async stop() {
      unsubscribe()
      await beat.stop()
    },
  }
}

/** One look. What there is to join is found out without keeping a writer busy. */
export async function joinCalls({ records, clock }: { records: Records; clock: Clock }): Promise<void> {
  const now = clock.now()
  for (const seen of await callsToJoin(records.read, now - JOINS_WITHIN_MS - PATIENCE_MS)) {
    const { id } = seen
    if (!(await findJoin(records.read, seen))) continue
    const joined = await writeDesk(records, async tx => {
      const call = await callById(tx, id)
      if (!call || call.incidentId !== null) return 0
      const { entries } = await joinCall(tx, { call, now })
      await appendTimeline(tx, entries)
      return entries.length
    })
    if (joined === 0) continue
    records.nudge.publish('feed')
    records.nudge.publish('calls')
  }
}

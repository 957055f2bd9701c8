// Follows the timeline for alerts that nobody outside of the desk knows of yet, and tells of each once: from rows, so
// that a process which dies between an alert and its telling leaves it to the next.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Incident } from '../records/casework.ts'
import { lastSeq, type Records } from '../records/db.ts'
import { storedLadders } from '../records/ladders.ts'
import { noteToldUpTo, toldUpTo, untoldIncidents } from '../records/tellings.ts'
import { readLadders } from './ladder.ts'
import type { Way } from './recipients.ts'
import { keepClock, tellAlert } from './tell-alert.ts'
import { type Task, takeTogether } from './tell-together.ts'

/** Alarms a transaction; what is more urgent waits for no more than this. */
const TOGETHER = 20
/** Up to where was looked is a write: not with every entry. */
const NOTE_EVERY = 500

export type Follow = {
  records: Records
  clock: Clock
  log: Log
  defaults: readonly Way[]
  /** Some alarms were told of. Called before the feed is nudged. */
  onTold?: () => void
}

/** Returns what looks through everything that is new; one call at a time. */
export function followAlerts({ records, clock, log, defaults, onTold }: Follow): () => Promise<void> {
  let after: number | undefined
  let noted = 0

  /** Returns the faults of alarms that could not be told of: their next step will try it. */
  async function tellSince(since: number, upTo: number): Promise<unknown[]> {
    const faulty: unknown[] = []
    let behind: Incident | undefined
    const find = () => untoldIncidents(records.feed, { after: since, upTo, behind, limit: TOGETHER })
    let found = await find()
    if (found.length === 0) return faulty
    const ladders = readLadders(await storedLadders(records.feed), log)
    while (found.length > 0) {
      const { entries, faults } = await takeTogether({ records, clock, log, ladders, defaults }, found, ALERT)
      faulty.push(...faults)
      onTold?.()
      if (entries.length > 0) records.nudge.publish('feed')
      // From one to the next: what cannot be told must not hide what comes behind it.
      behind = found.at(-1)
      found = found.length < TOGETHER ? [] : await find()
    }
    return faulty
  }

  return async () => {
    const upTo = await lastSeq(records.feed, 'feed')
    // Fewer entries than there were: the database was put back to an older one, which says up to where it was told.
    if (after === undefined || upTo < after) after = noted = await toldUpTo(records.feed)
    if (upTo <= after) return
    const faults = await tellSince(after, upTo)
    after = upTo
    if (after - noted >= NOTE_EVERY) {
      await noteToldUpTo(records.db, after)
      noted = after
    }
    if (faults.length > 0) throw faults[0]
  }
}

const ALERT: Task = {
  audiences: (_incident, ladder) => ladder?.steps.slice(0, 1).map(({ audience }) => audience) ?? [],
  take(desk, given) {
    if (given.incident.escalateAt === null) return undefined
    const entries = tellAlert(desk, given)
    return { incident: keepClock(desk, given), entries }
  },
}

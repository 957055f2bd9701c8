// Follows the timeline for alerts that nobody outside of the desk knows of yet, and tells of each once: from rows, so
// that a process which dies between an alert and its telling leaves it to the next.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { type Incident, incidentInScope } from '../records/casework.ts'
import { lastSeq, type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { areaPathOf, storedLadders } from '../records/ladders.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { noteToldUpTo, toldUpTo, untoldIncidents } from '../records/tellings.ts'
import { type AreaLadder, ladderFor, readLadders } from './ladder.ts'
import type { Way } from './recipients.ts'
import { keepClock, tellAlert } from './tell-alert.ts'
import { readGround } from './tell-ground.ts'

/** Alarms a transaction; what is more urgent waits for no more than this. */
const TOGETHER = 20
/** Up to where was looked is a write: not with every entry. */
const NOTE_EVERY = 500

export type Follow = { records: Records; clock: Clock; log: Log; defaults: readonly Way[] }

/** Returns what looks through everything that is new; one call at a time. */
export function followAlerts({ records, clock, log, defaults }: Follow): () => Promise<void> {
  let after: number | undefined
  let noted = 0

  async function tell(ids: readonly string[], ladders: readonly AreaLadder[]): Promise<void> {
    const entries = await writeDesk(records, async tx => {
      const ground = readGround(tx, defaults)
      const written: NewEntry[] = []
      for (const id of ids)
        written.push(...(await tellOf(tx, id, { ladders, ground, now: clock.now(), log })))
      await appendTimeline(tx, written)
      return written
    })
    if (entries.length > 0) records.nudge.publish('feed')
  }

  return async () => {
    const upTo = await lastSeq(records.feed, 'feed')
    // Fewer entries than there were: the database was put back to an older one, which says up to where it was told.
    if (after === undefined || upTo < after) after = noted = await toldUpTo(records.feed)
    if (upTo <= after) return
    let ladders: AreaLadder[] | undefined
    let last: Incident | undefined
    do {
      // From one to the next: what cannot be told must not hide what comes behind it.
      const found = await untoldIncidents(records.feed, { after, upTo, behind: last, limit: TOGETHER })
      last = found.at(-1)
      if (!last) break
      ladders ??= readLadders(await storedLadders(records.feed), log)
      await tell(
        found.map(({ id }) => id),
        ladders,
      )
    } while (last)
    after = upTo
    if (after - noted < NOTE_EVERY) return
    await noteToldUpTo(records.db, after)
    noted = after
  }
}

/** As the row is now, in turn with everybody who changes it. */
async function tellOf(
  tx: Tx,
  id: string,
  {
    ladders,
    ground,
    now,
    log,
  }: { ladders: readonly AreaLadder[]; ground: ReturnType<typeof readGround>; now: number; log: Log },
): Promise<NewEntry[]> {
  const incident = await incidentInScope(tx, { id, scope: WHOLE_HUB })
  if (!incident || incident.escalateAt === null) return []
  const areaPath = ladders.length === 0 ? '' : await areaPathOf(tx, incident.areaId)
  const ladder = ladderFor(ladders, { incident, areaPath })
  const entries = await tellAlert(tx, { incident, ladder, ground, now, log })
  await keepClock(tx, { incident, ladder, now })
  return entries
}

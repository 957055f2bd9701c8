// Brings back what a clock that was set back has put out of reach. Leases and steps hold absolute times; without
// this, one hour too far ahead, corrected, is an hour in which nobody is told and no dead owner is noticed.

import type { Clock } from '../model/time.ts'
import { changeIncident, incidentsAhead, type Wait } from '../records/casework.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import { capLeases } from '../records/leases.ts'
import { latestNext } from './escalate.ts'
import { type AreaLadder, waitsOfAll } from './ladder.ts'
import { LEASE_MS } from './lease.ts'

/** Rows a transaction, as in the sweep. */
const ROWS_PER_PASS = 100

/** Makes every wait one that could have begun now; returns how many alarms waited for longer than that. */
export async function pullIn({
  records,
  clock,
  ladders,
}: {
  records: Records
  clock: Clock
  ladders: readonly AreaLadder[]
}): Promise<number> {
  await capLeases(records, LEASE_MS)
  const waits = waitsOfAll(ladders)
  // Almost always there are none: find that out without keeping a writer busy.
  const some = await incidentsAhead(records.read, { now: clock.now(), waits, limit: 1 })
  if (some.length === 0) return 0
  let all = 0
  let last: number
  do {
    last = await writeDesk(records, tx => pullSome(tx, { now: clock.now(), waits }))
    all += last
  } while (last > 0)
  return all
}

async function pullSome(tx: Tx, { now, waits }: { now: number; waits: readonly Wait[] }): Promise<number> {
  const ahead = await incidentsAhead(tx, { now, waits, limit: ROWS_PER_PASS })
  // By the usual table: sooner than the area's own ladder at most, never later than any wait there is.
  for (const incident of ahead) await changeIncident(tx, incident, { escalateAt: latestNext(incident, now) })
  return ahead.length
}

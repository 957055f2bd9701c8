// The pop-up: calls as consoles are told of them. What goes on to a console that comes, then whatever changes, each to
// those who may see the elder; what a console was told of it is told the end of.

import type { Clock } from '../../model/time.ts'
import {
  type CallRow,
  callsOfDesk,
  OPEN_AT_MOST_MS,
  type SightedCall,
  seenBy,
  sightCalls,
} from '../../records/calls.ts'
import type { Records } from '../../records/db.ts'
import type { FeedLimits } from './limits.ts'
import type { Telling } from './told.ts'

/** What has changed since then is told, also when it is over already: one that rang once is seen. */
const RECENT_MS = 10_000

export function callsOnScreen(
  { records, clock }: { records: Pick<Records, 'read'>; clock: Clock },
  { sweepMs }: Pick<FeedLimits, 'sweepMs'>,
): Telling<SightedCall> {
  /** Calls that went on when they were told of: their end is told, however late it is read. */
  const unended = new Set<string>()

  async function read(): Promise<SightedCall[]> {
    const now = clock.now()
    const openSince = now - OPEN_AT_MOST_MS
    const asked = await callsOfDesk(records.read, { since: now - RECENT_MS, openSince, ids: [...unended] })
    const rows = asked.map(row => endedIfLost(row, openSince))
    const sighted = await sightCalls(records.read, rows)
    unended.clear()
    for (const row of rows) if (row.endedAt === null && row.missedAt === null) unended.add(row.id)
    return sighted
  }

  return {
    access: 'calls:read',
    topic: 'calls',
    everyMs: sweepMs,
    read,
    messageFor(sighted, { scope, user }) {
      const seen = seenBy(sighted, { scope, userId: user.id })
      return seen && { id: seen.call.id, message: { type: 'call', ...seen } }
    },
  }
}

/** A call of which nothing was heard for so long is over: whoever was told that it goes on is told so. */
const endedIfLost = (row: CallRow, openSince: number): CallRow =>
  row.endedAt === null && row.changedAt <= openSince ? { ...row, endedAt: row.changedAt } : row

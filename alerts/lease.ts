// Ownership of an incident lasts as long as its owner is there: a lease on the row, on the database's clock.

import type { Records } from '../records/db.ts'
import { extendLeases, holdsLease } from '../records/leases.ts'
import { sinceSwept } from '../records/swept.ts'

/** Without a sign of life for this long an owner is taken to be gone, and the incident is nobody's. */
export const LEASE_MS = 20_000

/** These users have a live connection: what they own stays theirs. One statement, whatever their number. */
export const renewLeases = (records: Records, userIds: readonly string[]): Promise<void> =>
  extendLeases(records, { owners: userIds, byMs: LEASE_MS })

/**
 * Gives every owner one more lease. A hub that was away cannot know who is there: nobody could renew meanwhile,
 * and owners that are still at their screens must not lose what they work on.
 */
export const forgiveAll = (records: Records): Promise<void> =>
  extendLeases(records, { owners: 'all', byMs: LEASE_MS })

/** The hub sweeps every second. After a longer gap than this it was away, or it is so slow that nobody can tell. */
const AWAY_AFTER_MS = 5_000
/** A gateway renews every 5 s: while one is there with an owner, a lease ends later than this from now. */
const RENEWED_LATELY_MS = LEASE_MS - 6_000

/**
 * True when the hub cannot have heard of its owners: no process of it has swept for a while — it has just started, or
 * it, its machine or its database stood still, or the clock was set — and no gateway has renewed a lease meanwhile. A
 * process that comes back to a hub that went on without it changes nothing: who is gone then is known to be.
 */
export async function wasAway(records: Pick<Records, 'feed' | 'now'>): Promise<boolean> {
  const sinceMs = await sinceSwept(records)
  const hasSwept = sinceMs !== null && sinceMs >= 0 && sinceMs <= AWAY_AFTER_MS
  return !hasSwept && !(await holdsLease(records, RENEWED_LATELY_MS))
}

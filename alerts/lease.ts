// Ownership of an incident lasts as long as its owner is there: a lease on the row, on the database's clock.

import { extendLeases } from '../records/casework.ts'
import type { Records } from '../records/db.ts'

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

/**
 * A gateway renews every 5 s, so a lease has at least 15 s left while all is well. After a jump of less than
 * that it can still be renewed in time; half a lease leaves room.
 */
const AWAY_AFTER_MS = LEASE_MS / 2

/**
 * True when the hub cannot have heard of owners since the sweep before: it has just started, it was stopped or
 * its machine was paused, or its clock was set ahead.
 */
export const wasAway = ({ sweptAt, now }: { sweptAt: number | null; now: number }): boolean =>
  sweptAt === null || now - sweptAt > AWAY_AFTER_MS

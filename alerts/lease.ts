// Ownership of an incident lasts as long as its owner is there: a lease on the row, on the database's clock.

import { extendLeases } from '../records/casework.ts'
import type { Records } from '../records/db.ts'

/** Without a sign of life for this long an owner is taken to be gone, and the incident is nobody's. */
export const LEASE_MS = 20_000

/** These users have a live connection: what they own stays theirs. One statement, whatever their number. */
export const renewLeases = (records: Records, userIds: readonly string[]): Promise<void> =>
  extendLeases(records, { owners: userIds, byMs: LEASE_MS })

/**
 * Gives every owner one more lease. At its start a hub cannot know who is there: nobody could renew while it
 * was away, and owners that are still at their screens must not lose what they work on.
 */
export const forgiveLapsed = (records: Records): Promise<void> =>
  extendLeases(records, { owners: 'lapsed', byMs: LEASE_MS })

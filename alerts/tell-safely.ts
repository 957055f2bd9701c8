// Contacts are told apart from everything else: what is wrong with those of one elder must hold up neither a step of
// their own alarm, nor the staff who are told of it, nor anybody else's alarm.

import { sql } from 'kysely'
import type { Log } from '../model/log.ts'
import type { Incident } from '../records/casework.ts'
import type { Tx } from '../records/db.ts'
import type { NewEntry } from '../records/entries.ts'
import { isFaultOfFinding } from './salvage.ts'

/** What is stored cannot be taken, so that trying again cannot help. */
export const isFaultOfRows = (error: unknown): boolean =>
  error instanceof SyntaxError || isFaultOfFinding(error)

/**
 * Tells in a savepoint of its own. Where that fails by a fault of what is stored, nothing of it is kept, and the
 * timeline says so. @throws whatever else fails: a busy or broken database is tried again.
 */
export async function tellSafely(
  tx: Tx,
  { incident, now, log }: { incident: Incident; now: number; log: Log | undefined },
  tell: () => Promise<NewEntry[]>,
): Promise<NewEntry[]> {
  await sql`savepoint telling`.execute(tx)
  try {
    const entries = await tell()
    await sql`release savepoint telling`.execute(tx)
    return entries
  } catch (error) {
    if (!isFaultOfRows(error)) throw error
    await sql`rollback to savepoint telling`.execute(tx)
    await sql`release savepoint telling`.execute(tx)
    log?.error({ error, incidentId: incident.id }, 'the contacts of an alarm could not be told')
    return [{ incidentId: incident.id, kind: 'untold', at: now, detail: { reason: 'unreadable_contacts' } }]
  }
}

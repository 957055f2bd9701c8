// Contacts are told apart from everything else: what is wrong with those of one elder must hold up neither a step of
// their own alarm, nor the staff who are told of it, nor anybody else's alarm.

import type { Incident } from '../records/casework.ts'
import type { NewEntry } from '../records/entries.ts'
import { isFaultOfFinding } from './salvage.ts'
import type { At } from './tell.ts'

/** What is stored cannot be taken, so that trying again cannot help. */
export const isFaultOfRows = (error: unknown): boolean =>
  error instanceof SyntaxError || isFaultOfFinding(error)

/**
 * Tells contacts. Where that fails by a fault of what is stored, none of them is told, and the timeline says so.
 * @throws whatever else fails.
 */
export function tellSafely(
  { incident, now, log, refused }: At & { incident: Incident },
  tell: () => NewEntry[],
): NewEntry[] {
  try {
    if (refused !== undefined) throw refused
    return tell()
  } catch (error) {
    if (!isFaultOfRows(error)) throw error
    log?.error({ error, incidentId: incident.id }, 'the contacts of an alarm could not be told')
    return [{ incidentId: incident.id, kind: 'untold', at: now, detail: { reason: 'unreadable_contacts' } }]
  }
}

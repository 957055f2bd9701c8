// What a family may see, in one place: an account looks after the elders of whom it is a contact, and nothing of
// anybody else is read here. The link is the contact's `userId`: without it, or once contact or elder is archived, all
// of this is empty with the next question. What is known of those elders is in family-elders.ts.

import { fromRow, type Incident } from './casework.ts'
import type { Db } from './db.ts'
import { helpFor, NO_HELP, type Told } from './family-elders.ts'
import type { Row } from './schema.ts'

/** More are no family. */
const ELDERS_MAX = 20

/** An elder, and as whom the account is known to them. */
export type LookedAfter = Pick<
  Row<'residents'>,
  'id' | 'areaId' | 'name' | 'gender' | 'timeZone' | 'awayUntil'
> & {
  contact: { id: string; name: string; relation: string | null }
}

/** The live elders that an account looks after, by name; `residentId` asks for one of them. */
export async function lookedAfterBy(
  db: Db,
  { userId, residentId }: { userId: string; residentId?: string },
): Promise<LookedAfter[]> {
  let query = db
    .selectFrom('contacts')
    .innerJoin('residents', 'residents.id', 'contacts.residentId')
    .select(['residents.id', 'residents.areaId', 'residents.name', 'residents.gender'])
    .select(['residents.timeZone', 'residents.awayUntil'])
    .select(['contacts.id as contactId', 'contacts.name as contactName', 'contacts.relation'])
    .where('contacts.userId', '=', userId)
    .where('contacts.archivedAt', 'is', null)
    .where('residents.archivedAt', 'is', null)
  if (residentId !== undefined) query = query.where('residents.id', '=', residentId)
  const rows = await query
    .orderBy('residents.name')
    .orderBy('residents.id')
    .orderBy('contacts.position')
    .execute()
  const elders = new Map<string, LookedAfter>()
  for (const { contactId, contactName, relation, awayUntil, ...elder } of rows) {
    if (elders.has(elder.id) || elders.size === ELDERS_MAX) continue // who is entered twice is one person
    const contact = { id: contactId, name: contactName, relation }
    elders.set(elder.id, { ...elder, awayUntil: awayUntil === null ? null : Number(awayUntil), contact })
  }
  return [...elders.values()]
}

/** Which of these accounts look after which of these elders now. */
export const lookingAfter = (
  db: Db,
  { residentIds, userIds }: { residentIds: readonly string[]; userIds: readonly string[] },
): Promise<{ residentId: string; userId: string | null }[]> =>
  db
    .selectFrom('contacts')
    .innerJoin('residents', 'residents.id', 'contacts.residentId')
    .select(['contacts.residentId', 'contacts.userId'])
    .where('contacts.residentId', 'in', residentIds)
    .where('contacts.userId', 'in', userIds)
    .where('contacts.archivedAt', 'is', null)
    .where('residents.archivedAt', 'is', null)
    .execute()

/** An alarm of an elder that the account looks after, with the elder; undefined for any other. */
export async function familyAlarm(
  db: Db,
  { userId, alarmId }: { userId: string; alarmId: string },
): Promise<{ incident: Incident; elder: LookedAfter } | undefined> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', alarmId).executeTakeFirst()
  if (row?.subjectType !== 'resident' || row.class === 'technical') return undefined
  const [elder] = await lookedAfterBy(db, { userId, residentId: row.subjectId })
  return elder && { incident: fromRow(row), elder }
}

/** When a contact said that they go, since the alarm alerted last; null when they have not. */
export async function goingOf(
  db: Db,
  { incident, contactId }: { incident: Pick<Incident, 'id' | 'alertedAt'>; contactId: string },
): Promise<number | null> {
  const { told } = (await helpFor(db, [incident.id])).get(incident.id) ?? NO_HELP
  return goingSince(told, { contactId, alertedAt: incident.alertedAt })
}

/** The same of what was read already. */
export function goingSince(
  told: readonly Told[],
  { contactId, alertedAt }: { contactId: string; alertedAt: number },
): number | null {
  const said = told.filter(
    ({ kind, at, detail }) => kind === 'contact_going' && detail.contactId === contactId && at >= alertedAt,
  )
  return said[0]?.at ?? null
}

// The people to call for an elder, in calling order.

import { newId } from '../model/id.ts'
import { type Contact, USUAL_CONTACT } from '../model/resident.ts'
import { scheduleSchema } from '../model/schedule.ts'
import type { Db, Records, Tx } from './db.ts'
import { numberFor } from './numbers.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, type Changed, given, notFound, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { badField, inScope, requireResident, type Scope } from './scope.ts'
import { readSlices } from './slices.ts'

/** What is not said of them is as usual. */
export type NewContact = Omit<Contact, 'id' | keyof typeof USUAL_CONTACT> & { id?: string | undefined } & {
  [K in keyof typeof USUAL_CONTACT]?: Contact[K] | undefined
}
/** A contact stays with its resident. */
export type ContactChange = Change<Omit<Contact, 'id' | 'residentId'>>

/** Live contacts of the scope's residents, each resident's in calling order. */
export async function listContacts(
  db: Db,
  { scope, residentId, cursor, limit }: { scope: Scope; residentId?: string | undefined } & PageRequest,
): Promise<Page<Contact>> {
  const order = ['contacts.residentId', 'contacts.position', 'contacts.id']
  const pages = pagesOf({ name: 'contacts', order, numbers: ['contacts.position'], filter: { residentId } })
  let query = inScopeOf(db, scope).where('contacts.archivedAt', 'is', null).where(pages.after(cursor))
  if (residentId !== undefined) query = query.where('contacts.residentId', '=', residentId)
  const rows = await query
    .orderBy('contacts.residentId')
    .orderBy('contacts.position')
    .orderBy('contacts.id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, {
    limit,
    keyOf: row => [row.residentId, row.position, row.id],
    toItem: toContact,
  })
}

/** A live contact of a resident of the scope. */
export async function getContact(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<Contact | undefined> {
  const row = await inScopeOf(db, scope)
    .where('contacts.id', '=', id)
    .where('contacts.archivedAt', 'is', null)
    .executeTakeFirst()
  return row && toContact(row)
}

/** @throws HubError BAD_REQUEST without such a resident, CONFLICT when the id is taken. */
export function createContact(records: Records, { scope, contact }: { scope: Scope; contact: NewContact }) {
  return writeRegistry(records, (tx, changed) => addContact(tx, { scope, contact, changed }))
}

/** The same as a part of another write. */
export async function addContact(
  tx: Tx,
  { scope, contact, changed }: { scope: Scope; contact: NewContact; changed: Changed },
): Promise<Contact> {
  await requireResident(tx, { scope, residentId: contact.residentId })
  const whole: Contact = { ...contact, ...usualOf(contact), id: contact.id ?? newId('con') }
  await requireAccount(tx, { scope, userId: whole.userId })
  await tx
    .insertInto('contacts')
    .values({ ...toRow(whole), number: await numberFor(tx, whole.phone), archivedAt: null })
    .execute()
  changed('contact', whole.id)
  return whole
}

const usualOf = ({
  availability = [...USUAL_CONTACT.availability],
  language = USUAL_CONTACT.language,
  email = USUAL_CONTACT.email,
  userId = USUAL_CONTACT.userId,
}: NewContact): Pick<Contact, keyof typeof USUAL_CONTACT> => ({ availability, language, email, userId })

/** @throws HubError NOT_FOUND */
export function updateContact(records: Records, asked: ContactUpdate) {
  return writeRegistry(records, (tx, changed) => changeContact(tx, asked, changed))
}

export type ContactUpdate = { scope: Scope; id: string; change: ContactChange }

/** The same as a part of another write. */
export async function changeContact(
  tx: Tx,
  { scope, id, change }: ContactUpdate,
  changed: Changed,
): Promise<Contact> {
  const contact = await getContact(tx, { scope, id })
  if (!contact) throw notFound('contact', id)
  const next = { ...contact, ...given(change) }
  if (next.userId !== contact.userId) await requireAccount(tx, { scope, userId: next.userId })
  const number = await numberFor(tx, next.phone)
  await tx
    .updateTable('contacts')
    .set({ ...toRow(next), number })
    .where('id', '=', id)
    .execute()
  changed('contact', id)
  return next
}

/** @throws HubError NOT_FOUND */
export function archiveContact(
  records: Records,
  { scope, id, at }: { scope: Scope; id: string; at: number },
) {
  return writeRegistry(records, async (tx, changed): Promise<void> => {
    if (!(await getContact(tx, { scope, id }))) throw notFound('contact', id)
    await tx.updateTable('contacts').set({ archivedAt: at }).where('id', '=', id).execute()
    changed('contact', id)
  })
}

const inScopeOf = (db: Db, scope: Scope) =>
  db
    .selectFrom('contacts')
    .innerJoin('residents', 'residents.id', 'contacts.residentId')
    .selectAll('contacts')
    .where(inScope(scope, 'residents.areaId'))

/** @throws HubError BAD_REQUEST when there is no such account in the scope. */
async function requireAccount(
  tx: Tx,
  { scope, userId }: { scope: Scope; userId: string | null },
): Promise<void> {
  if (userId === null) return
  const user = await tx
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('archivedAt', 'is', null)
    .where(inScope(scope, 'areaId'))
    .executeTakeFirst()
  if (!user) throw badField('userId', `there is no account ${userId}`, 'not_found')
}

/** The contacts of elders, each one's in calling order: for whoever tells them of an alarm. */
export async function contactsOf(db: Db, residentIds: readonly string[]): Promise<Contact[]> {
  const rows = await readSlices(residentIds, slice =>
    db
      .selectFrom('contacts')
      .selectAll()
      .where('residentId', 'in', slice)
      .where('archivedAt', 'is', null)
      .orderBy('position')
      .orderBy('id')
      .execute(),
  )
  return rows.map(toContact)
}

const toContact = ({
  archivedAt: _,
  number: __,
  availabilityJson,
  ...contact
}: Row<'contacts'>): Contact => ({
  ...contact,
  availability: availabilityOf(availabilityJson),
})

/** Hours that cannot be read are none: somebody who is told too often can be seen, and one who is never told cannot. */
function availabilityOf(json: string): Contact['availability'] {
  try {
    return scheduleSchema.parse(JSON.parse(json))
  } catch {
    return []
  }
}

const toRow = ({ availability, ...contact }: Contact) => ({
  ...contact,
  availabilityJson: JSON.stringify(availability),
})

// The people to call for an elder, in calling order.

import { newId } from '../model/id.ts'
import type { Contact } from '../model/resident.ts'
import type { Db, Records } from './db.ts'
import { numberFor } from './numbers.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, given, notFound, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { inScope, requireResident, type Scope } from './scope.ts'

export type NewContact = Omit<Contact, 'id'> & { id?: string | undefined }
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
  return writeRegistry(records, async (tx, changed): Promise<Contact> => {
    await requireResident(tx, { scope, residentId: contact.residentId })
    const number = await numberFor(tx, contact.phone)
    const row: Row<'contacts'> = { ...contact, id: contact.id ?? newId('con'), number, archivedAt: null }
    await tx.insertInto('contacts').values(row).execute()
    changed('contact', row.id)
    return toContact(row)
  })
}

/** @throws HubError NOT_FOUND */
export function updateContact(
  records: Records,
  { scope, id, change }: { scope: Scope; id: string; change: ContactChange },
) {
  return writeRegistry(records, async (tx, changed): Promise<Contact> => {
    const contact = await getContact(tx, { scope, id })
    if (!contact) throw notFound('contact', id)
    const next = { ...contact, ...given(change) }
    const { name, relation, phone, position } = next
    const number = await numberFor(tx, phone)
    await tx
      .updateTable('contacts')
      .set({ name, relation, phone, position, number })
      .where('id', '=', id)
      .execute()
    changed('contact', id)
    return next
  })
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

const toContact = ({ archivedAt: _, number: __, ...contact }: Row<'contacts'>): Contact => contact

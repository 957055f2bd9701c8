// The registry's people: elders and their contacts.

import { z } from 'zod'
import { idSchema } from '../../model/id.ts'
import {
  contactMailSchema,
  contactSchema,
  residentSchema,
  USUAL_CARE,
  USUAL_CONTACT,
} from '../../model/resident.ts'
import type { Clock } from '../../model/time.ts'
import {
  archiveContact,
  createContact,
  getContact,
  listContacts,
  updateContact,
} from '../../records/contacts.ts'
import type { Records } from '../../records/db.ts'
import {
  archiveResident,
  createResident,
  getResident,
  listResidents,
  updateResident,
} from '../../records/residents.ts'
import { areaOfScope, badField } from '../../records/scope.ts'
import type { App } from '../app.ts'
import { changeOf } from '../listing.ts'
import { may } from '../permissions.ts'
import { registryRoutes, type Write } from './registry.ts'

const { id: _, ...resident } = residentSchema.shape
const { id: __, residentId: ___, ...shown } = contactSchema.shape
const contact = { ...shown, email: contactMailSchema }

const newResident = z
  .strictObject({
    id: idSchema.optional(),
    ...resident,
    areaId: resident.areaId.optional().meta({ description: "The account's own area when left out" }),
    gender: resident.gender.default(null),
    birthYear: resident.birthYear.default(null),
    phone: resident.phone.default(null),
    address: resident.address.default(null),
    accessNotes: resident.accessNotes.default(null),
    medicalNotes: resident.medicalNotes.default(null),
    wandering: resident.wandering.default(false),
    livesAlone: resident.livesAlone.default(false),
    timeZone: resident.timeZone.default(USUAL_CARE.timeZone),
    waking: resident.waking.default(USUAL_CARE.waking),
    checkInBy: resident.checkInBy.default(null),
    awayUntil: resident.awayUntil.default(null),
    thresholds: resident.thresholds.default(null),
  })
  .meta({ id: 'NewResident' })

const newContact = z
  .strictObject({
    id: idSchema.optional(),
    residentId: idSchema,
    ...contact,
    relation: contact.relation.default(null),
    position: contact.position.default(1),
    availability: contact.availability.default([...USUAL_CONTACT.availability]),
    language: contact.language.default(USUAL_CONTACT.language),
    email: contact.email.default(USUAL_CONTACT.email),
    userId: contact.userId.default(USUAL_CONTACT.userId),
  })
  .meta({ id: 'NewContact' })

export function peopleRoutes(app: App, desk: { records: Records; clock: Clock }): void {
  const { records } = desk
  registryRoutes(app, desk, {
    plural: 'residents',
    singular: 'resident',
    read: 'registry:read',
    write: 'registry:write',
    schemas: {
      item: residentSchema,
      created: residentSchema,
      create: newResident,
      change: changeOf(resident).meta({ id: 'ResidentChange' }),
      filter: {
        areaId: idSchema.optional().meta({ description: 'This area and everything below it' }),
        text: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .meta({ description: 'Part of the name; or the whole number, or its last four digits' }),
      },
    },
    list: listResidents,
    get: getResident,
    create: (body, { scope, at }) =>
      createResident(records, {
        scope,
        at,
        resident: { ...body, areaId: body.areaId ?? areaOfScope(scope) },
      }),
    update: (id, change, { scope, session, at }) =>
      updateResident(records, { scope, id, change, at, by: session.user.id }),
    archive: (id, { scope, at }) => archiveResident(records, { scope, id, at }),
  })
  registryRoutes(app, desk, {
    plural: 'contacts',
    singular: 'contact',
    read: 'registry:read',
    write: 'registry:write',
    schemas: {
      item: contactSchema,
      created: contactSchema,
      create: newContact,
      change: changeOf(contact).meta({ id: 'ContactChange' }),
      filter: { residentId: idSchema.optional() },
    },
    list: listContacts,
    get: getContact,
    async create(body, write) {
      await requireLinker(records, { userId: body.userId, write })
      return createContact(records, { scope: write.scope, contact: body })
    },
    async update(id, change, write) {
      await requireLinker(records, { userId: change.userId, contactId: id, write })
      return updateContact(records, { scope: write.scope, id, change })
    },
    archive: (id, { scope, at }) => archiveContact(records, { scope, id, at }),
  })
}

type Linking = { userId?: string | null | undefined; contactId?: string; write: Write }

/**
 * Whoever gives a contact an account lets that account see the elder. Taking it out is for everybody who keeps the
 * register, and so is to say again what is there.
 */
async function requireLinker(
  { read }: Pick<Records, 'read'>,
  { userId, contactId, write: { scope, session } }: Linking,
): Promise<void> {
  if (userId === undefined || userId === null || may(session.user.role, 'users:write')) return
  const contact = contactId === undefined ? undefined : await getContact(read, { scope, id: contactId })
  if (contact?.userId === userId) return
  throw badField('userId', 'an account is given to a contact by an administrator', 'administrators_only')
}

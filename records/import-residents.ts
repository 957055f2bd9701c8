// Elders that come from a table, with whom to call and what they wear: what a row would change is decided first, from
// what is there; then all of it is written in one transaction, or nothing. A row that is brought again changes nothing.

import type { Device } from '../model/device.ts'
import type { ImportOutcome, ImportReason } from '../model/import.ts'
import { type Country, numberOrNull } from '../model/phone.ts'
import type { Contact, Resident } from '../model/resident.ts'
import { addContact, changeContact, contactsOf } from './contacts.ts'
import type { Db, Records, Tx } from './db.ts'
import { addDevice, changeDevice, knownDevices } from './devices.ts'
import { countryOf } from './numbers.ts'
import { type Writing, writeRegistry } from './registry.ts'
import { addResident, changeResident, knownResidents } from './residents.ts'
import type { Scope } from './scope.ts'

/** What a row says of an elder; what it does not say stays as it is, or is as usual. */
export type RowOfResident = {
  key: string
  resident: Partial<
    Pick<
      Resident,
      | 'name'
      | 'areaId'
      | 'gender'
      | 'birthYear'
      | 'phone'
      | 'address'
      | 'accessNotes'
      | 'medicalNotes'
      | 'wandering'
      | 'livesAlone'
      | 'checkInBy'
    >
  >
  /** In calling order. */
  contacts: readonly (Pick<Contact, 'name' | 'phone'> & Partial<Pick<Contact, 'relation' | 'email'>>)[]
  /** `field` is what a fault of it is told as. */
  devices: readonly { field: string; id: string; kind?: Device['kind']; phone?: string | null }[]
}

export type RowFault = { field: string | null; reason: ImportReason }
type Said<T> = { [K in keyof T]?: T[K] | undefined }

/** What would be written; `contacts` and `devices` without an id are new. */
export type ResidentPlan = {
  outcome: Exclude<ImportOutcome, 'failed'>
  resident: Said<Resident>
  contacts: { id: string | undefined; change: Said<Contact>; whole: RowOfResident['contacts'][number] }[]
  devices: { id: string; isNew: boolean; change: Said<Device> }[]
  /** The calling order of the first new contact. */
  nextPosition: number
}

/** What is there of the rows that are looked at. */
export type KnownElders = {
  country: Country
  residents: ReadonlyMap<string, Resident | 'taken'>
  contacts: ReadonlyMap<string, readonly Contact[]>
  devices: ReadonlyMap<string, Device | 'taken'>
}

export async function readElders(
  db: Db,
  { scope, rows }: { scope: Scope; rows: readonly RowOfResident[] },
): Promise<KnownElders> {
  const residents = await knownResidents(db, { scope, ids: rows.map(({ key }) => key) })
  const living = [...residents].flatMap(([id, resident]) => (resident === 'taken' ? [] : [id]))
  const contacts = Map.groupBy(await contactsOf(db, living), ({ residentId }) => residentId)
  const ids = rows.flatMap(({ devices }) => devices.map(({ id }) => id))
  return {
    country: await countryOf(db),
    residents,
    contacts,
    devices: await knownDevices(db, { scope, ids }),
  }
}

/** Pure: what a row comes to, or why it cannot be taken. */
export function planResident(
  row: RowOfResident,
  known: KnownElders,
): { faults: RowFault[] } | { plan: ResidentPlan } {
  const there = known.residents.get(row.key)
  if (there === 'taken') return { faults: [{ field: 'key', reason: 'taken' }] }
  const faults = row.devices.flatMap(device => faultOfDevice(device, row.key, known))
  if (there === undefined && row.resident.name === undefined)
    faults.push({ field: 'name', reason: 'required' })
  if (faults.length > 0) return { faults }
  const resident = there ? changedOf(there, row.resident) : row.resident
  const contacts = planContacts(row.contacts, known.contacts.get(row.key) ?? [], known.country)
  const devices = row.devices.flatMap(device => planDevice(device, row.key, known))
  const isSame = Object.keys(resident).length + contacts.length + devices.length === 0
  const outcome = there === undefined ? 'created' : isSame ? 'unchanged' : 'updated'
  const positions = (known.contacts.get(row.key) ?? []).map(({ position }) => position)
  return { plan: { outcome, resident, contacts, devices, nextPosition: Math.max(0, ...positions) + 1 } }
}

/** The fields that say something else than what is there. */
function changedOf<T extends object>(there: T, said: Said<T>): Said<T> {
  const changed = Object.entries(said).filter(
    ([field, value]) => value !== undefined && value !== there[field as keyof T],
  )
  return Object.fromEntries(changed) as Said<T>
}

/**
 * Somebody is known by number and name, else by a number that one of each has alone, else by their name: a number that was
 * written otherwise, or a name that was corrected, makes no second person. Who has an account is not renamed: it would be
 * somebody else's. The order that people have put them into at the hub stays.
 */
function planContacts(
  said: RowOfResident['contacts'],
  there: readonly Contact[],
  country: Country,
): ResidentPlan['contacts'] {
  const numberOf = ({ phone }: { phone: string }): string => numberOrNull(phone, country) ?? phone
  const isSameNumber = (a: { phone: string }, b: { phone: string }): boolean => numberOf(a) === numberOf(b)
  const isAlone = (all: readonly { phone: string }[], one: { phone: string }): boolean =>
    all.filter(other => isSameNumber(other, one)).length === 1
  const ways: ((each: (typeof said)[number], contact: Contact) => boolean)[] = [
    (each, contact) => isSameNumber(each, contact) && each.name === contact.name,
    (each, contact) =>
      isSameNumber(each, contact) &&
      contact.userId === null &&
      isAlone(said, each) &&
      isAlone(there, contact),
    (each, contact) => each.name === contact.name,
  ]
  const left = new Set(there)
  const found = new Map<(typeof said)[number], Contact>()
  for (const fits of ways)
    for (const each of said) {
      const contact = found.has(each) ? undefined : [...left].find(one => fits(each, one))
      if (!contact) continue
      found.set(each, contact)
      left.delete(contact)
    }
  return said.flatMap((each): ResidentPlan['contacts'] => {
    const contact = found.get(each)
    if (!contact) return [{ id: undefined, change: {}, whole: each }]
    const { phone: _, ...rest } = each
    const change = changedOf(contact, isSameNumber(contact, each) ? rest : each)
    return Object.keys(change).length === 0 ? [] : [{ id: contact.id, change, whole: each }]
  })
}

function faultOfDevice(
  { field, id, kind }: RowOfResident['devices'][number],
  residentId: string,
  { devices }: KnownElders,
): RowFault[] {
  const there = devices.get(id)
  if (there === 'taken') return [{ field, reason: 'taken' }]
  if (there === undefined)
    return kind === undefined ? [{ field: field.replace(/id$/, 'kind'), reason: 'required' }] : []
  const isElsewhere = there.residentId !== null && there.residentId !== residentId
  return isElsewhere ? [{ field, reason: 'worn' }] : []
}

function planDevice(
  { id, kind, phone }: RowOfResident['devices'][number],
  residentId: string,
  { devices }: KnownElders,
): ResidentPlan['devices'] {
  const there = devices.get(id)
  if (there === undefined || there === 'taken')
    return [{ id, isNew: true, change: { residentId, kind, phone } }]
  const change = changedOf(there, { residentId, kind, phone })
  return Object.keys(change).length === 0 ? [] : [{ id, isNew: false, change }]
}

export type ImportWrite = { scope: Scope; areaId: string; at: number; by: string }
export type Registered = { deviceId: string; secret: string }
export type Written =
  | { ok: true; outcome: Exclude<ImportOutcome, 'failed'>; registered: Registered[] }
  | { ok: false; faults: RowFault[] }

/**
 * Takes one row, whole or not at all; it is looked at again in the transaction that writes it.
 * @throws HubError CONFLICT, BAD_REQUEST when what it hangs on went away meanwhile.
 */
export function importResident(records: Records, row: RowOfResident, write: ImportWrite): Promise<Written> {
  return writeRegistry(records, async (tx, changed, note): Promise<Written> => {
    const planned = planResident(row, await readElders(tx, { scope: write.scope, rows: [row] }))
    if ('faults' in planned) return { ok: false, faults: planned.faults }
    const { plan } = planned
    const writing = { now: records.now(), changed, note }
    await putResident(tx, { row, plan, write, writing })
    await putContacts(tx, { row, plan, write, writing })
    return { ok: true, outcome: plan.outcome, registered: await putDevices(tx, { plan, write, writing }) }
  })
}

type Putting = { row: RowOfResident; plan: ResidentPlan; write: ImportWrite; writing: Writing }

async function putResident(tx: Tx, { row, plan, write, writing }: Putting): Promise<void> {
  const { scope, areaId, at, by } = write
  const { key: id } = row
  if (plan.outcome === 'created') {
    const { name = '', ...said } = row.resident
    const resident = { ...NOTHING_SAID, areaId, ...said, name, id }
    await addResident(tx, { scope, resident, at, changed: writing.changed })
  } else if (Object.keys(plan.resident).length > 0) {
    await changeResident(tx, { scope, id, change: plan.resident, at, by }, writing)
  }
}

const NOTHING_SAID = {
  gender: null,
  birthYear: null,
  phone: null,
  address: null,
  accessNotes: null,
  medicalNotes: null,
  wandering: false,
  livesAlone: false,
} as const

/** Calling orders end at 99. */
const POSITION_MAX = 99

async function putContacts(tx: Tx, { row, plan, write, writing }: Putting): Promise<void> {
  const { scope } = write
  const { changed } = writing
  let position = plan.nextPosition
  for (const { id, change, whole } of plan.contacts) {
    if (id !== undefined) await changeContact(tx, { scope, id, change }, changed)
    else {
      const place = Math.min(POSITION_MAX, position++)
      const contact = { relation: null, ...whole, residentId: row.key, position: place }
      await addContact(tx, { scope, contact, changed })
    }
  }
}

async function putDevices(tx: Tx, { plan, write, writing }: Omit<Putting, 'row'>): Promise<Registered[]> {
  const { scope, at, by } = write
  const registered: Registered[] = []
  for (const { id, isNew, change } of plan.devices) {
    if (!isNew) await changeDevice(tx, { scope, id, change, at, by }, writing)
    else {
      const { kind = 'bracelet', residentId, phone } = change
      const device = { id, kind, protocol: 'mqtt' as const, residentId, phone }
      const { secret } = await addDevice(tx, { scope, device, at, changed: writing.changed })
      registered.push({ deviceId: id, secret })
    }
  }
  return registered
}

// What was read of a row, put together as the registry takes it: an elder with contacts and wearables, or a wearable.

import {
  CONTACT_FIELDS,
  IMPORT_CONTACTS_MAX,
  IMPORT_DEVICES_MAX,
  type ImportError,
  RESIDENT_FIELDS,
  WORN_FIELDS,
} from '../../model/import.ts'
import type { RowOfDevice } from '../../records/import-devices.ts'
import type { RowOfResident } from '../../records/import-residents.ts'
import type { FindArea } from './areas.ts'
import type { ReadRow } from './cells.ts'

/** A row as the registry takes it, with what is wrong in it. */
export type TakenRow<T> = { read: ReadRow; taken: T; errors: ImportError[] }

/** The key is the id, and the area is looked up. */
const RESIDENT_VALUES = RESIDENT_FIELDS.filter(field => field !== 'key' && field !== 'area')

export function residentRow(read: ReadRow, findArea: FindArea): TakenRow<RowOfResident> {
  const errors = [...read.errors]
  const resident = {
    ...pick<RowOfResident['resident']>(read, RESIDENT_VALUES),
    ...areaOf(read, findArea, errors),
  }
  const contacts = places(IMPORT_CONTACTS_MAX).flatMap(n => contactOf(read, n, errors))
  const devices = places(IMPORT_DEVICES_MAX).flatMap(n => deviceOf(read, n, errors))
  return { read, taken: { key: keyOf(read), resident, contacts, devices }, errors }
}

export function deviceRow(read: ReadRow, findArea: FindArea): TakenRow<RowOfDevice> {
  const errors = [...read.errors]
  const { values } = read
  const taken = {
    key: keyOf(read),
    ...pick<RowOfDevice>(read, ['kind', 'phone']),
    ...areaOf(read, findArea, errors),
    ...(values.has('residentKey') && { residentId: values.get('residentKey') as string }),
    ...(values.has('intervalS') && { intervalMs: values.get('intervalS') as number }),
  }
  return { read, taken, errors }
}

const keyOf = ({ values }: ReadRow): string => (values.get('key') as string | undefined) ?? ''

const places = (max: number): number[] => Array.from({ length: max }, (_, index) => index + 1)

/** The schemas have looked at each value by its field (columns.ts). */
const pick = <T>({ values }: ReadRow, fields: readonly string[], prefix = ''): Partial<T> =>
  Object.fromEntries(
    fields.flatMap(field => (values.has(prefix + field) ? [[field, values.get(prefix + field)]] : [])),
  ) as Partial<T>

function areaOf(read: ReadRow, findArea: FindArea, errors: ImportError[]): { areaId?: string } {
  const text = read.values.get('area') as string | undefined
  if (text === undefined) return {}
  const found = findArea(text)
  if ('id' in found) return { areaId: found.id }
  errors.push(read.errorAt('area', found.reason))
  return {}
}

function contactOf(read: ReadRow, n: number, errors: ImportError[]): RowOfResident['contacts'][number][] {
  const contact = pick<RowOfResident['contacts'][number]>(read, CONTACT_FIELDS, `contact${n}.`)
  if (Object.keys(contact).length === 0) return []
  const { name, phone } = contact
  for (const [field, value] of Object.entries({ name, phone })) {
    if (value === undefined) mustHave(read, `contact${n}.${field}`, errors)
  }
  return name === undefined || phone === undefined ? [] : [{ ...contact, name, phone }]
}

function deviceOf(read: ReadRow, n: number, errors: ImportError[]): RowOfResident['devices'][number][] {
  type Device = RowOfResident['devices'][number]
  const { id, ...device } = pick<Device>(read, WORN_FIELDS, `device${n}.`)
  const field = `device${n}.id`
  if (id !== undefined) return [{ ...device, id, field }]
  if (Object.keys(device).length > 0) mustHave(read, field, errors)
  return []
}

/** What stands there and is wrong is told already. */
function mustHave(read: ReadRow, field: string, errors: ImportError[]): void {
  if (!read.wrong.has(field)) errors.push(read.errorAt(field, 'required'))
}

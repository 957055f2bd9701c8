// Telephone numbers of the registry in one form, and whose a number is. The form depends on the country that the hub is
// in, so that is kept beside them: all processes read numbers alike.

import { COUNTRIES, type Country, numberOrNull, USUAL_COUNTRY } from '../model/phone.ts'
import { type Db, type Records, type Tx, takeTurn } from './db.ts'
import { inScope, type Scope } from './scope.ts'
import { slicesOf } from './slices.ts'

/** Raise it when numbers are read otherwise than before: those that are stored are read again then. */
const READING = 1
const TABLES = ['residents', 'contacts', 'devices'] as const
/** Rows of one transaction. */
const AT_ONCE = 1_000

/** The country whose numbers are written without a calling code. */
export async function countryOf(db: Db): Promise<Country> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'country').executeTakeFirst()
  return COUNTRIES.find(country => country === row?.value) ?? USUAL_COUNTRY
}

/** What to store beside `phone`. */
export const numberFor = async (tx: Tx, phone: string | null): Promise<string | null> =>
  phone === null ? null : numberOrNull(phone, await countryOf(tx))

/**
 * Sets the country, and reads the numbers of all rows anew where it was another one, or they were never read. What is
 * written meanwhile is read by the new country already.
 */
export async function settleNumbers(
  { db }: Pick<Records, 'db'>,
  { country, signal }: { country: Country; signal?: AbortSignal },
): Promise<void> {
  const reading = `${country}/${READING}`
  if ((await metaOf(db, 'numbers')) === reading) return
  await setMeta(db, { key: 'country', value: country })
  for (const table of TABLES) await readAnew(db, { table, country, signal })
  if (signal?.aborted) return
  await setMeta(db, { key: 'numbers', value: reading })
}

async function readAnew(
  db: Db,
  {
    table,
    country,
    signal,
  }: { table: (typeof TABLES)[number]; country: Country; signal: AbortSignal | undefined },
): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined && !signal?.aborted; ) {
    const from: string = after
    after = await db.transaction().execute(async tx => {
      await takeTurn(tx, 'changes')
      const rows = await tx
        .selectFrom(table)
        .select(['id', 'phone', 'number'])
        .where('id', '>', from)
        .orderBy('id')
        .limit(AT_ONCE)
        .execute()
      for (const { id, phone, number } of rows) {
        const read = numberOrNull(phone, country)
        if (read !== number) await tx.updateTable(table).set({ number: read }).where('id', '=', id).execute()
      }
      return rows.length < AT_ONCE ? undefined : rows.at(-1)?.id
    })
  }
}

async function metaOf(db: Db, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value
}

const setMeta = (db: Db, { key, value }: { key: string; value: string }) =>
  db
    .insertInto('meta')
    .values({ key, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()

/** A home for the old is in the file of everybody who lives there: so many are shown of one number. */
export const HOLDERS_MAX = 50

/** Somebody who is called by a number. `subject` is an elder, or a device that nobody wears. */
export type Holder = {
  number: string
  subject: { type: 'resident' | 'device'; id: string; name: string }
  areaId: string
  areaPath: string
  way:
    | { by: 'self' }
    | { by: 'device'; deviceId: string }
    | { by: 'contact'; contactId: string; name: string; relation: string | null }
}

/** Whose these numbers are, in the scope: elders by their own first, then by what they wear, then by whom they know. */
export async function holdersOf(
  db: Db,
  { numbers, scope }: { numbers: readonly string[]; scope: Scope },
): Promise<Holder[]> {
  const found: Holder[] = []
  for (const slice of slicesOf([...new Set(numbers)])) {
    found.push(...(await bySelf(db, { slice, scope })))
    found.push(...(await byDevice(db, { slice, scope })))
    found.push(...(await byContact(db, { slice, scope })))
  }
  return found
}

type Asked = { slice: readonly string[]; scope: Scope }

async function bySelf(db: Db, { slice, scope }: Asked): Promise<Holder[]> {
  const rows = await db
    .selectFrom('residents')
    .innerJoin('areas', 'areas.id', 'residents.areaId')
    .select(['residents.id', 'residents.name', 'residents.areaId', 'residents.number', 'areas.path'])
    .where('residents.number', 'in', slice)
    .where('residents.archivedAt', 'is', null)
    .where(inScope(scope, 'residents.areaId'))
    .orderBy('residents.id')
    .limit(HOLDERS_MAX * slice.length)
    .execute()
  return rows.map(({ id, name, areaId, number, path }) => ({
    number: number as string,
    subject: { type: 'resident', id, name },
    areaId,
    areaPath: path,
    way: { by: 'self' },
  }))
}

async function byDevice(db: Db, { slice, scope }: Asked): Promise<Holder[]> {
  const rows = await db
    .selectFrom('devices')
    .innerJoin('areas', 'areas.id', 'devices.areaId')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .leftJoin('residents', 'residents.id', 'assignments.residentId')
    .select(['devices.id as deviceId', 'devices.areaId', 'devices.number', 'areas.path'])
    .select(['residents.id as residentId', 'residents.name'])
    .where('devices.number', 'in', slice)
    .where('devices.archivedAt', 'is', null)
    .where(inScope(scope, 'devices.areaId'))
    .orderBy('devices.id')
    .limit(HOLDERS_MAX * slice.length)
    .execute()
  return rows.map(({ deviceId, areaId, number, path, residentId, name }) => ({
    number: number as string,
    subject:
      residentId === null
        ? { type: 'device', id: deviceId, name: deviceId }
        : { type: 'resident', id: residentId, name: name ?? residentId },
    areaId,
    areaPath: path,
    way: { by: 'device', deviceId },
  }))
}

async function byContact(db: Db, { slice, scope }: Asked): Promise<Holder[]> {
  const rows = await db
    .selectFrom('contacts')
    .innerJoin('residents', 'residents.id', 'contacts.residentId')
    .innerJoin('areas', 'areas.id', 'residents.areaId')
    .select(['contacts.id as contactId', 'contacts.name', 'contacts.relation', 'contacts.number'])
    .select([
      'residents.id as residentId',
      'residents.name as residentName',
      'residents.areaId',
      'areas.path',
    ])
    .where('contacts.number', 'in', slice)
    .where('contacts.archivedAt', 'is', null)
    .where('residents.archivedAt', 'is', null)
    .where(inScope(scope, 'residents.areaId'))
    .orderBy('contacts.residentId')
    .orderBy('contacts.id')
    .limit(HOLDERS_MAX * slice.length)
    .execute()
  return rows.map(({ contactId, name, relation, number, residentId, residentName, areaId, path }) => ({
    number: number as string,
    subject: { type: 'resident', id: residentId, name: residentName },
    areaId,
    areaPath: path,
    way: { by: 'contact', contactId, name, relation },
  }))
}

// The elders. Where one lives decides who sees their devices, zones and alarms.

import { sql } from 'kysely'
import { newId } from '../model/id.ts'
import { ENDS_SHOWN_FROM } from '../model/mask.ts'
import { numberOrNull } from '../model/phone.ts'
import { type Resident, USUAL_CARE } from '../model/resident.ts'
import { closeAssignments, moveDevicesOf } from './assignments.ts'
import { columnWithoutCapitals, withoutCapitals } from './capitals.ts'
import type { Db, Records, Tx } from './db.ts'
import { moveAlarms } from './moves.ts'
import { countryOf, numberFor } from './numbers.ts'
import { contains, type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, type Changed, given, notFound, type Writing, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { inScope, requireArea, type Scope, underArea } from './scope.ts'
import { readSlices } from './slices.ts'

/** What is not said of their care is as usual. */
export type NewResident = Omit<Resident, 'id' | keyof typeof USUAL_CARE> & {
  id?: string | undefined
} & { [K in keyof typeof USUAL_CARE]?: Resident[K] | undefined }
export type ResidentChange = Change<Omit<Resident, 'id'>>
export type ResidentFilter = {
  scope: Scope
  /** This area and everything below it. */
  areaId?: string | undefined
  /** A part of the name, whatever its capitals; or the whole telephone number, or as much of its end as is shown. */
  text?: string | undefined
}

/** Live residents of the scope, by name. */
export async function listResidents(
  db: Db,
  { scope, areaId, text, cursor, limit }: ResidentFilter & PageRequest,
): Promise<Page<Resident>> {
  const pages = pagesOf({ name: 'residents', order: ['name', 'id'], filter: { areaId, text } })
  let query = db
    .selectFrom('residents')
    .selectAll()
    .where('archivedAt', 'is', null)
    .where(inScope(scope, 'areaId'))
    .where(pages.after(cursor))
  if (areaId !== undefined) query = query.where(underArea(areaId, 'areaId'))
  if (text !== undefined) {
    const number = numberOrNull(text, await countryOf(db))
    query = query.where(e => e.or([isNamed(text), e('number', '=', number), endsWith(text)]))
  }
  const rows = await query
    .orderBy('name')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.name, row.id], toItem: toResident })
}

const isNamed = (text: string) =>
  sql<boolean>`${columnWithoutCapitals('name')} like ${contains(withoutCapitals(text))} escape '\\'`

/** By other parts of it, what is hidden of a number would be found out one digit after the other. */
const endsWith = (text: string) =>
  /^\d{4}$/.test(text)
    ? sql<boolean>`(length(${sql.ref('phone')}) >= ${ENDS_SHOWN_FROM} and ${sql.ref('phone')} like ${`%${text}`})`
    : sql<boolean>`1 = 0`

/** A resident of the scope; an archived one only when `archived` asks for it, as old alarms do. */
export async function getResident(
  db: Db,
  { scope, id, archived = false }: { scope: Scope; id: string; archived?: boolean },
): Promise<Resident | undefined> {
  let query = db.selectFrom('residents').selectAll().where('id', '=', id).where(inScope(scope, 'areaId'))
  if (!archived) query = query.where('archivedAt', 'is', null)
  const row = await query.executeTakeFirst()
  return row && toResident(row)
}

/** Those of these ids that are anybody's: `taken` where they are archived, or outside of the scope. */
export async function knownResidents(
  db: Db,
  { scope, ids }: { scope: Scope; ids: readonly string[] },
): Promise<Map<string, Resident | 'taken'>> {
  const rows = await readSlices(ids, slice =>
    db
      .selectFrom('residents')
      .selectAll()
      .select(inScope(scope, 'areaId').as('isSeen'))
      .where('id', 'in', slice)
      .execute(),
  )
  return new Map(
    rows.map(({ isSeen, ...row }) => [row.id, isSeen && row.archivedAt === null ? toResident(row) : 'taken']),
  )
}

/** @throws HubError BAD_REQUEST without such an area, CONFLICT when the id is taken. */
export function createResident(
  records: Records,
  { scope, resident, at }: { scope: Scope; resident: NewResident; at: number },
) {
  return writeRegistry(records, (tx, changed) => addResident(tx, { scope, resident, at, changed }))
}

/** The same as a part of another write. */
export async function addResident(
  tx: Tx,
  { scope, resident, at, changed }: { scope: Scope; resident: NewResident; at: number; changed: Changed },
): Promise<Resident> {
  await requireArea(tx, { scope, areaId: resident.areaId })
  const whole: Resident = { ...resident, ...careOf(resident), id: resident.id ?? newId('res') }
  await tx
    .insertInto('residents')
    .values({ ...toRow(whole), number: await numberFor(tx, whole.phone), createdAt: at, archivedAt: null })
    .execute()
  changed('resident', whole.id)
  return whole
}

const careOf = ({
  timeZone = USUAL_CARE.timeZone,
  waking = USUAL_CARE.waking,
  checkInBy = USUAL_CARE.checkInBy,
  awayUntil = USUAL_CARE.awayUntil,
  thresholds = USUAL_CARE.thresholds,
}: NewResident): Pick<Resident, keyof typeof USUAL_CARE> => ({
  timeZone,
  waking,
  checkInBy,
  awayUntil,
  thresholds,
})

/** Changes a resident; devices that they wear, and open alarms, move with them. @throws HubError NOT_FOUND, BAD_REQUEST. */
export function updateResident(records: Records, asked: ResidentUpdate) {
  return writeRegistry(records, (tx, changed, note) =>
    changeResident(tx, asked, { now: records.now(), changed, note }),
  )
}

export type ResidentUpdate = {
  scope: Scope
  id: string
  change: ResidentChange
  at: number
  by?: string | undefined
}

/** The same as a part of another write. */
export async function changeResident(
  tx: Tx,
  { scope, id, change, at, by }: ResidentUpdate,
  { now, changed, note }: Writing,
): Promise<Resident> {
  const resident = await getResident(tx, { scope, id })
  if (!resident) throw notFound('resident', id)
  const next = { ...resident, ...given(change) }
  if (next.areaId !== resident.areaId) {
    await requireArea(tx, { scope, areaId: next.areaId })
    const { areaId } = next
    const deviceIds = await moveDevicesOf(tx, { residentId: id, areaId, changed })
    const move = { at, by, now, note }
    await moveAlarms(tx, { type: 'resident', ids: [id], areaId }, move)
    await moveAlarms(tx, { type: 'device', ids: deviceIds, areaId }, move)
  }
  const number = await numberFor(tx, next.phone)
  await tx
    .updateTable('residents')
    .set({ ...toRow(next), number })
    .where('id', '=', id)
    .execute()
  changed('resident', id)
  return next
}

/** Archives a resident with their contacts and zones; their devices are nobody's then. @throws HubError NOT_FOUND. */
export function archiveResident(
  records: Records,
  { scope, id, at }: { scope: Scope; id: string; at: number },
) {
  return writeRegistry(records, async (tx, changed): Promise<void> => {
    if (!(await getResident(tx, { scope, id }))) throw notFound('resident', id)
    await closeAssignments(tx, { residentId: id, at, changed })
    await archiveBelongings(tx, { table: 'contacts', noun: 'contact', residentId: id, at, changed })
    await archiveBelongings(tx, { table: 'zones', noun: 'zone', residentId: id, at, changed })
    await tx.updateTable('residents').set({ archivedAt: at }).where('id', '=', id).execute()
    changed('resident', id)
  })
}

async function archiveBelongings(
  tx: Tx,
  {
    table,
    noun,
    residentId,
    at,
    changed,
  }: {
    table: 'contacts' | 'zones'
    noun: 'contact' | 'zone'
    residentId: string
    at: number
    changed: Changed
  },
): Promise<void> {
  const archived = await tx
    .updateTable(table)
    .set({ archivedAt: at })
    .where('residentId', '=', residentId)
    .where('archivedAt', 'is', null)
    .returning('id')
    .execute()
  for (const { id } of archived) changed(noun, id)
}

function toResident(row: Row<'residents'>): Resident {
  const { wandering, livesAlone, wakingFrom, wakingTo, thresholdsJson, awayUntil, ...rest } = row
  const { createdAt: _, archivedAt: __, number: ___, ...asStored } = rest
  return {
    ...asStored,
    wandering: wandering === 1,
    livesAlone: livesAlone === 1,
    waking: { from: wakingFrom, to: wakingTo },
    awayUntil: awayUntil === null ? null : Number(awayUntil),
    thresholds: thresholdsJson === null ? null : JSON.parse(thresholdsJson),
  }
}

function toRow({ waking, thresholds, wandering, livesAlone, ...rest }: Resident) {
  return {
    ...rest,
    wandering: Number(wandering),
    livesAlone: Number(livesAlone),
    wakingFrom: waking.from,
    wakingTo: waking.to,
    thresholdsJson: thresholds === null ? null : JSON.stringify(thresholds),
  }
}

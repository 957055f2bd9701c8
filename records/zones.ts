// Geofences. One belongs to an elder or to an area, and is looked at before it is stored.

import { type RawBuilder, sql } from 'kysely'
import { newId } from '../model/id.ts'
import type { Shape, Zone } from '../model/zone.ts'
import type { Db, Records } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, type Changed, given, notFound, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { badField, inScope, requireArea, requireResident, type Scope } from './scope.ts'
import { checkShape } from './shape.ts'

export type NewZone = Omit<Zone, 'id' | 'schedule' | 'timeZone'> & {
  id?: string | undefined
  schedule?: Zone['schedule'] | undefined
  timeZone?: string | null | undefined
}
export type ZoneChange = Change<Omit<Zone, 'id'>>
export type ZoneFilter = { scope: Scope; residentId?: string | undefined; areaId?: string | undefined }

/** Live zones of the scope, by name. `areaId` and `residentId` find the zones that belong to just these. */
export async function listZones(
  db: Db,
  { scope, residentId, areaId, cursor, limit }: ZoneFilter & PageRequest,
): Promise<Page<Zone>> {
  const order = ['zones.name', 'zones.id']
  const pages = pagesOf({ name: 'zones', order, filter: { residentId, areaId } })
  let query = zonesIn(db, scope).where(pages.after(cursor))
  if (residentId !== undefined) query = query.where('zones.residentId', '=', residentId)
  if (areaId !== undefined) query = query.where('zones.areaId', '=', areaId)
  const rows = await query
    .orderBy('zones.name')
    .orderBy('zones.id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.name, row.id], toItem: toZone })
}

/** A live zone of the scope. */
export async function getZone(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<Zone | undefined> {
  const row = await zonesIn(db, scope).where('zones.id', '=', id).executeTakeFirst()
  return row && toZone(row)
}

/** @throws HubError BAD_REQUEST for a shape that is no fence or an owner that is not there, CONFLICT. */
export function createZone(records: Records, { scope, zone }: { scope: Scope; zone: NewZone }) {
  return writeRegistry(records, async (tx, changed): Promise<Zone> => {
    const checked = await checkZone(tx, { scope, zone: asWhole(zone, zone.id ?? newId('zone')) })
    await tx
      .insertInto('zones')
      .values({ ...toRow(checked), archivedAt: null })
      .execute()
    changed('zone', checked.id)
    return checked
  })
}

/** @throws HubError NOT_FOUND, BAD_REQUEST as for a new one. */
export function updateZone(
  records: Records,
  { scope, id, change }: { scope: Scope; id: string; change: ZoneChange },
) {
  return writeRegistry(records, async (tx, changed): Promise<Zone> => {
    const zone = await getZone(tx, { scope, id })
    if (!zone) throw notFound('zone', id)
    const checked = await checkZone(tx, { scope, zone: { ...zone, ...given(change) } })
    await tx.updateTable('zones').set(toRow(checked)).where('id', '=', id).execute()
    changed('zone', id)
    noteFormerOwner(zone, checked, changed)
    return checked
  })
}

// Followers find who a zone holds for by its owner; whoever it was taken from is named apart.
function noteFormerOwner(before: Zone, now: Zone, changed: Changed): void {
  if (before.residentId !== null && before.residentId !== now.residentId)
    changed('resident', before.residentId)
  if (before.areaId !== null && before.areaId !== now.areaId) changed('area', before.areaId)
}

/** @throws HubError NOT_FOUND */
export function archiveZone(records: Records, { scope, id, at }: { scope: Scope; id: string; at: number }) {
  return writeRegistry(records, async (tx, changed): Promise<void> => {
    if (!(await getZone(tx, { scope, id }))) throw notFound('zone', id)
    await tx.updateTable('zones').set({ archivedAt: at }).where('id', '=', id).execute()
    changed('zone', id)
  })
}

/** A zone as it would be stored, and the live zones of its owner that would stand beside it. */
export type TriedZone = { zone: Zone; beside: Zone[] }

/**
 * Looks at a zone without storing it: a new one, or one in the place of `zoneId`.
 * @throws HubError NOT_FOUND without such a zone, BAD_REQUEST as for a new one.
 */
export async function tryZone(
  db: Db,
  { scope, zone, zoneId }: { scope: Scope; zone: NewZone; zoneId?: string | undefined },
): Promise<TriedZone> {
  if (zoneId !== undefined && !(await getZone(db, { scope, id: zoneId }))) throw notFound('zone', zoneId)
  const id = zoneId ?? zone.id ?? newId('zone')
  const checked = await checkZone(db, { scope, zone: asWhole(zone, id) })
  const rows = await zonesIn(db, scope)
    .where('zones.id', '!=', id)
    .where(e =>
      e.or([e('zones.residentId', '=', checked.residentId), e('zones.areaId', '=', checked.areaId)]),
    )
    .orderBy('zones.id')
    .execute()
  return { zone: checked, beside: rows.map(toZone) }
}

async function checkZone(tx: Db, { scope, zone }: { scope: Scope; zone: Zone }): Promise<Zone> {
  const { residentId, areaId } = zone
  if ((residentId === null) === (areaId === null)) {
    throw badField('residentId', 'a zone belongs to exactly one of residentId and areaId', 'exactly_one')
  }
  if (residentId !== null) await requireResident(tx, { scope, residentId })
  if (areaId !== null) await requireArea(tx, { scope, areaId })
  const checked = checkShape(zone.shape)
  if ('refused' in checked) throw badField(checked.path, checked.refused, checked.reason)
  return { ...zone, shape: checked.shape }
}

const zonesIn = (db: Db, scope: Scope) =>
  db
    .selectFrom('zones')
    .leftJoin('residents', 'residents.id', 'zones.residentId')
    .selectAll('zones')
    .where('zones.archivedAt', 'is', null)
    .where(inScope(scope, AREA))

/** Where a zone belongs: its own area, or that of its elder. */
const AREA: RawBuilder<string> = sql`coalesce(${sql.ref('zones.areaId')}, ${sql.ref('residents.areaId')})`

export function toZone({ shapeJson, scheduleJson, archivedAt: _, ...zone }: Row<'zones'>): Zone {
  return {
    ...zone,
    shape: JSON.parse(shapeJson) as Shape,
    schedule: JSON.parse(scheduleJson) as Zone['schedule'],
  }
}

const toRow = ({ shape, schedule, ...zone }: Zone) => ({
  ...zone,
  shapeJson: JSON.stringify(shape),
  scheduleJson: JSON.stringify(schedule),
})

/** A zone of whose schedule nobody has said anything holds always. */
const asWhole = (zone: NewZone, id: string): Zone => ({
  ...zone,
  id,
  schedule: zone.schedule ?? [],
  timeZone: zone.timeZone ?? null,
})

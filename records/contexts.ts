// What the registry says about devices, in the form that rules fold: who wears it, and the zones that hold.

import { sql } from 'kysely'
import type { Zone } from '../model/zone.ts'
import type { Db } from './db.ts'
import type { Noun } from './schema.ts'
import { underArea } from './scope.ts'

export type DeviceContext = { residentId: string | null; wandering: boolean; zones: Zone[] }

/** Devices of one query; engines limit the length of a list. */
const SLICE = 500

/** Ids of the devices whose context these registry changes may have changed. */
export async function devicesTouchedBy(
  db: Db,
  changes: readonly { noun: Noun; id: string }[],
): Promise<Set<string>> {
  const ids = (noun: Noun): string[] =>
    changes.filter(change => change.noun === noun).map(change => change.id)
  const touched = new Set(ids('device'))
  const residents = new Set(ids('resident'))
  const areas = new Set(ids('area'))
  for (const slice of slices(ids('zone'))) {
    const rows = await db
      .selectFrom('zones')
      .select(['residentId', 'areaId'])
      .where('id', 'in', slice)
      .execute()
    for (const { residentId, areaId } of rows) {
      if (residentId !== null) residents.add(residentId)
      if (areaId !== null) areas.add(areaId)
    }
  }
  for (const slice of slices([...residents])) {
    const rows = await db
      .selectFrom('assignments')
      .select('deviceId')
      .where('residentId', 'in', slice)
      .where('toAt', 'is', null)
      .execute()
    for (const { deviceId } of rows) touched.add(deviceId)
  }
  for (const areaId of areas) for (const id of await devicesBelow(db, areaId)) touched.add(id)
  return touched
}

/** Ids of all devices in use. */
export async function allDeviceIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('devices').select('id').where('archivedAt', 'is', null).execute()
  return rows.map(row => row.id)
}

/** The contexts of these devices as they are now. An unknown or archived device has none. */
export async function deviceContexts(
  db: Db,
  deviceIds: readonly string[],
): Promise<Map<string, DeviceContext>> {
  const contexts = new Map<string, DeviceContext>()
  const areaZones = await zonesOfAreas(db)
  for (const slice of slices(deviceIds)) {
    const wearers = await wearersOf(db, slice)
    const own = await zonesOfResidents(
      db,
      wearers.flatMap(wearer => wearer.residentId ?? []),
    )
    for (const { deviceId, residentId, wandering, areaPath } of wearers) {
      const inherited = areaZones.filter(({ path }) => areaPath.startsWith(path)).map(({ zone }) => zone)
      const zones = [...(own.get(residentId ?? '') ?? []), ...inherited]
      contexts.set(deviceId, { residentId, wandering: wandering === 1, zones })
    }
  }
  return contexts
}

function wearersOf(db: Db, deviceIds: readonly string[]) {
  return db
    .selectFrom('devices')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .leftJoin('residents', 'residents.id', 'assignments.residentId')
    .innerJoin('areas', join =>
      join.on(e => e('areas.id', '=', e.fn.coalesce('residents.areaId', 'devices.areaId'))),
    )
    .select([
      'devices.id as deviceId',
      'residents.id as residentId',
      'residents.wandering as wandering',
      'areas.path as areaPath',
    ])
    .where('devices.id', 'in', deviceIds)
    .where('devices.archivedAt', 'is', null)
    .execute()
}

async function devicesBelow(db: Db, areaId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('devices')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .leftJoin('residents', 'residents.id', 'assignments.residentId')
    .select('devices.id')
    .where(underArea(areaId, sql`coalesce(residents.area_id, devices.area_id)`))
    .execute()
  return rows.map(row => row.id)
}

async function zonesOfResidents(db: Db, residentIds: readonly string[]): Promise<Map<string, Zone[]>> {
  const zones = new Map<string, Zone[]>()
  for (const slice of slices(residentIds)) {
    const rows = await activeZones(db).where('residentId', 'in', slice).execute()
    for (const row of rows)
      zones.set(row.residentId ?? '', [...(zones.get(row.residentId ?? '') ?? []), toZone(row)])
  }
  return zones
}

async function zonesOfAreas(db: Db): Promise<{ path: string; zone: Zone }[]> {
  const rows = await activeZones(db)
    .innerJoin('areas', 'areas.id', 'zones.areaId')
    .select('areas.path')
    .execute()
  return rows.map(row => ({ path: row.path, zone: toZone(row) }))
}

const activeZones = (db: Db) =>
  db
    .selectFrom('zones')
    .select([
      'zones.id',
      'zones.name',
      'zones.kind',
      'zones.shapeJson',
      'zones.dwellMs',
      'zones.residentId',
      'zones.areaId',
    ])
    .where('zones.archivedAt', 'is', null)
    .orderBy('zones.id')

type ZoneRow = Awaited<ReturnType<ReturnType<typeof activeZones>['execute']>>[number]

const toZone = ({ id, name, kind, shapeJson, dwellMs, residentId, areaId }: ZoneRow): Zone => ({
  id,
  name,
  kind,
  shape: JSON.parse(shapeJson),
  dwellMs,
  residentId,
  areaId,
})

function slices<T>(items: readonly T[]): T[][] {
  const found: T[][] = []
  for (let i = 0; i < items.length; i += SLICE) found.push(items.slice(i, i + SLICE))
  return found
}

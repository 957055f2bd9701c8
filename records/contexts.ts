// What the registry says about devices, in the form that rules fold: who wears it, and the zones that hold.

import { sql } from 'kysely'
import { type Resident, USUAL_CARE } from '../model/resident.ts'
import type { Zone } from '../model/zone.ts'
import type { Db } from './db.ts'
import type { Noun } from './schema.ts'
import { underArea } from './scope.ts'
import { toZone } from './zones.ts'

/** `awayUntil` and `intervalMs` are ms. A device that nobody wears has the usual care. */
export type DeviceContext = Pick<
  Resident,
  'wandering' | 'livesAlone' | 'timeZone' | 'waking' | 'checkInBy' | 'awayUntil' | 'thresholds'
> & {
  residentId: string | null
  /** Where it is: of its wearer, or its own. Null only for a device that is not registered. */
  areaId: string | null
  intervalMs: number | null
}

/** A context with what holds there: the wearer's own zones, and the areas that it is in, from the root down. */
export type ZonedContext = DeviceContext & { zones: Zone[]; areaIds: string[] }

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

/** All zones of areas, by id. */
export async function areaZones(db: Db): Promise<Zone[]> {
  const rows = await activeZones(db).where('areaId', 'is not', null).execute()
  return rows.map(toZone)
}

/** Those of these zones that belong to an area now. */
export async function areaZonesOf(db: Db, ids: readonly string[]): Promise<Zone[]> {
  const zones: Zone[] = []
  for (const slice of slices(ids)) {
    const rows = await activeZones(db).where('areaId', 'is not', null).where('id', 'in', slice).execute()
    zones.push(...rows.map(toZone))
  }
  return zones
}

/** The contexts of these devices as they are now. An unknown or archived device has none. */
export async function deviceContexts(
  db: Db,
  deviceIds: readonly string[],
): Promise<Map<string, ZonedContext>> {
  const contexts = new Map<string, ZonedContext>()
  for (const slice of slices(deviceIds)) {
    const wearers = await wearersOf(db, slice)
    const own = await zonesOfResidents(
      db,
      wearers.flatMap(wearer => wearer.residentId ?? []),
    )
    for (const { deviceId, areaPath, ...wearer } of wearers) {
      const zones = own.get(wearer.residentId ?? '') ?? []
      const areaIds = areaPath.split('/').filter(id => id !== '')
      contexts.set(deviceId, { ...toContext(wearer), zones, areaIds })
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
      'areas.id as areaId',
      'areas.path as areaPath',
      'devices.intervalMs',
      'residents.wandering',
      'residents.livesAlone',
      'residents.timeZone',
      'residents.wakingFrom',
      'residents.wakingTo',
      'residents.checkInBy',
      'residents.awayUntil',
      'residents.thresholdsJson',
    ])
    .where('devices.id', 'in', deviceIds)
    .where('devices.archivedAt', 'is', null)
    .execute()
}

type Wearer = Omit<Awaited<ReturnType<typeof wearersOf>>[number], 'deviceId' | 'areaPath'>

const toContext = (wearer: Wearer): DeviceContext => ({
  residentId: wearer.residentId,
  areaId: wearer.areaId,
  intervalMs: wearer.intervalMs === null ? null : Number(wearer.intervalMs),
  wandering: wearer.wandering === 1,
  livesAlone: wearer.livesAlone === 1,
  timeZone: wearer.timeZone ?? USUAL_CARE.timeZone,
  waking:
    wearer.wakingFrom === null || wearer.wakingTo === null
      ? USUAL_CARE.waking
      : { from: wearer.wakingFrom, to: wearer.wakingTo },
  checkInBy: wearer.checkInBy,
  awayUntil: wearer.awayUntil === null ? null : Number(wearer.awayUntil),
  thresholds: wearer.thresholdsJson === null ? null : JSON.parse(wearer.thresholdsJson),
})

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

const activeZones = (db: Db) =>
  db.selectFrom('zones').selectAll('zones').where('zones.archivedAt', 'is', null).orderBy('zones.id')

function slices<T>(items: readonly T[]): T[][] {
  const found: T[][] = []
  for (let i = 0; i < items.length; i += SLICE) found.push(items.slice(i, i + SLICE))
  return found
}

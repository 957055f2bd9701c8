// Whom a device's findings are about: who wore it when, and where it belongs.

import { ROOT_AREA_ID } from '../model/area.ts'
import type { Db } from './db.ts'
import { readSlices } from './slices.ts'

/** A period in which a resident wore the device; `toAt` is null while it lasts. */
export type Wearing = {
  deviceId: string
  residentId: string
  name: string
  areaId: string
  fromAt: number
  toAt: number | null
}

export type Registered = {
  /** Of each device the earliest first. */
  wearings: readonly Wearing[]
  /** Areas by device. A device that is archived is still known: its alarms have a place. */
  deviceAreas: ReadonlyMap<string, string>
  root: { id: string; name: string }
}

/** Paths of these areas, by id. */
export async function areaPaths(db: Db, areaIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await readSlices(areaIds, slice =>
    db.selectFrom('areas').select(['id', 'path']).where('id', 'in', slice).execute(),
  )
  return new Map(rows.map(({ id, path }) => [id, path]))
}

/** The area at this path. @throws when there is none. */
export const areaByPath = (db: Db, path: string): Promise<{ id: string; name: string }> =>
  db.selectFrom('areas').select(['id', 'name']).where('path', '=', path).executeTakeFirstOrThrow()

/** What the registry says about these devices. */
export async function readRegistered(db: Db, deviceIds: readonly string[]): Promise<Registered> {
  const wearings = readSlices(deviceIds, slice =>
    db
      .selectFrom('assignments')
      .innerJoin('residents', 'residents.id', 'assignments.residentId')
      .select(['deviceId', 'residentId', 'name', 'areaId', 'fromAt', 'toAt'])
      .where('deviceId', 'in', slice)
      .orderBy('fromAt')
      .execute(),
  )
  const devices = readSlices(deviceIds, slice =>
    db.selectFrom('devices').select(['id', 'areaId']).where('id', 'in', slice).execute(),
  )
  const root = db
    .selectFrom('areas')
    .select(['id', 'name'])
    .where('id', '=', ROOT_AREA_ID)
    .executeTakeFirstOrThrow()
  const read = await Promise.all([wearings, devices, root])
  return {
    wearings: read[0],
    deviceAreas: new Map(read[1].map(({ id, areaId }) => [id, areaId])),
    root: read[2],
  }
}

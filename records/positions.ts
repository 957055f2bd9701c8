// Devices that somebody may be found by: where they belong, since when they are worn, and which emergency is about them.

import { sql } from 'kysely'
import type { Device } from '../model/device.ts'
import { OPEN_STATES } from '../model/incident.ts'
import type { Db } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { inScope, type Scope, underArea } from './scope.ts'

export type Located = {
  deviceId: string
  kind: Device['kind']
  areaId: string
  /** Since when whoever wears it now does; null while nobody does. Epoch ms. */
  wornSince: number | null
  alarmId: string | null
}

export type LocatedFilter = {
  scope: Scope
  areaId?: string | undefined
  /** Those alone that an emergency is about. */
  inAlarm?: boolean | undefined
}

/** Live devices of the scope but for gateways, which stand at home, by id. A device is where its wearer belongs. */
export async function listLocated(
  db: Db,
  { scope, areaId, inAlarm = false, cursor, limit }: LocatedFilter & PageRequest,
): Promise<Page<Located>> {
  const pages = pagesOf({ name: 'positions', order: ['devices.id'], filter: { areaId, inAlarm } })
  const home = sql<string>`coalesce(${sql.ref('residents.areaId')}, ${sql.ref('devices.areaId')})`
  let query = db
    .selectFrom('devices')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .leftJoin('residents', 'residents.id', 'assignments.residentId')
    .leftJoin('incidents', join =>
      join
        .on('incidents.class', '=', 'emergency')
        .on('incidents.state', 'in', OPEN_STATES)
        .on(e =>
          e.or([
            e.and([
              e('incidents.subjectType', '=', 'resident'),
              e('incidents.subjectId', '=', e.ref('assignments.residentId')),
            ]),
            e.and([
              e('incidents.subjectType', '=', 'device'),
              e('incidents.subjectId', '=', e.ref('devices.id')),
              // Whoever wears it now has alarms of their own.
              e('assignments.residentId', 'is', null),
            ]),
          ]),
        ),
    )
    .select(['devices.id as deviceId', 'devices.kind', 'assignments.fromAt as wornSince'])
    .select(['incidents.id as alarmId', home.as('areaId')])
    .where('devices.archivedAt', 'is', null)
    .where('devices.kind', '!=', 'gateway')
    .where(inScope(scope, home))
    .where(pages.after(cursor))
  if (areaId !== undefined) query = query.where(underArea(areaId, home))
  if (inAlarm) query = query.where('incidents.id', 'is not', null)
  const rows = await query
    .orderBy('devices.id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, {
    limit,
    keyOf: row => [row.deviceId],
    toItem: row => ({ ...row, wornSince: row.wornSince === null ? null : Number(row.wornSince) }),
  })
}

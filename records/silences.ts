// Devices that are silent now, for the desk: many of one area at once are one outage. A member of an outage keeps its
// row when it is heard again, until the outage is over: what share of it is back is counted by these rows.

import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { OPEN_STATES } from '../model/incident.ts'
import { type Incident, openIncidents } from './casework.ts'
import type { Tx } from './db.ts'
import type { Row, Tables } from './schema.ts'
import { inScope } from './scope.ts'
import { readSlices, slicesOf } from './slices.ts'

export type Silence = Row<'silences'>

/** Devices by the path of the area that they are in; not those of areas below it. */
export type ByArea = readonly { path: string; count: number }[]

/** What is known of these devices. */
export async function readSilences(tx: Tx, deviceIds: readonly string[]): Promise<Map<string, Silence>> {
  const rows = await readSlices(deviceIds, slice =>
    tx.selectFrom('silences').selectAll().where('deviceId', 'in', slice).execute(),
  )
  return new Map(rows.map(row => [row.deviceId, row]))
}

/** Writes rows as they are now; one that was heard again and belongs to no outage goes. */
export async function writeSilences(tx: Tx, silences: readonly Silence[]): Promise<void> {
  const isKept = ({ heardAt, incidentId }: Silence): boolean => heardAt === null || incidentId !== null
  for (const slice of slicesOf(silences.filter(isKept))) {
    await tx
      .insertInto('silences')
      .values([...slice])
      .onConflict(conflict =>
        conflict.column('deviceId').doUpdateSet(e => ({
          areaId: e.ref('excluded.areaId'),
          severity: e.ref('excluded.severity'),
          since: e.ref('excluded.since'),
          freshUntil: e.ref('excluded.freshUntil'),
          heardAt: e.ref('excluded.heardAt'),
          incidentId: e.ref('excluded.incidentId'),
        })),
      )
      .execute()
  }
  const gone = silences.filter(silence => !isKept(silence)).map(({ deviceId }) => deviceId)
  for (const slice of slicesOf(gone)) await tx.deleteFrom('silences').where('deviceId', 'in', slice).execute()
}

/** An outage that is open, and the path of its area. */
export type OpenOutage = { incident: Incident; path: string }

/** Open alarms of areas that say that the area is out. */
export async function openOutages(tx: Tx): Promise<OpenOutage[]> {
  const areas = await tx
    .selectFrom('incidents')
    .innerJoin('areas', 'areas.id', 'incidents.subjectId')
    .select(['areas.id', 'areas.path'])
    .where('subjectType', '=', 'area')
    .where('class', '=', 'emergency')
    .where('state', 'in', OPEN_STATES)
    .execute()
  const paths = new Map(areas.map(({ id, path }) => [id, path]))
  const open = await openIncidents(tx, [...paths.keys()])
  return open.flatMap(incident => {
    const path = paths.get(incident.subjectId)
    const isOut =
      incident.subjectType === 'area' && incident.conditions.some(({ kind }) => kind === 'area_outage')
    return path !== undefined && isOut ? [{ incident, path }] : []
  })
}

/** Devices that fell silent lately and still are, by area and by the outage that they belong to. */
export function freshSilences(
  tx: Tx,
  now: number,
): Promise<{ path: string; incidentId: string | null; count: number }[]> {
  return tx
    .selectFrom('silences')
    .innerJoin('areas', 'areas.id', 'silences.areaId')
    .select(e => ['areas.path', 'silences.incidentId', e.fn.countAll<number>().as('count')])
    .where('heardAt', 'is', null)
    .where('freshUntil', '>=', now)
    .groupBy(['areas.path', 'silences.incidentId'])
    .execute()
}

/**
 * Counts the devices in use below `path`, up to about `enough`, without those that have been silent for longer: they
 * say nothing of today's network.
 */
export async function countLive(
  tx: Tx,
  { path, now, enough }: { path: string; now: number; enough: number },
): Promise<number> {
  // A device is where its wearer is; only one that nobody wears has a place of its own.
  const worn = await tx
    .selectFrom('residents')
    .innerJoin('assignments', join =>
      join.onRef('assignments.residentId', '=', 'residents.id').on('assignments.toAt', 'is', null),
    )
    .innerJoin('devices', 'devices.id', 'assignments.deviceId')
    .leftJoin('silences', 'silences.deviceId', 'devices.id')
    .select('devices.id')
    .where(inScope({ path }, 'residents.areaId'))
    .where('devices.archivedAt', 'is', null)
    .where(e => isLive(e, now))
    .limit(enough)
    .execute()
  if (worn.length >= enough) return worn.length
  const bare = await tx
    .selectFrom('devices')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .leftJoin('silences', 'silences.deviceId', 'devices.id')
    .select('devices.id')
    .where(inScope({ path }, 'devices.areaId'))
    .where('assignments.id', 'is', null)
    .where('devices.archivedAt', 'is', null)
    .where(e => isLive(e, now))
    .limit(enough - worn.length)
    .execute()
  return worn.length + bare.length
}

type WithSilences = ExpressionBuilder<Tables, 'silences'>

const isLive = (e: unknown, now: number): Expression<SqlBool> => {
  const row = e as WithSilences
  return row.or([
    row('silences.deviceId', 'is', null),
    row('silences.heardAt', 'is not', null),
    row('silences.freshUntil', '>=', now),
  ])
}

/**
 * Makes the fresh silences below `path` that belong to no outage, and all of the outages `from`, members of one. Those
 * of outages are on a list already, and have no condition of their own.
 */
export async function joinSilences(
  tx: Tx,
  { path, incidentId, from, now }: { path: string; incidentId: string; from: readonly string[]; now: number },
): Promise<{ alone: Silence[]; listed: Silence[] }> {
  const alone = await tx
    .updateTable('silences')
    .set({ incidentId })
    .where(inScope({ path }, 'areaId'))
    .where('incidentId', 'is', null)
    .where('heardAt', 'is', null)
    .where('freshUntil', '>=', now)
    .returningAll()
    .execute()
  const listed = await readSlices(from, slice =>
    tx.updateTable('silences').set({ incidentId }).where('incidentId', 'in', slice).returningAll().execute(),
  )
  return { alone, listed }
}

/** How many belong to each outage, and how many of them were heard again. */
export async function countMembers(tx: Tx, incidentId: string): Promise<{ members: number; heard: number }> {
  const row = await tx
    .selectFrom('silences')
    .select(e => [e.fn.countAll<number>().as('members'), e.fn.count<number>('heardAt').as('heard')])
    .where('incidentId', '=', incidentId)
    .executeTakeFirstOrThrow()
  return { members: Number(row.members), heard: Number(row.heard) }
}

/** Ends a membership of all; returns those who are silent still. They are of no other outage that begins today. */
export async function releaseSilences(tx: Tx, incidentId: string): Promise<Silence[]> {
  await tx
    .deleteFrom('silences')
    .where('incidentId', '=', incidentId)
    .where('heardAt', 'is not', null)
    .execute()
  return tx
    .updateTable('silences')
    .set({ incidentId: null, freshUntil: 0 })
    .where('incidentId', '=', incidentId)
    .returningAll()
    .execute()
}

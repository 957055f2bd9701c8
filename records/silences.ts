// Devices that are silent now, for the desk: many of one area at once are one outage. A member of an outage keeps its
// row when it is heard again, until the outage is over: what share of it is back is counted by these rows.

import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { OPEN_STATES } from '../model/incident.ts'
import { type Incident, openIncidents } from './casework.ts'
import type { Db, Tx } from './db.ts'
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
          unlisted: e.ref('excluded.unlisted'),
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
export async function openOutages(tx: Db): Promise<OpenOutage[]> {
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
 * Makes the fresh silences below `path` that belong to no outage, and all of the outages `from`, members of one. They
 * wait for their place on its list.
 */
export async function joinSilences(
  tx: Tx,
  { path, incidentId, from, now }: { path: string; incidentId: string; from: readonly string[]; now: number },
): Promise<void> {
  const joined = { incidentId, unlisted: '' }
  await tx
    .updateTable('silences')
    .set(joined)
    .where(inScope({ path }, 'areaId'))
    .where('incidentId', 'is', null)
    .where('heardAt', 'is', null)
    .where('freshUntil', '>=', now)
    .execute()
  for (const slice of slicesOf(from))
    await tx.updateTable('silences').set(joined).where('incidentId', 'in', slice).execute()
}

/** Incidents that any row belongs to. */
export async function outagesOfSilences(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('silences')
    .select('incidentId')
    .distinct()
    .where('incidentId', 'is not', null)
    .$narrowType<{ incidentId: string }>()
    .execute()
  return rows.map(({ incidentId }) => incidentId)
}

/** Which of these alarms a person has resolved, and which ended by themselves. */
export async function howEnded(
  db: Db,
  incidentIds: readonly string[],
): Promise<{ id: string; resolvedAt: number | null }[]> {
  return readSlices(incidentIds, slice =>
    db.selectFrom('incidents').select(['id', 'resolvedAt']).where('id', 'in', slice).execute(),
  )
}

export async function isAnyUnlisted(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('silences')
    .select('deviceId')
    .where('incidentId', 'is not', null)
    .where('unlisted', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Members of these outages that are to be listed still; elders who live alone first. */
export const unlistedSilences = (
  tx: Tx,
  { incidentIds, limit }: { incidentIds: readonly string[]; limit: number },
): Promise<Silence[]> =>
  aloneFirst(tx, limit)
    .where('silences.incidentId', 'in', [...incidentIds])
    .where('silences.unlisted', 'is not', null)
    .execute()

/** These stand on the list of their outage. */
export async function noteListed(tx: Tx, deviceIds: readonly string[]): Promise<void> {
  for (const slice of slicesOf(deviceIds))
    await tx.updateTable('silences').set({ unlisted: null }).where('deviceId', 'in', slice).execute()
}

/** At most `limit` rows, of elders who live alone first. */
const aloneFirst = (tx: Tx, limit: number) =>
  tx
    .selectFrom('silences')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'silences.deviceId').on('assignments.toAt', 'is', null),
    )
    .leftJoin('residents', 'residents.id', 'assignments.residentId')
    .selectAll('silences')
    .orderBy(e => e.fn.coalesce('residents.livesAlone', e.lit(0)), 'desc')
    .orderBy('silences.deviceId')
    .limit(limit)

/** How many belong to each outage, and how many of them were heard again. */
export async function countMembers(tx: Tx, incidentId: string): Promise<{ members: number; heard: number }> {
  const row = await tx
    .selectFrom('silences')
    .select(e => [e.fn.countAll<number>().as('members'), e.fn.count<number>('heardAt').as('heard')])
    .where('incidentId', '=', incidentId)
    .executeTakeFirstOrThrow()
  return { members: Number(row.members), heard: Number(row.heard) }
}

/**
 * Ends the membership of those that were heard again, and of at most `limit` that are silent still, who are returned:
 * elders who live alone first. They are of no other outage that begins today.
 */
export async function releaseSilences(
  tx: Tx,
  { incidentId, limit }: { incidentId: string; limit: number },
): Promise<Silence[]> {
  await tx
    .deleteFrom('silences')
    .where('incidentId', '=', incidentId)
    .where('heardAt', 'is not', null)
    .execute()
  if (limit <= 0) return []
  const released = await aloneFirst(tx, limit).where('silences.incidentId', '=', incidentId).execute()
  for (const slice of slicesOf(released.map(({ deviceId }) => deviceId)))
    await tx
      .updateTable('silences')
      .set({ incidentId: null, freshUntil: 0, unlisted: null })
      .where('deviceId', 'in', slice)
      .execute()
  return released
}

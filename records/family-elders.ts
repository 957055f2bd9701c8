// What the hub knows of the elders of a family, all of them at once: a page that is asked for every few seconds costs as
// many queries for one elder as for twenty.

import { type DispatchState, SENT_DISPATCH } from '../model/dispatch.ts'
import { FAMILY_ALARMS_MAX } from '../model/family.ts'
import { type EntryKind, OPEN_STATES } from '../model/incident.ts'
import { type Condition, fromRow, type Incident, openIncidents } from './casework.ts'
import type { Db } from './db.ts'
import type { Row } from './schema.ts'
import { readSlices } from './slices.ts'
import { storedFacts } from './stored.ts'
import { unindexed } from './unindexed.ts'

type Ids = readonly string[]

/** The open alarms of elders, of every class: what is technical tells how their devices are. */
export async function openAlarmsOf(db: Db, residentIds: Ids): Promise<Map<string, Incident[]>> {
  const open = await openIncidents(db, residentIds)
  return Map.groupBy(
    open.filter(({ subjectType }) => subjectType === 'resident'),
    ({ subjectId }) => subjectId,
  )
}

/** What is over of their emergencies and requests since `since`, the newest of each first. */
export async function pastAlarmsOf(
  db: Db,
  { residentIds, since }: { residentIds: Ids; since: number },
): Promise<Map<string, Incident[]>> {
  const rows = await readSlices(residentIds, slice => {
    const placed = db
      .selectFrom('incidents')
      .selectAll()
      .select(e =>
        e.fn
          .agg<number>('row_number')
          .over(w => w.partitionBy('subjectId').orderBy('raisedAt', 'desc').orderBy('id'))
          .as('place'),
      )
      .where('subjectId', 'in', slice)
      .where('class', 'in', ['emergency', 'service'])
      .where('raisedAt', '>=', since)
      .where('subjectType', '=', 'resident')
      .where('state', 'not in', OPEN_STATES)
    return db
      .selectFrom(placed.as('placed'))
      .selectAll()
      .where('place', '<=', FAMILY_ALARMS_MAX)
      .orderBy('place')
      .execute()
  })
  return Map.groupBy(
    rows.map(({ place: _, ...row }) => fromRow(row)),
    ({ subjectId }) => subjectId,
  )
}

/** Somebody who was sent, as far as a family is told. */
export type Sent = Pick<
  Row<'dispatches'>,
  'state' | 'askedAt' | 'acceptedAt' | 'onTheWayAt' | 'arrivedAt'
> & { name: string | null }

/** What the timeline says of help, and of what was found. */
export type Told = Pick<Row<'timeline'>, 'kind' | 'at'> & { detail: Record<string, unknown> }

export type Help = { sent: readonly Sent[]; told: readonly Told[] }
export const NO_HELP: Help = { sent: [], told: [] }

const TOLD_KINDS: readonly EntryKind[] = ['contact_going', 'handed_over', 'arrived']
const NEEDED: readonly DispatchState[] = SENT_DISPATCH

/** Who is on the way to open alarms, and what their timelines say of that, by alarm. */
export async function helpFor(db: Db, incidentIds: Ids): Promise<Map<string, Help>> {
  const sent = await sentTo(db, incidentIds) // one after the other: it may be in a transaction
  const told = await newestOf(db, incidentIds, TOLD_KINDS)
  return new Map(
    incidentIds.map(id => [id, { sent: sent.get(id) ?? [], told: (told.get(id) ?? []).toReversed() }]),
  )
}

async function sentTo(db: Db, incidentIds: Ids): Promise<Map<string, Sent[]>> {
  const rows = await readSlices(incidentIds, slice =>
    db
      .selectFrom('dispatches')
      .leftJoin('users', 'users.id', 'dispatches.responderId')
      .select(['incidentId', 'dispatches.state', 'askedAt', 'acceptedAt', 'onTheWayAt', 'arrivedAt'])
      .select('users.name')
      .where('incidentId', 'in', slice)
      .where('dispatches.state', 'in', NEEDED)
      .orderBy('askedAt')
      .orderBy('dispatches.id')
      .execute(),
  )
  const sent = new Map<string, Sent[]>(incidentIds.map(id => [id, []]))
  for (const { incidentId, ...one } of rows) sent.get(incidentId)?.push(one)
  return sent
}

/** The newest findings of alarms, newest first: by them it is known what happened, and whether somebody has wandered off. */
export async function findingsOf(db: Db, incidentIds: Ids): Promise<Map<string, Told['detail'][]>> {
  const found = await newestOf(db, incidentIds, ['finding'])
  return new Map([...found].map(([id, entries]) => [id, entries.map(({ detail }) => detail)]))
}

/** An alarm that never stops has many entries. */
const ENTRIES_MAX = 50

/** The newest entries of these kinds, newest first, by alarm. */
async function newestOf(db: Db, incidentIds: Ids, kinds: readonly EntryKind[]): Promise<Map<string, Told[]>> {
  const rows = await readSlices(incidentIds, slice => {
    const placed = db
      .selectFrom('timeline')
      .select(['incidentId', 'kind', 'at', 'detailJson'])
      .select(e =>
        e.fn
          .agg<number>('row_number')
          .over(w => w.partitionBy('incidentId').orderBy('seq', 'desc'))
          .as('place'),
      )
      .where('incidentId', 'in', slice)
      .where(unindexed<EntryKind>('timeline.kind'), 'in', kinds)
    return db
      .selectFrom(placed.as('placed'))
      .select(['incidentId', 'kind', 'at', 'detailJson'])
      .where('place', '<=', ENTRIES_MAX)
      .orderBy('place')
      .execute()
  })
  const newest = new Map<string, Told[]>(incidentIds.map(id => [id, []]))
  for (const { incidentId, kind, at, detailJson } of rows)
    newest.get(incidentId)?.push({ kind, at, detail: storedFacts(detailJson) })
  return newest
}

/** Alarms because of which devices are asked where they are. */
export async function trackedAmong(db: Db, incidentIds: Ids): Promise<Set<string | null>> {
  const rows = await readSlices(incidentIds, slice =>
    db
      .selectFrom('commands')
      .select('incidentId')
      .distinct()
      .where('incidentId', 'in', slice)
      .where(unindexed('commands.undoOf'), 'is', null)
      .where('overAt', 'is', null)
      .execute(),
  )
  return new Set(rows.map(({ incidentId }) => incidentId))
}

/** A device that an elder wears now, and since when it is silent. */
export type WornDevice = { id: string; since: number | null }

export async function wornDevicesOf(db: Db, residentIds: Ids): Promise<Map<string, WornDevice[]>> {
  const rows = await readSlices(residentIds, slice =>
    db
      .selectFrom('assignments')
      .innerJoin('devices', 'devices.id', 'assignments.deviceId')
      .leftJoin('silences', join =>
        join.onRef('silences.deviceId', '=', 'devices.id').on('silences.heardAt', 'is', null),
      )
      .select(['assignments.residentId', 'devices.id', 'silences.since'])
      .where('assignments.residentId', 'in', slice)
      .where('assignments.toAt', 'is', null)
      .where('devices.archivedAt', 'is', null)
      .execute(),
  )
  return Map.groupBy(rows, ({ residentId }) => residentId)
}

/** How the devices are that an elder wears now, by what the hub has found of them. */
export type DevicesNow = {
  devices: number
  silentSince: number | null
  conditions: ReadonlySet<Condition['kind']>
}

export function wornNow(devices: readonly WornDevice[], open: readonly Incident[]): DevicesNow {
  const worn = new Set(devices.map(({ id }) => id))
  const silent = devices.flatMap(({ since }) => (since === null ? [] : [Number(since)]))
  const conditions = open
    .flatMap(incident => incident.conditions)
    .filter(({ deviceId }) => worn.has(deviceId))
  return {
    devices: devices.length,
    silentSince: silent.length === 0 ? null : Math.min(...silent),
    conditions: new Set(conditions.map(({ kind }) => kind)),
  }
}

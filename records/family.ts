// What a family may see, in one place: an account looks after the elders of whom it is a contact, and nothing of
// anybody else is read here. The link is the contact's `userId`: without it, or once contact or elder is archived, all
// of this is empty with the next question.

import { type DispatchState, SENT_DISPATCH } from '../model/dispatch.ts'
import { FAMILY_ALARMS_MAX } from '../model/family.ts'
import { OPEN_STATES } from '../model/incident.ts'
import { type Condition, fromRow, type Incident, openIncidents } from './casework.ts'
import type { Db } from './db.ts'
import type { Row } from './schema.ts'
import { storedFacts } from './stored.ts'
import { trackedFor } from './tracking.ts'

/** More are no family. */
const ELDERS_MAX = 20

/** An elder, and as whom the account is known to them. */
export type LookedAfter = Pick<
  Row<'residents'>,
  'id' | 'areaId' | 'name' | 'gender' | 'timeZone' | 'awayUntil'
> & {
  contact: { id: string; name: string; relation: string | null }
}

/** The live elders that an account looks after, by name; `residentId` asks for one of them. */
export async function lookedAfterBy(
  db: Db,
  { userId, residentId }: { userId: string; residentId?: string },
): Promise<LookedAfter[]> {
  let query = db
    .selectFrom('contacts')
    .innerJoin('residents', 'residents.id', 'contacts.residentId')
    .select(['residents.id', 'residents.areaId', 'residents.name', 'residents.gender'])
    .select(['residents.timeZone', 'residents.awayUntil'])
    .select(['contacts.id as contactId', 'contacts.name as contactName', 'contacts.relation'])
    .where('contacts.userId', '=', userId)
    .where('contacts.archivedAt', 'is', null)
    .where('residents.archivedAt', 'is', null)
  if (residentId !== undefined) query = query.where('residents.id', '=', residentId)
  const rows = await query
    .orderBy('residents.name')
    .orderBy('residents.id')
    .orderBy('contacts.position')
    .execute()
  const elders = new Map<string, LookedAfter>()
  for (const { contactId, contactName, relation, awayUntil, ...elder } of rows) {
    if (elders.has(elder.id) || elders.size === ELDERS_MAX) continue // who is entered twice is one person
    const contact = { id: contactId, name: contactName, relation }
    elders.set(elder.id, { ...elder, awayUntil: awayUntil === null ? null : Number(awayUntil), contact })
  }
  return [...elders.values()]
}

/** Which of these accounts look after which of these elders now. */
export const lookingAfter = (
  db: Db,
  { residentIds, userIds }: { residentIds: readonly string[]; userIds: readonly string[] },
): Promise<{ residentId: string; userId: string | null }[]> =>
  db
    .selectFrom('contacts')
    .innerJoin('residents', 'residents.id', 'contacts.residentId')
    .select(['contacts.residentId', 'contacts.userId'])
    .where('contacts.residentId', 'in', residentIds)
    .where('contacts.userId', 'in', userIds)
    .where('contacts.archivedAt', 'is', null)
    .where('residents.archivedAt', 'is', null)
    .execute()

/** An alarm of an elder that the account looks after, with the elder; undefined for any other. */
export async function familyAlarm(
  db: Db,
  { userId, alarmId }: { userId: string; alarmId: string },
): Promise<{ incident: Incident; elder: LookedAfter } | undefined> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', alarmId).executeTakeFirst()
  if (row?.subjectType !== 'resident' || row.class === 'technical') return undefined
  const [elder] = await lookedAfterBy(db, { userId, residentId: row.subjectId })
  return elder && { incident: fromRow(row), elder }
}

/** The open alarms of an elder, of every class: what is technical tells how their devices are. */
export const openAlarmsOf = async (db: Db, residentId: string): Promise<Incident[]> =>
  (await openIncidents(db, [residentId])).filter(({ subjectType }) => subjectType === 'resident')

/** What is over of an elder's emergencies and requests since `since`, the newest first. */
export async function pastAlarmsOf(
  db: Db,
  { residentId, since }: { residentId: string; since: number },
): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('subjectId', '=', residentId)
    .where('class', 'in', ['emergency', 'service'])
    .where('raisedAt', '>=', since)
    .where('subjectType', '=', 'resident')
    .where('state', 'not in', OPEN_STATES)
    .orderBy('raisedAt', 'desc')
    .orderBy('id')
    .limit(FAMILY_ALARMS_MAX)
    .execute()
  return rows.map(fromRow)
}

/** Somebody who was sent, as far as a family is told. */
export type Sent = Pick<
  Row<'dispatches'>,
  'state' | 'askedAt' | 'acceptedAt' | 'onTheWayAt' | 'arrivedAt'
> & { name: string | null }

/** What the timeline says of help, and of what was found. */
export type Told = Pick<Row<'timeline'>, 'kind' | 'at'> & { detail: Record<string, unknown> }

const TOLD_KINDS = ['contact_going', 'handed_over', 'arrived'] as const
/** An alarm that never stops has many of them. */
const TOLD_MAX = 50

/** Who is on the way to an open alarm, and what its timeline says of that. */
export async function helpFor(db: Db, incidentId: string): Promise<{ sent: Sent[]; told: Told[] }> {
  const sent = await db
    .selectFrom('dispatches')
    .leftJoin('users', 'users.id', 'dispatches.responderId')
    .select(['dispatches.state', 'askedAt', 'acceptedAt', 'onTheWayAt', 'arrivedAt', 'users.name'])
    .where('incidentId', '=', incidentId)
    .where('dispatches.state', 'in', NEEDED)
    .orderBy('askedAt')
    .orderBy('dispatches.id')
    .execute()
  const entries = await db
    .selectFrom('timeline')
    .select(['kind', 'at', 'detailJson'])
    .where('incidentId', '=', incidentId)
    .where('kind', 'in', TOLD_KINDS)
    .orderBy('seq', 'desc')
    .limit(TOLD_MAX)
    .execute()
  const told = entries.map(({ detailJson, ...entry }) => ({ ...entry, detail: storedFacts(detailJson) }))
  return { sent, told: told.reverse() }
}

const NEEDED: readonly DispatchState[] = SENT_DISPATCH

/** When a contact said that they go, since the alarm alerted last; null when they have not. */
export async function goingOf(
  db: Db,
  { incident, contactId }: { incident: Pick<Incident, 'id' | 'alertedAt'>; contactId: string },
): Promise<number | null> {
  const { told } = await helpFor(db, incident.id)
  return goingSince(told, { contactId, alertedAt: incident.alertedAt })
}

/** The same of what was read already. */
export function goingSince(
  told: readonly Told[],
  { contactId, alertedAt }: { contactId: string; alertedAt: number },
): number | null {
  const said = told.filter(
    ({ kind, at, detail }) => kind === 'contact_going' && detail.contactId === contactId && at >= alertedAt,
  )
  return said[0]?.at ?? null
}

/** Whether devices are asked where they are because of this alarm. */
export const isTracked = async (db: Db, incidentId: string): Promise<boolean> =>
  (await trackedFor(db, incidentId)).length > 0

/** The newest findings of an alarm: by them it is known whether somebody has wandered off. */
export async function findingsOf(db: Db, incidentId: string): Promise<Record<string, unknown>[]> {
  const rows = await db
    .selectFrom('timeline')
    .select('detailJson')
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'finding')
    .orderBy('seq', 'desc')
    .limit(TOLD_MAX)
    .execute()
  return rows.map(({ detailJson }) => storedFacts(detailJson))
}

/** How the devices are that an elder wears now, by what the hub has found of them. */
export type Worn = { devices: number; silentSince: number | null; conditions: ReadonlySet<Condition['kind']> }

export async function wornNow(
  db: Db,
  { residentId, open }: { residentId: string; open: readonly Incident[] },
): Promise<Worn> {
  const devices = await db
    .selectFrom('assignments')
    .innerJoin('devices', 'devices.id', 'assignments.deviceId')
    .leftJoin('silences', join =>
      join.onRef('silences.deviceId', '=', 'devices.id').on('silences.heardAt', 'is', null),
    )
    .select(['devices.id', 'silences.since'])
    .where('assignments.residentId', '=', residentId)
    .where('assignments.toAt', 'is', null)
    .where('devices.archivedAt', 'is', null)
    .execute()
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

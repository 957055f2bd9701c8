// What has to be known to tell people of alarms: contacts with their ways, channels and staff. Read at once, for as many
// alarms as are told of together.

import { USUAL_CARE } from '../model/resident.ts'
import type { Role } from '../model/user.ts'
import type { Incident } from '../records/casework.ts'
import { waysFor } from '../records/channels.ts'
import { contactsOf } from '../records/contacts.ts'
import type { Db } from '../records/db.ts'
import { type Pushed, pushedContacts, pushedStaff, timeZonesOf } from '../records/reach.ts'
import type { Audience } from './escalate.ts'
import { type Reachable, reachable, type Way } from './recipients.ts'

/** Each includes those before it, as ladders have it. Responders are told by whoever sends them. */
const STAFF: Readonly<Record<Audience, readonly Role[]>> = {
  console: [],
  supervisor: ['supervisor', 'admin'],
  operators: ['supervisor', 'admin', 'operator'],
  everyone: ['supervisor', 'admin', 'operator'],
}

export type Ground = {
  /** Channels that serve an area, the nearest first; those of the environment last. */
  ways(areaId: string): readonly Way[]
  /** The contacts of whom an alarm is about, in calling order. */
  contacts(incident: Incident, now: number): readonly Reachable[]
  /** Who of an audience has a browser that is told. */
  staff(audience: Audience, areaId: string): readonly Pushed[]
}

/** An alarm, and the audiences of the steps that are told of it. */
export type Asked = { incident: Incident; audiences: readonly Audience[] }

/** For these alarms and audiences. `defaults` are the channels that the environment sets up. */
export async function readGround(db: Db, asked: readonly Asked[], defaults: readonly Way[]): Promise<Ground> {
  const residentIds = unique(asked.filter(isResidents).map(({ incident }) => incident.subjectId))
  const areaIds = unique(asked.map(({ incident }) => incident.areaId))
  const places = unique(
    asked.flatMap(({ incident, audiences }) =>
      audiences.flatMap(audience => (STAFF[audience].length > 0 ? placeOf(audience, incident.areaId) : [])),
    ),
  )
  const [ways, staff, contacts, pushes, timeZones] = await Promise.all([
    readEach(areaIds, async areaId => [...(await waysFor(db, { areaId })), ...defaults]),
    readEach(places, place => readStaff(db, place)),
    contactsOf(db, residentIds),
    pushedContacts(db, residentIds),
    timeZonesOf(db, residentIds),
  ])
  const byResident = Map.groupBy(contacts, ({ residentId }) => residentId)
  const waysOf = (areaId: string): readonly Way[] => ways.get(areaId) ?? []

  return {
    ways: waysOf,
    staff: (audience, areaId) => staff.get(placeOf(audience, areaId)) ?? [],
    contacts({ subjectType, subjectId, areaId }, now) {
      if (subjectType !== 'resident') return []
      const given = { ways: waysOf(areaId), now, timeZone: timeZones.get(subjectId) ?? USUAL_CARE.timeZone }
      return (byResident.get(subjectId) ?? []).map(contact =>
        reachable(contact, { ...given, pushes: pushes.get(contact.userId ?? '') ?? [] }),
      )
    },
  }
}

const placeOf = (audience: Audience, areaId: string): string => `${audience} ${areaId}`

function readStaff(db: Db, place: string): Promise<Pushed[]> {
  const [audience, areaId] = place.split(' ') as [Audience, string]
  return pushedStaff(db, { areaId, roles: STAFF[audience] })
}

const isResidents = ({ incident }: Asked): boolean => incident.subjectType === 'resident'

const unique = (ids: readonly string[]): string[] => [...new Set(ids)]

async function readEach<T>(
  keys: readonly string[],
  read: (key: string) => Promise<T>,
): Promise<Map<string, T>> {
  return new Map(await Promise.all(keys.map(async (key): Promise<[string, T]> => [key, await read(key)])))
}

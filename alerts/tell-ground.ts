// What has to be known to tell people of alarms: contacts with their ways, channels and staff. Read once a transaction,
// however many alarms of one area it is about.

import { USUAL_CARE } from '../model/resident.ts'
import type { Role } from '../model/user.ts'
import type { Incident } from '../records/casework.ts'
import { waysFor } from '../records/channels.ts'
import { contactsOf } from '../records/contacts.ts'
import type { Db } from '../records/db.ts'
import { type Pushed, personTold, pushedAccounts, pushedStaff } from '../records/reach.ts'
import type { Audience } from './escalate.ts'
import { type Reachable, reachable, type Way } from './recipients.ts'

/** More are told by the console and by the group that a robot writes to. */
const STAFF_MOST = 200

/** Each includes those before it, as ladders have it. Responders are told by whoever sends them. */
const STAFF: Readonly<Record<Audience, readonly Role[]>> = {
  console: [],
  supervisor: ['supervisor', 'admin'],
  operators: ['supervisor', 'admin', 'operator'],
  everyone: ['supervisor', 'admin', 'operator'],
}

export type Ground = {
  /** Channels that serve an area, the nearest first; those of the environment last. */
  ways(areaId: string): Promise<readonly Way[]>
  /** The contacts of whom an alarm is about, in calling order. */
  contacts(incident: Incident, now: number): Promise<readonly Reachable[]>
  /** Who of an audience has a browser that is told. */
  staff(audience: Audience, areaId: string): Promise<readonly Pushed[]>
}

/** For one transaction. `defaults` are the channels that the environment sets up. */
export function readGround(db: Db, defaults: readonly Way[]): Ground {
  const ways = remembered(async (areaId: string) => [...(await waysFor(db, { areaId })), ...defaults])
  const staff = remembered(async (asked: string) => {
    const [audience, areaId] = asked.split(' ') as [Audience, string]
    const roles = STAFF[audience]
    return roles.length === 0 ? [] : pushedStaff(db, { areaId, roles, limit: STAFF_MOST })
  })

  return {
    ways,
    staff: (audience, areaId) => staff(`${audience} ${areaId}`),
    async contacts({ subjectType, subjectId, areaId }, now) {
      if (subjectType !== 'resident') return []
      const contacts = await contactsOf(db, subjectId)
      if (contacts.length === 0) return []
      const pushed = await pushedAccounts(
        db,
        contacts.flatMap(({ userId }) => userId ?? []),
      )
      const timeZone = (await personTold(db, subjectId))?.timeZone ?? USUAL_CARE.timeZone
      const given = { ways: await ways(areaId), now, timeZone }
      return contacts.map(contact =>
        reachable(contact, { ...given, pushes: pushed.get(contact.userId ?? '') ?? [] }),
      )
    },
  }
}

function remembered<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return key => {
    const before = known.get(key)
    if (before !== undefined) return before
    const asked = read(key)
    known.set(key, asked)
    return asked
  }
}

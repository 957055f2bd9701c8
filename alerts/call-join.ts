// Which alarm a call belongs to: one of an elder's SOS if it came within two minutes of it, a service ticket if it comes
// from the telephone whose green key was pressed, the operator's own if the desk calls out. Nobody is guessed: of two
// elders with the same number it is neither.

import { type CallerWay, callDurationOf, callStateOf } from '../model/call.ts'
import type { IncidentClass } from '../model/incident.ts'
import { findingsBetween } from '../records/call-findings.ts'
import { changeCall, type StoredCall } from '../records/calls.ts'
import { type Incident, openIncidents } from '../records/casework.ts'
import type { Db, Tx } from '../records/db.ts'
import type { NewEntry } from '../records/entries.ts'
import { type Holder, holdersOf } from '../records/numbers.ts'
import { areaPaths } from '../records/subjects.ts'
import { residentById } from '../records/worn-now.ts'

/** A call so long before or after the red or the green key belongs to it. */
export const JOINS_WITHIN_MS = 2 * 60_000

/** Somebody who is known by the number of a call, and in which ways. */
export type Party = { subject: Holder['subject']; areaId: string; ways: readonly CallerWay[] }
export type Joined = { incident: Incident; party: Party }

/** Everybody who is known by a call's number in the areas of its switch. */
export async function partiesOf(db: Db, { number, areaId }: StoredCall): Promise<Party[]> {
  if (number === null) return []
  const path = (await areaPaths(db, [areaId])).get(areaId)
  if (path === undefined) return []
  const parties = new Map<string, Party & { ways: CallerWay[] }>()
  for (const { subject, areaId: at, way } of await holdersOf(db, { numbers: [number], scope: { path } })) {
    const key = `${subject.type} ${subject.id}`
    const known = parties.get(key)
    if (known) known.ways.push(way)
    else parties.set(key, { subject, areaId: at, ways: [way] })
  }
  return [...parties.values()]
}

/** The alarm that a call belongs to, undefined when there is none, or it cannot be told. */
export async function findJoin(db: Db, call: StoredCall): Promise<Joined | undefined> {
  const asked = await askedParties(db, call)
  return call.direction === 'out' ? ownAlarm(db, call, asked) : pressedAlarm(db, call, asked)
}

/** Whoever was named by a person, by whatever number they call; else everybody who is known by it. */
async function askedParties(db: Db, call: StoredCall): Promise<Party[]> {
  const parties = await partiesOf(db, call)
  if (call.residentId === null) return parties
  const named = parties.find(({ subject }) => subject.id === call.residentId)
  if (named) return [named]
  const resident = await residentById(db, call.residentId)
  if (!resident) return []
  const { id, name, areaId } = resident
  return [{ subject: { type: 'resident', id, name }, areaId, ways: [] }]
}

/** Which key a call may follow in which class, and from which telephone. The emergency comes first. */
const KEYS: readonly {
  class: IncidentClass
  kind: string
  isFrom: (party: Party, deviceId: unknown) => boolean
}[] = [
  { class: 'emergency', kind: 'sos', isFrom: () => true },
  {
    class: 'service',
    kind: 'service',
    isFrom: ({ ways }, deviceId) =>
      ways.some(way => way.by === 'self' || (way.by === 'device' && way.deviceId === deviceId)),
  },
]

async function pressedAlarm(
  db: Db,
  call: StoredCall,
  parties: readonly Party[],
): Promise<Joined | undefined> {
  const [party, ...others] = parties
  if (!party || others.length > 0) return undefined
  const open = await openOf(db, [party])
  for (const key of KEYS) {
    const incident = open.find(one => one.class === key.class)
    if (!incident) continue
    const { startedAt } = call
    const window = { from: startedAt - JOINS_WITHIN_MS, to: startedAt + JOINS_WITHIN_MS }
    const found = await findingsBetween(db, { incidentId: incident.id, ...window })
    if (found.some(({ kind, deviceId }) => kind === key.kind && key.isFrom(party, deviceId)))
      return { incident, party }
  }
  return undefined
}

/** Of an operator who calls somebody: the one alarm of theirs that this can be about. */
async function ownAlarm(
  db: Db,
  { ownerId }: StoredCall,
  parties: readonly Party[],
): Promise<Joined | undefined> {
  if (ownerId === null) return undefined
  const own = (await openOf(db, parties)).filter(one => one.ownerId === ownerId && one.class !== 'technical')
  const subjects = new Set(own.map(({ subjectId }) => subjectId))
  const incident = own.find(({ class: cls }) => cls === 'emergency') ?? own[0]
  const party = parties.find(({ subject }) => subject.id === incident?.subjectId)
  return incident && party && subjects.size === 1 ? { incident, party } : undefined
}

async function openOf(db: Db, parties: readonly Party[]): Promise<Incident[]> {
  const isTheirs = ({ subjectType, subjectId }: Incident): boolean =>
    parties.some(({ subject }) => subject.type === subjectType && subject.id === subjectId)
  const open = await openIncidents(
    db,
    parties.map(({ subject }) => subject.id),
  )
  return open.filter(isTheirs)
}

/** Puts a call on the timeline of its alarm, if it has one. The entry is the caller's to append, last. */
export async function joinCall(
  tx: Tx,
  { call, now }: { call: StoredCall; now: number },
): Promise<{ call: StoredCall; entries: NewEntry[] }> {
  const joined = await findJoin(tx, call)
  if (!joined) return { call, entries: [] }
  const { incident, party } = joined
  const residentId = party.subject.type === 'resident' ? party.subject.id : null
  const change = { incidentId: incident.id, residentId, changedAt: now }
  await changeCall(tx, call.id, change)
  const after = { ...call, ...change }
  return { call: after, entries: [calledEntry(after, { now, party })] }
}

/** What the timeline says of a call as it is now. Recordings are named, not linked: who may hear them is asked then. */
export function calledEntry(
  call: StoredCall,
  { now, party, isRecording = false }: { now: number; party?: Party | undefined; isRecording?: boolean },
): NewEntry {
  const state = callStateOf(call)
  const durationMs = callDurationOf(call)
  const isTold = isRecording || (state === 'ended' && call.recordingUrl !== null)
  const detail = {
    callId: call.id,
    direction: call.direction,
    state,
    startedAt: call.startedAt,
    ...(party && whoOf(party)),
    ...(durationMs !== null && { durationMs }),
    ...(isTold && { recording: `/api/v1/calls/${call.id}/recording` }),
  }
  const by = state === 'ringing' && call.direction === 'in' ? undefined : (call.ownerId ?? undefined)
  return { incidentId: call.incidentId as string, kind: 'called', at: now, by, detail }
}

/** An elder's own telephone is the elder; else the contact who is known by the number. */
function whoOf({ ways }: Party): Record<string, unknown> {
  const own = ways.find(({ by }) => by !== 'contact')
  if (own) return { whom: 'elder', ...(own.by === 'device' && { deviceId: own.deviceId }) }
  const contact = ways.find(way => way.by === 'contact')
  if (!contact) return { whom: 'other' }
  const { contactId, name, relation } = contact
  return { whom: 'contact', contactId, name, relation }
}

// An emergency that somebody calls in: raised as any finding is, so that it has a queue, a ladder, a timeline and its
// place in the figures. Its source is the operator who heard of it.

import type { SeenCall } from '../model/call.ts'
import { HubError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import { type Alarm, OPEN_STATES } from '../model/incident.ts'
import { maskNumber } from '../model/mask.ts'
import { incidentOfFinding } from '../records/call-findings.ts'
import { changeCall, ownCall, type StoredCall } from '../records/calls.ts'
import type { Tx } from '../records/db.ts'
import { appendTimeline } from '../records/entries.ts'
import { getAlarm } from '../records/incidents.ts'
import { areaOfScope, badField, covers, requireResident, type Scope, WHOLE_HUB } from '../records/scope.ts'
import { areaPaths } from '../records/subjects.ts'
import { longestWornBy, residentById } from '../records/worn-now.ts'
import { applyFindings } from './apply.ts'
import { calledEntry, partiesOf } from './call-join.ts'
import type { About } from './subject.ts'

/** As a device that nobody knows is called where one has to be named. */
const NO_DEVICE = 'unknown'

type Given = {
  call: StoredCall
  seen: SeenCall
  request: {
    userId: string
    scope: Scope
    kind: 'sos'
    text?: string | undefined
    residentId?: string | null | undefined
  }
  now: number
}

/** Raises it, once while it is open however often it is asked for, and puts the call on its timeline. */
export async function raiseFromCall(tx: Tx, given: Given): Promise<Alarm> {
  const { call, request, now } = given
  const about = await aboutOf(tx, given)
  const finding = await findingOf(tx, { ...given, about })
  await applyFindings(tx, [finding], now, new Map([[finding.id, about]]))
  const incidentId = await incidentOfFinding(tx, finding.id)
  const alarm =
    incidentId === undefined ? undefined : await getAlarm(tx, { scope: request.scope, id: incidentId })
  if (!alarm) throw new HubError('INTERNAL', 'an alarm that was just raised is gone', { callId: call.id })
  await ownCall(tx, { id: call.id, userId: request.userId, at: now })
  if (call.incidentId === alarm.id) return alarm
  const residentId = about.subject.type === 'resident' ? about.subject.id : null
  const change = { incidentId: alarm.id, residentId, changedAt: now }
  await changeCall(tx, call.id, change)
  const after = { ...call, ...change, ownerId: call.ownerId ?? request.userId }
  const party = (await partiesOf(tx, call)).find(({ subject }) => subject.id === about.subject.id)
  await appendTimeline(tx, [calledEntry(after, { now, party })])
  return (await getAlarm(tx, { scope: request.scope, id: alarm.id })) ?? alarm
}

async function findingOf(
  tx: Tx,
  { call, about, request, now, seen }: Given & { about: About },
): Promise<Finding> {
  const { kind, text, userId } = request
  const { type, id } = about.subject
  const residentId = type === 'resident' ? id : null
  return {
    id: await findingIdOf(tx, `${call.id}-${kind}-${id}`),
    kind,
    severity: 'critical',
    deviceId: (await deviceOf(tx, { seen, about, residentId })) ?? NO_DEVICE,
    ...(residentId !== null && { residentId }),
    at: now,
    receivedAt: now,
    lateMs: 0,
    evidence: {
      source: 'operator',
      callId: call.id,
      by: userId,
      ...(text?.trim() && { text: text.trim() }),
    },
  }
}

/** Of whom it was raised before, and that alarm is over: it is raised anew, as whoever asks for it is still in need. */
async function findingIdOf(tx: Tx, name: string): Promise<string> {
  for (let times = 0; ; times++) {
    const id = times === 0 ? name : `${name}-${times}`
    const incidentId = await incidentOfFinding(tx, id)
    if (incidentId === undefined) return id
    const alarm = await getAlarm(tx, { scope: WHOLE_HUB, id: incidentId })
    if (OPEN_STATES.some(open => open === alarm?.state)) return id
  }
}

/**
 * Whose emergency it is: who was named, now or when the call was taken, else the only one whose number it is. Of a caller
 * whom nobody knows, and of nobody of these, it is about the call: never about somebody else.
 */
async function aboutOf(tx: Tx, { call, seen, request }: Given): Promise<About> {
  const { residentId = call.residentId ?? undefined, scope } = request
  if (residentId === null) return aboutCall(tx, { call, scope })
  if (residentId !== undefined) {
    await requireResident(tx, { scope, residentId })
    const resident = await residentById(tx, residentId)
    if (!resident) throw badField('residentId', `there is no resident ${residentId}`, 'not_found')
    const { id, name, areaId } = resident
    return { subject: { type: 'resident', id, name }, areaId }
  }
  const [only] = seen.candidates
  if (!only) return aboutCall(tx, { call, scope })
  // Also those whom this desk does not see: it may be one of them.
  if ((await partiesOf(tx, call)).length > 1)
    throw badField(
      'residentId',
      'this number is of several elders: name the one, or null for none of them',
      'several_elders',
    )
  return { subject: only.subject, areaId: only.areaId }
}

/** It is where the switch is, or, where that is above or beside whoever speaks with them, theirs: they have to see it. */
async function aboutCall(tx: Tx, { call, scope }: { call: StoredCall; scope: Scope }): Promise<About> {
  const path = (await areaPaths(tx, [call.areaId])).get(call.areaId)
  const isSeen = path !== undefined && covers(scope, path)
  const areaId = isSeen ? call.areaId : areaOfScope(scope)
  return { subject: { type: 'device', id: call.id, name: nameOf(call) }, areaId }
}

/** Alarms are shown to the whole desk: the number itself is for whoever took the call. */
const nameOf = ({ fromText, callId }: StoredCall): string =>
  fromText === null ? callId : maskNumber(fromText)

/** The telephone that they call from, where it is a device; else what they wear. */
async function deviceOf(
  tx: Tx,
  { seen, about, residentId }: { seen: SeenCall; about: About; residentId: string | null },
): Promise<string | undefined> {
  const asked = seen.candidates.filter(({ subject }) => subject.id === about.subject.id)
  const way = asked.flatMap(({ ways }) => ways).find(({ by }) => by === 'device')
  if (way?.by === 'device') return way.deviceId
  return residentId === null ? undefined : longestWornBy(tx, residentId)
}

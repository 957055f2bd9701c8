// An emergency that somebody calls in: raised as any finding is, so that it has a queue, a ladder, a timeline and its
// place in the figures. Its source is the operator who heard of it.

import type { SeenCall } from '../model/call.ts'
import { HubError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Alarm } from '../model/incident.ts'
import { maskNumber } from '../model/mask.ts'
import { incidentOfFinding } from '../records/call-findings.ts'
import { changeCall, ownCall, type StoredCall } from '../records/calls.ts'
import type { Tx } from '../records/db.ts'
import { appendTimeline } from '../records/entries.ts'
import { getAlarm } from '../records/incidents.ts'
import { badField, type Scope } from '../records/scope.ts'
import { residentById, wornBy } from '../records/worn-now.ts'
import { applyFindings } from './apply.ts'
import { calledEntry, partiesOf } from './call-join.ts'
import type { About } from './subject.ts'

/** As a device that nobody knows is called where one has to be named. */
const NO_DEVICE = 'unknown'

type Given = {
  call: StoredCall
  seen: SeenCall
  residentId: string | null
  request: { userId: string; scope: Scope; kind: 'sos'; text?: string | undefined }
  now: number
}

/** Raises it, once for each call however often it is asked for, and puts the call on its timeline. */
export async function raiseFromCall(tx: Tx, given: Given): Promise<Alarm> {
  const { call, request, now } = given
  const about = await aboutOf(tx, given)
  const finding = await findingOf(tx, given)
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

async function findingOf(tx: Tx, { call, residentId, request, now, seen }: Given): Promise<Finding> {
  const { kind, text, userId } = request
  return {
    id: `${call.id}-${kind}`,
    kind,
    severity: 'critical',
    deviceId: (await deviceOf(tx, { seen, residentId })) ?? NO_DEVICE,
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

/** Whose emergency it is. Of a caller whom nobody knows, it is about the call: never about somebody else's. */
async function aboutOf(tx: Tx, { call, seen, residentId }: Given): Promise<About> {
  if (residentId !== null) {
    const resident = await residentById(tx, residentId)
    if (!resident) throw badField('residentId', `there is no resident ${residentId}`)
    const { id, name, areaId } = resident
    return { subject: { type: 'resident', id, name }, areaId }
  }
  const [only, ...others] = seen.candidates
  if (others.length > 0) throw badField('residentId', 'this number is of several elders: name the one')
  if (only) return { subject: only.subject, areaId: only.areaId }
  return { subject: { type: 'device', id: call.id, name: nameOf(call) }, areaId: call.areaId }
}

/** Alarms are shown to the whole desk: the number itself is for whoever took the call. */
const nameOf = ({ fromText, callId }: StoredCall): string =>
  fromText === null ? callId : maskNumber(fromText)

/** The telephone that they call from, where it is a device; else what they wear. */
async function deviceOf(
  tx: Tx,
  { seen, residentId }: { seen: SeenCall; residentId: string | null },
): Promise<string | undefined> {
  const asked = seen.candidates.filter(({ subject }) => residentId === null || subject.id === residentId)
  const way = asked.flatMap(({ ways }) => ways).find(({ by }) => by === 'device')
  if (way?.by === 'device') return way.deviceId
  return residentId === null ? undefined : wornBy(tx, residentId)
}

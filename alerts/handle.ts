// What people do with an alarm: one transaction, which decides by the lifecycle's table, changes the row only if
// it is still as it was read, and writes down who did what. Of two who accept at once exactly one wins.

import { type RawBuilder, sql } from 'kysely'
import { HubError } from '../model/error.ts'
import type { Action, Alarm, Disposition, IncidentState } from '../model/incident.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Role } from '../model/user.ts'
import { changeIncident, type Incident, incidentInScope } from '../records/casework.ts'
import { lastSeq, type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, lastFindingSeq, lastSeenSeq, type NewEntry } from '../records/entries.ts'
import { getAlarm } from '../records/incidents.ts'
import { isUniqueViolation } from '../records/refusal.ts'
import type { Scope } from '../records/scope.ts'
import { effectOf } from './effect.ts'
import { LEASE_MS } from './lease.ts'
import { type Refusal, transition } from './lifecycle.ts'
import { changesTracking, trackAction } from './track.ts'

/** A resolved alarm can be taken up again for a day; after that it is history. */
export const REOPEN_WITHIN_MS = 24 * 3_600_000
/** How often a row may have moved between reading and writing before the caller is told to try later. */
const TRIES = 10

export type HandleRequest = {
  id: string
  action: Action
  by: { userId: string; name: string; role: Role }
  /** What the account may see; an alarm outside it is not found. */
  scope: Scope
  /** For resolve and close: the newest timeline entry that was on the screen. */
  seenSeq?: number | undefined
  /** The note; a remark with any other action. */
  text?: string | undefined
  /** For resolve; emergencies and service need one. */
  disposition?: Disposition | undefined
  /** For close: how satisfied the elder or the family was. */
  mark?: number | undefined
}

export type Handled =
  | { ok: true; alarm: Alarm }
  /** Somebody else owns it. */
  | { ok: false; code: 'ALARM_TAKEN'; owner: { id: string; name: string } }
  /** It cannot be done with an alarm in this state. */
  | { ok: false; code: 'ALARM_STATE'; state: IncidentState }
  /** A finding joined that the caller had not seen; `seq` is its place. */
  | { ok: false; code: 'ALARM_CHANGED'; seq: number }
  | { ok: false; code: 'NOT_FOUND' | 'FORBIDDEN' | 'BAD_REQUEST'; detail: string }

/** Does one action of a person. @throws HubError UNAVAILABLE when the alarm keeps changing underneath. */
export async function handleAlarm(
  { records, clock }: { records: Records; clock: Clock; metrics?: Metrics },
  request: HandleRequest,
): Promise<Handled> {
  for (let tries = 0; tries < TRIES; tries++) {
    const handled = await tryOnce(records, clock.now(), request)
    if (handled === 'moved') continue
    if (handled.ok) records.nudge.publish('feed')
    if (handled.ok && changesTracking(request.action)) records.nudge.publish('commands')
    return handled
  }
  throw new HubError('UNAVAILABLE', 'the alarm keeps changing, try again', { id: request.id })
}

async function tryOnce(records: Records, now: number, request: HandleRequest): Promise<Handled | 'moved'> {
  const leaseUntil = sql<number>`${records.now()} + ${LEASE_MS}`
  try {
    return await writeDesk(records, tx => handle(tx, { request, now, leaseUntil }))
  } catch (error) {
    // Only a reopened one can be the second open alarm of its key: the newer one is where the work is.
    if (isUniqueViolation(error)) return { ok: false, code: 'ALARM_STATE', state: 'resolved' }
    throw error
  }
}

type Attempt = { request: HandleRequest; now: number; leaseUntil: RawBuilder<number> }

async function handle(tx: Tx, { request, now, leaseUntil }: Attempt): Promise<Handled | 'moved'> {
  const { id, action, by, scope } = request
  const incident = await incidentInScope(tx, { id, scope })
  if (!incident) return { ok: false, code: 'NOT_FOUND', detail: `there is no alarm ${id}` }
  const allowed = transition(incident, action, by)
  if ('refused' in allowed) return refusal(tx, { refused: allowed.refused, incident, request })
  const objection = objectionTo(request, incident, now) ?? (await unseenFinding(tx, request))
  if (objection) return objection

  const disposition = request.disposition ?? null
  const { change, entry, closed } = effectOf({
    action,
    by: by.userId,
    incident,
    allowed,
    disposition,
    now,
    leaseUntil,
  })
  if (!(await changeIncident(tx, incident, change))) return 'moved'
  if (entry) {
    const detail = { ...entry.detail, ...saidWith(request) }
    const done: NewEntry = { incidentId: id, kind: entry.kind, at: now, by: by.userId, detail }
    await appendTimeline(tx, closed ? [done, closed] : [done])
  }
  await trackAction(tx, { action, incident, at: now })
  const alarm = await getAlarm(tx, { scope, id })
  if (!alarm) throw new HubError('INTERNAL', 'an alarm that was just changed is gone', { id })
  return { ok: true, alarm }
}

async function refusal(
  tx: Tx,
  { refused, incident, request }: { refused: Refusal; incident: Incident; request: HandleRequest },
): Promise<Handled> {
  const { action, by } = request
  if (refused === 'role')
    return { ok: false, code: 'FORBIDDEN', detail: `no ${by.role} may ${action} an alarm` }
  const alarm = refused === 'taken' ? await getAlarm(tx, request) : undefined
  if (alarm?.owner) return { ok: false, code: 'ALARM_TAKEN', owner: alarm.owner }
  return { ok: false, code: 'ALARM_STATE', state: incident.state }
}

/** What the request itself lacks, or why it comes too late. */
function objectionTo(request: HandleRequest, incident: Incident, now: number): Handled | null {
  const { action, disposition, text } = request
  if (action === 'resolve' && disposition === undefined && incident.class !== 'technical') {
    return { ok: false, code: 'BAD_REQUEST', detail: 'a disposition is needed to resolve this alarm' }
  }
  if (action === 'note' && !text?.trim()) {
    return { ok: false, code: 'BAD_REQUEST', detail: 'a note needs a text' }
  }
  if (action === 'reopen' && now - (incident.resolvedAt ?? 0) > REOPEN_WITHIN_MS) {
    return { ok: false, code: 'ALARM_STATE', state: incident.state }
  }
  return null
}

const endsIt = (action: Action): boolean => action === 'resolve' || action === 'close'

/**
 * Nobody ends an alarm over a finding that they have not seen. Without `seenSeq` they have seen what their own
 * entries show for certain (docs/decisions/0011).
 */
async function unseenFinding(tx: Tx, { id, action, by, seenSeq }: HandleRequest): Promise<Handled | null> {
  if (!endsIt(action)) return null
  const newest = await lastSeq(tx, 'feed')
  if (seenSeq !== undefined && seenSeq > newest) {
    const detail = `nobody has seen ${seenSeq}: the newest place of the feed is ${newest}`
    return { ok: false, code: 'BAD_REQUEST', detail }
  }
  const seen = seenSeq ?? (await lastSeenSeq(tx, { incidentId: id, userId: by.userId }))
  const seq = await lastFindingSeq(tx, id)
  return seq > seen ? { ok: false, code: 'ALARM_CHANGED', seq } : null
}

/** What the person gave along, as far as the action has a place for it. */
const saidWith = ({ action, text, seenSeq, mark }: HandleRequest) => ({
  text: text?.trim() || undefined,
  ...(action === 'resolve' && { seenSeq }),
  ...(action === 'close' && { mark, seenSeq }),
})

// What people do with an alarm: one transaction, which decides by the lifecycle's table, changes the row only if
// it is still as it was read, and writes down who did what. Of two who accept at once exactly one wins.

import { type RawBuilder, sql } from 'kysely'
import { HubError } from '../model/error.ts'
import type {
  Action,
  Alarm,
  Called,
  CallOutcome,
  Disposition,
  IncidentState,
  Service,
  Work,
} from '../model/incident.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Role } from '../model/user.ts'
import { changeIncident, type Incident, incidentInScope } from '../records/casework.ts'
import { type Db, type Records, type Tx, writeDesk } from '../records/db.ts'
import { mayArrive } from '../records/dispatches.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { getAlarm } from '../records/incidents.ts'
import { isUniqueViolation } from '../records/refusal.ts'
import type { Scope } from '../records/scope.ts'
import { effectOf } from './effect.ts'
import { LEASE_MS } from './lease.ts'
import { type Refusal, transition } from './lifecycle.ts'
import { objectionTo } from './objections.ts'
import { type Part, partOf } from './parts.ts'
import { changesTracking, trackAction } from './track.ts'

/** How often a row may have moved between reading and writing before the caller is told to try later. */
const TRIES = 10

export type HandleRequest = {
  id: string
  action: Action | Work
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
  /** For dispatch: the account that is asked, and what for; without one, somebody who has none. */
  responderId?: string | undefined
  note?: string | undefined
  /** For hand_over: to whom, and their number of the case. */
  service?: Service | undefined
  reference?: string | undefined
  /** For call. */
  whom?: Called | undefined
  contactId?: string | undefined
  outcome?: CallOutcome | undefined
  /** For tick and untick. */
  stepId?: string | undefined
}

export type Handled =
  | { ok: true; alarm: Alarm }
  /** Somebody else owns it. */
  | { ok: false; code: 'ALARM_TAKEN'; owner: { id: string; name: string } }
  /** It cannot be done with an alarm in this state; `detail` where there is more to say. */
  | { ok: false; code: 'ALARM_STATE'; state: IncidentState; detail?: string }
  /** A finding joined that the caller had not seen; `seq` is its place. */
  | { ok: false; code: 'ALARM_CHANGED'; seq: number }
  | { ok: false; code: 'NOT_FOUND' | 'FORBIDDEN' | 'BAD_REQUEST'; detail: string }

/** Somebody else changed the alarm between reading and writing: nothing is kept, and it is tried again. */
class Moved extends Error {}

/** Does one action of a person. @throws HubError UNAVAILABLE when the alarm keeps changing underneath. */
export async function handleAlarm(
  { records, clock }: { records: Records; clock: Clock; metrics?: Metrics },
  request: HandleRequest,
): Promise<Handled> {
  for (let tries = 0; tries < TRIES; tries++) {
    const handled = await tryOnce(records, clock.now(), request)
    if (handled === 'moved') continue
    if (handled.ok) tell(records, request.action)
    return handled
  }
  throw new HubError('UNAVAILABLE', 'the alarm keeps changing, try again', { id: request.id })
}

/** With these somebody has more to do than before, or less. */
const CHANGES_OWNER: ReadonlySet<Action | Work> = new Set([
  'accept',
  'takeover',
  'release',
  'resolve',
  'reopen',
])

function tell({ nudge }: Records, action: Action | Work): void {
  nudge.publish('feed')
  if (changesTracking(action)) nudge.publish('commands')
  if (CHANGES_OWNER.has(action)) nudge.publish('presence')
}

async function tryOnce(records: Records, now: number, request: HandleRequest): Promise<Handled | 'moved'> {
  const leaseUntil = sql<number>`${records.now()} + ${LEASE_MS}`
  try {
    return await records.db.connection().execute(async db => {
      const late = await tooLateToAccept(db, request)
      return late ?? (await writeDesk({ db }, tx => handle(tx, { request, now, leaseUntil })))
    })
  } catch (error) {
    if (error instanceof Moved) return 'moved'
    // Only a reopened one can be the second open alarm of its key: the newer one is where the work is.
    if (request.action !== 'reopen' || !isUniqueViolation(error)) throw error
    const detail = 'a newer alarm of the same elder is open'
    return { ok: false, code: 'ALARM_STATE', state: 'resolved', detail }
  }
}

/** Of twenty who accept at once nineteen need no turn to be told who was faster: they would keep alarms waiting. */
async function tooLateToAccept(db: Db, request: HandleRequest): Promise<Handled | undefined> {
  const { action, by } = request
  if (action !== 'accept') return undefined
  const alarm = await getAlarm(db, request)
  if (!alarm?.owner) return undefined
  const { state, class: cls, owner } = alarm
  const allowed = transition({ state, class: cls, ownerId: owner.id }, action, by)
  const isTaken = 'refused' in allowed && allowed.refused === 'taken'
  return isTaken ? { ok: false, code: 'ALARM_TAKEN', owner } : undefined
}

type Attempt = { request: HandleRequest; now: number; leaseUntil: RawBuilder<number> }

async function handle(tx: Tx, { request, now, leaseUntil }: Attempt): Promise<Handled> {
  const { id, action, by, scope } = request
  const incident = await incidentInScope(tx, { id, scope })
  const asked = { incidentId: id, responderId: by.userId }
  const isSeen = action !== 'arrive' || by.role !== 'responder' || (await mayArrive(tx, asked))
  if (!incident || !isSeen) return { ok: false, code: 'NOT_FOUND', detail: `there is no alarm ${id}` }
  const allowed = transition(incident, action, by)
  if ('refused' in allowed) return refusal(tx, { refused: allowed.refused, incident, request })
  const objection = await objectionTo(tx, { request, incident, now })
  if (objection) return objection

  const part = await partOf(tx, { request, incident, now })
  if ('refused' in part) return { ok: false, code: 'BAD_REQUEST', detail: part.refused }
  if (!('isSame' in part)) {
    const disposition = request.disposition ?? null
    const deed = { action, by: by.userId, incident, allowed, disposition, now, leaseUntil }
    await write(tx, { deed, part, request })
  }
  const alarm = await getAlarm(tx, { scope, id })
  if (!alarm) throw new HubError('INTERNAL', 'an alarm that was just changed is gone', { id })
  return { ok: true, alarm }
}

async function write(
  tx: Tx,
  {
    deed,
    part,
    request,
  }: {
    deed: Parameters<typeof effectOf>[0]
    part: Exclude<Part, { refused: string } | { isSame: true }>
    request: HandleRequest
  },
): Promise<void> {
  const { action, incident, now: at, by } = deed
  const { change, entry, closed } = effectOf(deed)
  if (!(await changeIncident(tx, incident, change))) throw new Moved()
  await part.write?.()
  if (entry) {
    const detail = { ...entry.detail, ...saidWith(request), ...part.detail }
    const done: NewEntry = { incidentId: incident.id, kind: entry.kind, at, by, detail }
    await appendTimeline(tx, closed ? [done, closed] : [done])
  }
  await trackAction(tx, { action, incident, at })
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

/** What the person gave along, as far as the action has a place for it. */
const saidWith = ({ action, text, seenSeq, mark }: HandleRequest) => ({
  text: text?.trim() || undefined,
  ...(action === 'resolve' && { seenSeq }),
  ...(action === 'close' && { mark, seenSeq }),
})

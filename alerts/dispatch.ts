// What whoever was sent reports, and the desk that calls them off: one transaction, which moves the dispatch and with
// it the alarm. An alarm to which nobody is coming any more does not look like one to which somebody is.

import { type RawBuilder, sql } from 'kysely'
import type { DispatchAction, DispatchOrder } from '../model/dispatch.ts'
import { HubError } from '../model/error.ts'
import type { Clock } from '../model/time.ts'
import { changeIncident, type Incident, incidentInScope } from '../records/casework.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import {
  changeDispatches,
  getOrder,
  pendingDispatches,
  type StoredDispatch,
  storedDispatch,
} from '../records/dispatches.ts'
import { appendTimeline } from '../records/entries.ts'
import { getAlarm } from '../records/incidents.ts'
import type { Scope } from '../records/scope.ts'
import { type DispatchMove, moveOf, type Reporter } from './dispatch-moves.ts'
import { disown, type Effect, progress } from './effect.ts'
import { urgentClock } from './escalate.ts'
import { LEASE_MS } from './lease.ts'
import { type Actor, HUB, transition } from './lifecycle.ts'

const TRIES = 10

export type DispatchReport = {
  /** Of the dispatch. */
  id: string
  action: DispatchAction
  by: Actor & { name: string }
  scope: Scope
  /** What they say along with it. */
  text?: string | undefined
}

export type Reported =
  | { ok: true; dispatch: DispatchOrder }
  /** Somebody else owns the alarm. */
  | { ok: false; code: 'ALARM_TAKEN'; owner: { id: string; name: string } }
  | { ok: false; code: 'NOT_FOUND' | 'FORBIDDEN' | 'CONFLICT'; detail: string }

/** Takes one report. @throws HubError UNAVAILABLE when the alarm keeps changing underneath. */
export async function reportDispatch(
  { records, clock }: { records: Records; clock: Clock },
  report: DispatchReport,
): Promise<Reported> {
  for (let tries = 0; tries < TRIES; tries++) {
    const leaseUntil = sql<number>`${records.now()} + ${LEASE_MS}`
    const reported = await writeDesk(records, tx => take(tx, { report, now: clock.now(), leaseUntil }))
    if (reported === 'moved') continue
    if (reported.ok) records.nudge.publish('feed')
    return reported
  }
  throw new HubError('UNAVAILABLE', 'the alarm keeps changing, try again', { id: report.id })
}

type Attempt = { report: DispatchReport; now: number; leaseUntil: RawBuilder<number> }

async function take(tx: Tx, attempt: Attempt): Promise<Reported | 'moved'> {
  const { report, now } = attempt
  const { id, action, by, scope } = report
  const dispatch = await storedDispatch(tx, id)
  const incident = dispatch && (await incidentInScope(tx, { id: dispatch.incidentId, scope }))
  const isOthers = by.role === 'responder' && dispatch?.responderId !== by.userId
  if (!dispatch || !incident || isOthers)
    return { ok: false, code: 'NOT_FOUND', detail: `there is no dispatch ${id}` }

  const move = moveOf(dispatch.state, action, reportersOf(by, { dispatch, incident }))
  if (move !== 'same' && 'refused' in move)
    return refusal(tx, { refused: move.refused, report, dispatch, incident })
  if (move !== 'same') {
    const text = report.text?.trim() || undefined
    const { change, detail = {}, closed } = await effectOn(tx, { ...attempt, dispatch, incident, move })
    if (!(await changeIncident(tx, incident, change))) return 'moved'
    await changeDispatches(tx, [id], {
      state: move.to,
      [move.time]: now,
      ...(text !== undefined && { reply: text }),
    })
    const responder = dispatch.responderId === null ? undefined : { id: dispatch.responderId }
    const entry = {
      incidentId: incident.id,
      kind: move.entry,
      at: now,
      by: by.userId,
      detail: { dispatchId: id, responder, text, ...detail },
    }
    await appendTimeline(tx, closed ? [entry, closed] : [entry])
  }
  const order = await getOrder(tx, id)
  if (!order) throw new HubError('INTERNAL', 'a dispatch that was just changed is gone', { id })
  return { ok: true, dispatch: order }
}

/** An administrator may do what a supervisor may. */
function reportersOf(
  { userId, role }: Actor,
  { dispatch, incident }: { dispatch: StoredDispatch; incident: Incident },
): Reporter[] {
  const who: Reporter[] = []
  if (dispatch.responderId === userId) who.push('responder')
  if (incident.ownerId === userId) who.push('owner')
  if (role === 'supervisor' || role === 'admin') who.push('supervisor')
  return who
}

async function refusal(
  tx: Tx,
  {
    refused,
    report,
    dispatch,
    incident,
  }: { refused: 'role' | 'state'; report: DispatchReport; dispatch: StoredDispatch; incident: Incident },
): Promise<Reported> {
  const { action, by, scope } = report
  if (refused === 'state')
    return { ok: false, code: 'CONFLICT', detail: `this dispatch is ${dispatch.state} already` }
  if (by.role === 'responder')
    return { ok: false, code: 'FORBIDDEN', detail: `whoever was sent does not ${action} themselves` }
  const owner = (await getAlarm(tx, { scope, id: incident.id }))?.owner
  if (owner && owner.id !== by.userId) return { ok: false, code: 'ALARM_TAKEN', owner }
  return { ok: false, code: 'CONFLICT', detail: 'accept the alarm first: nobody has it' }
}

type Given = Attempt & { dispatch: StoredDispatch; incident: Incident; move: DispatchMove }
type OnAlarm = Pick<Effect, 'change' | 'closed'> & { detail?: Record<string, unknown> }

async function effectOn(tx: Tx, given: Given): Promise<OnAlarm> {
  const { report, now, leaseUntil, incident, move, dispatch } = given
  const by = report.by.userId
  const same = { state: incident.state, ownerId: incident.ownerId }
  if (move.to === 'declined' || move.to === 'called_off') {
    const pending = await pendingDispatches(tx, incident.id)
    const isLast = pending.every(({ id }) => id === dispatch.id)
    const allowed = transition(incident, 'nobody_comes', HUB)
    if (isLast && !('refused' in allowed)) return nobodyComes(incident, { state: allowed.state, now })
    return progress({ by, incident, allowed: same, now, leaseUntil }, move.entry)
  }
  const arrived = move.to === 'arrived' ? transition(incident, 'arrive', report.by) : same
  const allowed = 'refused' in arrived ? same : arrived
  return progress({ by, incident, allowed, now, leaseUntil }, move.entry)
}

/**
 * That nobody comes is no progress: the owner's clock goes on as it stands. With an owner who is gone as well, the
 * next step is due at once.
 */
function nobodyComes(incident: Incident, { state, now }: { state: Incident['state']; now: number }): OnAlarm {
  const { ownerId } = incident
  const detail = { back: state }
  if (ownerId !== null) return { change: { state }, detail }
  const allowed = { state, ownerId }
  return { ...disown(incident, { allowed, clock: unowned => urgentClock(unowned, now), now }), detail }
}

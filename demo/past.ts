// Lives a plan through, before the hub begins: each deed by the very code that does it live, at the time at which it was
// done. So figures, files and timelines of the demo are what they would be had somebody been there.

import { applyFindings } from '../alerts/apply.ts'
import { openCallDesk } from '../alerts/calls.ts'
import { type AlarmDesk, openAlarmDesk } from '../alerts/desk.ts'
import type { HandleRequest } from '../alerts/handle.ts'
import { HubError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import { OPEN_STATES } from '../model/incident.ts'
import { epochMs } from '../model/units.ts'
import { lastSeq, type Records, writeDesk } from '../records/db.ts'
import { dispatchesOf } from '../records/dispatches.ts'
import { type Scope, WHOLE_HUB } from '../records/scope.ts'
import type { Household } from '../simulators/district/household.ts'
import { OPERATORS, RESPONDERS, SWITCH } from './accounts.ts'
import type { PastAlarm, PastCall, PastPlan } from './plan.ts'

/** Between two findings of one key. */
const AGAIN_MS = 12_000
const SEEN_AGAIN_MS = 5_000

type Deed = { at: number; does(): Promise<void> }
type Ground = {
  records: Records
  desk: AlarmDesk
  now: () => number
  households: readonly Household[]
  areaId: string
  scope: Scope
}

/** @throws HubError INTERNAL when the plan asks for something that cannot be done. */
export async function livePast(
  records: Records,
  { plan, ...where }: { plan: PastPlan; households: readonly Household[]; areaId: string; scope: Scope },
): Promise<void> {
  let now = 0
  const clock = { now: () => epochMs(now) }
  const ground: Ground = { records, desk: openAlarmDesk({ records, clock }), now: () => now, ...where }
  const calls = openCallDesk({ records, clock })
  const deeds = [
    ...plan.alarms.flatMap(alarm => deedsOf(ground, alarm)),
    ...plan.calls.flatMap((call, index) => deedsOfCall({ ...ground, calls }, call, index)),
  ].sort((a, b) => a.at - b.at)
  for (const { at, does } of deeds) {
    now = at
    await does()
  }
}

function deedsOf(ground: Ground, alarm: PastAlarm): Deed[] {
  const { at, elder, times, endsAfterMs, work } = alarm
  const household = ground.households[elder]
  if (!household) return []
  let id = ''
  const said = Array.from({ length: times }, (_, turn) => at + turn * AGAIN_MS)
  const raised = said.map(
    (when, turn): Deed => ({
      at: when,
      async does() {
        await take(ground, findingOf(household, alarm, when))
        if (turn === 0) id = await openAlarmOf(ground, household)
      },
    }),
  )
  if (endsAfterMs !== undefined) {
    const over = at + endsAfterMs
    const ended = { ...findingOf(household, alarm, over), ended: true as const }
    raised.push({ at: over, does: () => take(ground, ended) })
  }
  if (!work) return raised
  const later = said.filter(when => when > at + work.answeredMs).map(when => when - at + SEEN_AGAIN_MS)
  return [...raised, ...deedsOfWork(ground, { from: at, work, later, id: () => id })]
}

type Worked = {
  from: number
  work: NonNullable<PastAlarm['work']>
  /** When the owner says that they have seen what joined. */
  later: readonly number[]
  id: () => string
}

function deedsOfWork(ground: Ground, { from, work, later, id }: Worked): Deed[] {
  const operator = OPERATORS[work.operator % OPERATORS.length] ?? OPERATORS[0]
  const by = { userId: operator.id, name: operator.name, role: operator.role }
  const act = (
    afterMs: number,
    action: HandleRequest['action'],
    rest: Partial<HandleRequest> = {},
  ): Deed => ({
    at: from + afterMs,
    async does() {
      // What joined meanwhile is on the screen of whoever resolves it.
      const seenSeq = await lastSeq(ground.records.db, 'feed')
      const done = await ground.desk.handle({ id: id(), action, by, scope: ground.scope, seenSeq, ...rest })
      if (!done.ok) throw new HubError('INTERNAL', `the demo's past: ${action} was refused`, { ...done })
    },
  })
  const { sent, closed } = work
  return [
    act(work.answeredMs, 'accept'),
    ...later.map(afterMs => act(afterMs, 'accept')),
    act(work.calledMs, 'call', { whom: 'elder', outcome: sent ? 'no_answer' : 'reached' }),
    ...(sent ? deedsOfSent(ground, { from, sent, id, act }) : []),
    act(work.resolvedMs, 'resolve', { disposition: work.disposition }),
    ...(closed ? [act(work.resolvedMs + closed.afterMs, 'close', { mark: closed.mark })] : []),
  ]
}

type Sent = {
  from: number
  sent: NonNullable<Worked['work']['sent']>
  id: () => string
  act: (afterMs: number, action: 'dispatch', rest: Partial<HandleRequest>) => Deed
}

function deedsOfSent(ground: Ground, { from, sent, id, act }: Sent): Deed[] {
  const responder = RESPONDERS[sent.responder % RESPONDERS.length] ?? RESPONDERS[0]
  const by = { userId: responder.id, name: responder.name, role: responder.role }
  const report = (afterMs: number, action: 'on_the_way' | 'arrive'): Deed => ({
    at: from + afterMs,
    async does() {
      const dispatches = await dispatchesOf(ground.records.db, id())
      const dispatch = dispatches.find(one => one.responder?.id === responder.id)
      const done =
        dispatch && (await ground.desk.report({ id: dispatch.id, action, by, scope: ground.scope }))
      if (!done?.ok) throw new HubError('INTERNAL', `the demo's past: ${action} was refused`, { ...done })
    },
  })
  return [
    act(sent.askedMs, 'dispatch', { responderId: responder.id, note: '请上门查看' }),
    report(sent.onTheWayMs, 'on_the_way'),
    report(sent.arrivedMs, 'arrive'),
  ]
}

function deedsOfCall(
  { households, areaId, scope, calls }: Ground & { calls: ReturnType<typeof openCallDesk> },
  { at, elder, operator, answeredMs, endedMs }: PastCall,
  index: number,
): Deed[] {
  const from = households[elder]?.resident.phone
  const by = { accountId: SWITCH.id, areaId, scope }
  const who = OPERATORS[operator % OPERATORS.length] ?? OPERATORS[0]
  const callId = `past-${index}`
  const report = (
    afterMs: number,
    told: { state: 'ringing' | 'answered' | 'ended' | 'missed'; operator?: string },
  ) => ({
    at: at + afterMs,
    async does() {
      await calls.report({ callId, from, at: at + afterMs, ...told }, by)
    },
  })
  if (answeredMs === undefined) return [report(0, { state: 'ringing' }), report(endedMs, { state: 'missed' })]
  return [
    report(0, { state: 'ringing' }),
    report(answeredMs, { state: 'answered', operator: who.username }),
    report(endedMs, { state: 'ended' }),
  ]
}

function findingOf(
  { device, resident, zone }: Household,
  { kind, severity, evidence }: PastAlarm,
  at: number,
): Finding {
  const named = kind === 'zone_exit' ? { zoneId: zone.id, zoneName: zone.name } : {}
  return {
    id: newId('past'),
    kind,
    severity,
    deviceId: device.id,
    residentId: resident.id,
    at,
    receivedAt: at,
    lateMs: 0,
    evidence: { ...named, ...evidence },
  }
}

const take = async ({ records, now }: Ground, finding: Finding): Promise<void> => {
  await writeDesk(records, tx => applyFindings(tx, [finding], now()))
}

async function openAlarmOf({ records }: Ground, { resident }: Household): Promise<string> {
  const row = await records.db
    .selectFrom('incidents')
    .select('id')
    .where('subjectId', '=', resident.id)
    .where('state', 'in', OPEN_STATES)
    .orderBy('raisedAt', 'desc')
    .executeTakeFirstOrThrow()
  return row.id
}

export const PAST_SCOPE = WHOLE_HUB

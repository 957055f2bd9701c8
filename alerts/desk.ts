// The desk as the gateway uses it: everything that people do, over one set of records.

import type { Metrics } from '../model/metrics.ts'
import type { Presence, PresenceChange } from '../model/presence.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { keepPresent, listPresence, sayPresence } from '../records/presence.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { type DispatchReport, type Reported, reportDispatch } from './dispatch.ts'
import { type Handled, type HandleRequest, handleAlarm } from './handle.ts'
import { LEASE_MS, renewLeases } from './lease.ts'
import { type HandOver, handOverShift, type ShiftDone, takeShift } from './shift.ts'
import { createTurns } from './turns.ts'

export type AlarmDesk = {
  /** Does one action of a person on an alarm. */
  handle(request: HandleRequest): Promise<Handled>
  /** Takes what whoever was sent reports. */
  report(report: DispatchReport): Promise<Reported>
  handOver(shift: HandOver): Promise<ShiftDone>
  takeShift(request: Omit<HandOver, 'toUserId' | 'text'> & { id: string }): Promise<ShiftDone>
  /** Notes what somebody says of themselves; returns how that looks to others, undefined when they have no desk. */
  say(userId: string, change: PresenceChange): Promise<Presence | undefined>
  /** These users have a live connection: they are there, and what they own stays theirs. */
  renewLeases(userIds: readonly string[]): Promise<void>
}

export function openAlarmDesk(deps: { records: Records; clock: Clock; metrics?: Metrics }): AlarmDesk {
  const { records, clock } = deps
  const inTurn = createTurns()
  return {
    handle: request =>
      // Many reach for the same alarm in the moment in which it sounds.
      request.action === 'accept'
        ? inTurn(request.id, () => handleAlarm(deps, request))
        : handleAlarm(deps, request),
    report: report => reportDispatch(deps, report),
    handOver: shift => handOverShift(deps, shift),
    takeShift: request => takeShift(deps, request),
    async say(userId, change) {
      const { status } = change
      const reason = change.status === 'pause' ? change.reason : null
      await sayPresence(records, { userId, status, reason, at: clock.now() })
      records.nudge.publish('presence')
      const [row] = await listPresence(records, records.db, { scope: WHOLE_HUB, userId })
      return row?.presence
    },
    async renewLeases(userIds) {
      // What they own first: to be seen is worth less than to keep an alarm.
      await renewLeases(records, userIds)
      await keepPresent(records, { userIds, byMs: LEASE_MS, at: clock.now() })
    },
  }
}

// What the gateway asks of `alerts`: passed in, so that a route can be tried without a whole desk behind it.

import type { Action } from '../alerts/lifecycle.ts'
import type { Alarm, Disposition, IncidentState } from '../model/incident.ts'
import type { Role } from '../model/user.ts'
import type { Scope } from '../records/scope.ts'

/** One action of a person on an alarm. */
export type AlarmCommand = {
  id: string
  action: Action
  by: { userId: string; name: string; role: Role }
  scope: Scope
  /** The newest place that the person had on the screen. */
  seenSeq?: number | undefined
  text?: string | undefined
  disposition?: Disposition | undefined
  /** Satisfaction with the help, at the follow-up call. */
  mark?: number | undefined
}

export type AlarmOutcome =
  | { ok: true; alarm: Alarm }
  | { ok: false; code: 'ALARM_TAKEN'; owner: { id: string; name: string } }
  | { ok: false; code: 'ALARM_STATE'; state: IncidentState }
  | { ok: false; code: 'ALARM_CHANGED'; seq: number }
  | { ok: false; code: 'NOT_FOUND' | 'FORBIDDEN' | 'BAD_REQUEST'; detail: string }

export type AlarmDesk = {
  handle(command: AlarmCommand): Promise<AlarmOutcome>
  /** These users have a live connection: what they own stays theirs. */
  renewLeases(userIds: readonly string[]): Promise<void>
}

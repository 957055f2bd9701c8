// What an operator does, as calls: each asks the hub, and puts its answer on the desk. The feed says the same
// a moment later; the newest word stands, whichever comes first.

import type { Action, Alarm } from '../../model/incident.ts'
import type { Problem } from '../shell/http.ts'
import type { ActionBody, Alarms } from './alarms.ts'
import type { DeskStore } from './desk.ts'

export type Actions = {
  /** Opens the file beside the queue, or reads the open one again. */
  open(id: string): Promise<void>
  /** Reads the file that is open anew, and changes nothing of what is on the screen meanwhile. */
  read(id: string): Promise<void>
  /** The problem, when the hub refused. After a refusal about its state the file is read again. */
  act(alarm: Alarm, action: Action, body?: ActionBody): Promise<Problem | undefined>
  /** "I see it": answers what joined in an alarm of one's own. */
  acknowledge(alarm: Alarm): Promise<Problem | undefined>
}

/** These show more than looking does: the file is read again after them. */
const OPENS_FILE: ReadonlySet<Action> = new Set(['accept', 'takeover', 'reopen'])

const STATE_REFUSALS: ReadonlySet<Problem['code']> = new Set(['ALARM_TAKEN', 'ALARM_STATE', 'ALARM_CHANGED'])

export function createActions({ alarms, store }: { alarms: Alarms; store: DeskStore }): Actions {
  async function open(id: string): Promise<void> {
    store.happened({ type: 'opened', id })
    await read(id)
  }

  async function read(id: string): Promise<void> {
    const answer = await alarms.file(id)
    if (!answer.ok) return store.happened({ type: 'fileFailed', id, problem: answer.problem })
    store.happened({ type: 'fileLoaded', file: answer.value })
    store.happened({ type: 'alarm', alarm: answer.value.alarm })
  }

  async function act(alarm: Alarm, action: Action, body?: ActionBody): Promise<Problem | undefined> {
    const answer = await alarms.act(alarm.id, action, body)
    if (answer.ok) {
      store.happened({ type: 'alarm', alarm: answer.value })
      if (OPENS_FILE.has(action)) await open(alarm.id)
      return undefined
    }
    if (STATE_REFUSALS.has(answer.problem.code)) await open(alarm.id)
    return answer.problem
  }

  return {
    open,
    read,
    act,
    async acknowledge(alarm) {
      const problem = await act(alarm, 'accept')
      if (problem) return problem
      store.happened({ type: 'acknowledged', id: alarm.id, alertedAt: alarm.alertedAt })
      return undefined
    },
  }
}

// What an operator does, as calls: each asks the hub, and puts its answer on the desk. The feed says the same
// a moment later; the newest word stands, whichever comes first.

import type { AlarmDispatch, WorkBody } from '../../model/alarm-deeds.ts'
import type { DispatchAction } from '../../model/dispatch.ts'
import type { Action, Alarm, Work } from '../../model/incident.ts'
import type { Answer, Problem } from '../shell/http.ts'
import type { Alarms } from './alarms.ts'
import type { DeskStore } from './desk.ts'

export type Actions = {
  /** Opens the file beside the queue, or reads the open one again. */
  open(id: string): Promise<void>
  /** Reads the file that is open anew, and changes nothing of what is on the screen meanwhile. */
  read(id: string): Promise<void>
  /** The problem, when the hub refused. After a refusal about its state the file is read again. */
  act(alarm: Alarm, action: Action, body?: AlarmDispatch): Promise<Problem | undefined>
  /** Writes down what is done on the way: a call, a step, a service that takes over. */
  note<W extends Work>(alarm: Alarm, work: W, body: WorkBody<W>): Promise<Problem | undefined>
  /** Writes down what somebody who was sent says. */
  report(alarm: Alarm, dispatchId: string, action: DispatchAction): Promise<Problem | undefined>
  takeCall(id: string, residentId?: string): Promise<Problem | undefined>
  /** Raises an emergency that somebody calls in, and opens its file. */
  raiseFromCall(id: string, about: { residentId?: string | null }): Promise<Problem | undefined>
  /** "I see it": answers what joined in an alarm of one's own. */
  acknowledge(alarm: Alarm): Promise<Problem | undefined>
}

/** These show more than looking does: the file is read again after them. */
const OPENS_FILE: ReadonlySet<Action> = new Set(['accept', 'takeover', 'reopen'])

const STATE_REFUSALS: ReadonlySet<Problem['code']> = new Set([
  'ALARM_TAKEN',
  'ALARM_STATE',
  'ALARM_CHANGED',
  'CONFLICT',
])

/** An alarm to which something happens all the time is shown as it was a moment ago. */
const READ_TRIES = 3

export function createActions({ alarms, store }: { alarms: Alarms; store: DeskStore }): Actions {
  const { work } = alarms
  /** Files that are being read, and whether that has to be done once more. */
  const asked = new Map<string, boolean>()

  async function open(id: string): Promise<void> {
    store.happened({ type: 'opened', id })
    await readOnce(id)
  }

  async function read(id: string): Promise<void> {
    for (let tries = 0; tries < READ_TRIES; tries++) {
      const answer = await alarms.file(id)
      if (!answer.ok) return store.happened({ type: 'fileFailed', id, problem: answer.problem })
      store.happened({ type: 'fileLoaded', file: answer.value })
      store.happened({ type: 'alarm', alarm: answer.value.alarm })
      // What the feed has told meanwhile is not in it.
      const newest = store.get().board.alarms.get(id)
      if (!newest || newest.seq <= answer.value.alarm.seq) return
    }
  }

  /** The same as `read`; of many that ask at once, the last one counts. */
  async function readOnce(id: string): Promise<void> {
    asked.set(id, asked.has(id))
    if (asked.get(id)) return
    do {
      asked.set(id, false)
      await read(id)
    } while (asked.get(id))
    asked.delete(id)
  }

  async function act(alarm: Alarm, action: Action, body?: AlarmDispatch): Promise<Problem | undefined> {
    const answer = await alarms.act(alarm.id, action, body)
    if (answer.ok) {
      store.happened({ type: 'alarm', alarm: answer.value })
      if (OPENS_FILE.has(action)) await open(alarm.id)
      return undefined
    }
    if (STATE_REFUSALS.has(answer.problem.code)) await open(alarm.id)
    return answer.problem
  }

  /** What changes the file beside the alarm is shown as soon as it is done. */
  async function after<T>(alarm: Alarm, answer: Answer<T>): Promise<Problem | undefined> {
    if (answer.ok || STATE_REFUSALS.has(answer.problem.code)) await readOnce(alarm.id)
    return answer.ok ? undefined : answer.problem
  }

  return {
    open,
    read: readOnce,
    act,
    note: async (alarm, kind, body) => after(alarm, await work.note(alarm.id, kind, body)),
    report: async (alarm, id, action) => after(alarm, await work.report(id, action)),
    async takeCall(id, residentId) {
      const answer = await work.takeCall(id, residentId)
      if (!answer.ok) return answer.problem
      store.happened({ type: 'callTaken', seen: answer.value })
      return undefined
    },
    async raiseFromCall(id, about) {
      const answer = await work.raiseFromCall(id, about)
      if (!answer.ok) return answer.problem
      store.happened({ type: 'alarm', alarm: answer.value })
      await open(answer.value.id)
      return undefined
    },
    async acknowledge(alarm) {
      const problem = await act(alarm, 'accept')
      if (problem) return problem
      store.happened({ type: 'acknowledged', id: alarm.id, alertedAt: alarm.alertedAt })
      return undefined
    },
  }
}

// The three lists of the desk, sorted once for each state of the board. Pure.

import type { Alarm } from '../../model/incident.ts'
import { byUrgency, needsSomebody } from './queue.ts'

export type Queues = {
  emergency: readonly Alarm[]
  service: readonly Alarm[]
  technical: readonly Alarm[]
  /** Of all lists, how many need somebody. */
  waiting: number
}

export function queuesOf(alarms: Iterable<Alarm>): Queues {
  const lists: Record<Alarm['class'], Alarm[]> = { emergency: [], service: [], technical: [] }
  let waiting = 0
  for (const alarm of alarms) {
    lists[alarm.class].push(alarm)
    if (needsSomebody(alarm)) waiting += 1
  }
  for (const list of Object.values(lists)) list.sort(byUrgency)
  return { ...lists, waiting }
}

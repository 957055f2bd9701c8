// The three lists of the desk, sorted: once in whole, and then only what has changed. Pure in what they answer.

import type { Alarm } from '../../model/incident.ts'
import { byUrgency, needsSomebody } from './queue.ts'

export type Queues = {
  emergency: readonly Alarm[]
  service: readonly Alarm[]
  technical: readonly Alarm[]
  /** Of all lists, how many need somebody. */
  waiting: number
}

type Known = { alarms: ReadonlyMap<string, Alarm>; queues: Queues }

const NOTHING: Known = {
  alarms: new Map(),
  queues: { emergency: [], service: [], technical: [], waiting: 0 },
}

/**
 * Remembers what it sorted last: in thousands of alarms a few have changed, and the others are in order. A list in which
 * nothing has changed stays the same list.
 */
export function createQueues(): (alarms: ReadonlyMap<string, Alarm>) => Queues {
  let known = NOTHING
  return alarms => {
    if (alarms !== known.alarms) known = { alarms, queues: queuesAfter(known, alarms) }
    return known.queues
  }
}

function queuesAfter({ alarms: before, queues }: Known, alarms: ReadonlyMap<string, Alarm>): Queues {
  const changed: Record<Alarm['class'], Alarm[]> = { emergency: [], service: [], technical: [] }
  let waiting = 0
  for (const alarm of alarms.values()) {
    if (before.get(alarm.id) !== alarm) changed[alarm.class].push(alarm)
    if (needsSomebody(alarm)) waiting += 1
  }
  const listOf = (name: Alarm['class']) => {
    const stays = queues[name].filter(alarm => alarms.get(alarm.id) === alarm)
    const isSame = stays.length === queues[name].length && changed[name].length === 0
    return isSame ? queues[name] : merged(stays, changed[name].sort(byUrgency))
  }
  return {
    emergency: listOf('emergency'),
    service: listOf('service'),
    technical: listOf('technical'),
    waiting,
  }
}

/** Two lists that are in order, as one. */
function merged(a: readonly Alarm[], b: readonly Alarm[]): Alarm[] {
  const all: Alarm[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left && (!right || byUrgency(left, right) <= 0)) {
      all.push(left)
      i += 1
    } else if (right) {
      all.push(right)
      j += 1
    }
  }
  return all
}

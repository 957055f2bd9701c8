// A technical alarm is a list of conditions (pure). Once none of them holds and nobody is on it, the hub closes it.

import type { Incident } from '../records/casework.ts'
import type { NewEntry } from '../records/entries.ts'
import { NO_CLOCK } from './escalate.ts'
import { HUB, transition } from './lifecycle.ts'

export type Closing = {
  change: Pick<Incident, 'state' | 'escalation' | 'escalateAt'>
  entry: NewEntry
}

/** How an incident that needs nobody is closed; null when it is none, or a person works on it. */
export function closeIfOver(incident: Incident, now: number): Closing | null {
  if (incident.conditions.length > 0) return null
  const allowed = transition(incident, 'condition_end', HUB)
  if ('refused' in allowed) return null
  const detail = { because: 'no_condition_left' }
  return {
    change: { state: allowed.state, ...NO_CLOCK },
    entry: { incidentId: incident.id, kind: 'closed', at: now, detail },
  }
}

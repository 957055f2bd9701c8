// A fall that the device itself noticed. The classifier of motion bursts is another rule, in another lane.

import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

export const fall: Rule<null> = {
  name: 'fall',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input) {
    if (input.type !== 'event' || input.event.kind !== 'fall') return undefined
    return { findings: [findingOfEvent(input, 'fall', 'critical')] }
  },
}

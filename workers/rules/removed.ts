// The band was taken off. Serious when the wearer is one who gets lost: without it nobody finds them.

import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

export const removed: Rule<null> = {
  name: 'removed',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input, context) {
    if (input.type !== 'event' || input.event.kind !== 'removed') return undefined
    return { findings: [findingOfEvent(input, 'removed', context.wandering ? 'high' : 'notice')] }
  },
}

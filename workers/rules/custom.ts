// An event that only its device knows the meaning of. A person must read its text, so it is no notice.

import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

export const custom: Rule<null> = {
  name: 'custom',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input) {
    if (input.type !== 'event' || input.event.kind !== 'custom') return undefined
    return { findings: [findingOfEvent(input, 'custom', 'high')] }
  },
}

// The green key. It goes to the service queue by its kind; it is high there because somebody waits for an answer.

import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

export const service: Rule<null> = {
  name: 'service',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input) {
    if (input.type !== 'event' || input.event.kind !== 'service') return undefined
    return { findings: [findingOfEvent(input, 'service', 'high')] }
  },
}

// The red key. Every press is a finding: an elder who presses again is not heard twice too often.

import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

export const sos: Rule<null> = {
  name: 'sos',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input) {
    if (input.type !== 'event' || input.event.kind !== 'sos') return undefined
    return { findings: [findingOfEvent(input, 'sos', 'critical')] }
  },
}

// The wearer takes an alarm back. It lowers nothing by itself: it is told to the operator, who confirms.

import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

export const cancel: Rule<null> = {
  name: 'cancel',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input) {
    if (input.type !== 'event' || input.event.kind !== 'cancel') return undefined
    return { findings: [findingOfEvent(input, 'cancel', 'notice')] }
  },
}

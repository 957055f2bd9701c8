// An event that could not be understood: it may have been a call for help, so a person reads what arrived.

import type { Rule } from '../rule.ts'

export const unreadable: Rule<null> = {
  name: 'unreadable',
  version: 1,
  ticks: false,
  start: () => null,
  step(_state, input) {
    if (input.type !== 'unreadable') return undefined
    const { at, lateMs, bytesHash, reason, raw } = input
    const evidence = { reason, raw }
    return { findings: [{ kind: 'unreadable_event', severity: 'high', at, lateMs, evidence, bytesHash }] }
  },
}

// The device says that it goes off: from then on the elder is without it, until it is heard of again.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { storedUnlessNull } from '../bits.ts'
import type { Rule } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

/** When it went off. */
type Off = { at: EpochMs }

/** One finding while it is off; the first sample measured after it ends it, one that was on the way does not. */
export const powerOff: Rule<Off | null> = {
  name: 'power_off',
  version: 2,
  older: [{ name: 'power_off', version: 1, migrate: stored => stored as Off }],
  storedAs: storedUnlessNull((bits, its) => ({ at: epochMs(bits.count(its?.at ?? 0, 41)) })),
  ticks: false,
  start: () => null,
  step(off, input) {
    if (input.type === 'event' && input.event.kind === 'power_off' && off === null) {
      return { state: { at: input.at }, findings: [findingOfEvent(input, 'power_off', 'notice')] }
    }
    if (input.type !== 'sample' || off === null || input.at <= off.at) return undefined
    const { at, lateMs } = input
    const evidence = { offForMs: at - off.at }
    return {
      state: null,
      findings: [{ kind: 'power_off', severity: 'notice', at, lateMs, evidence, ended: true }],
    }
  },
}

// Time passes, for every device of which a rule that waits knows something.

import type { StoredRecord } from '../broker/entry.ts'
import type { Finding } from '../model/finding.ts'
import type { Contexts } from './contexts.ts'
import type { FloodGate } from './flood.ts'
import type { Folded } from './folded.ts'
import { byDevice, type Found, findingOf } from './found.ts'
import type { Gaps } from './gaps.ts'
import { isAhead, type Progress } from './progress.ts'
import type { Input } from './rule.ts'
import { type RuleState, stepRule } from './rule-states.ts'

export type Ticking = {
  tick(record: StoredRecord, folded: Folded): void
}

/** Ticks for `ruleStates`; what they ask for on each of them is read here, before the first one. */
export function openTicking({
  progress,
  ruleStates,
  contexts,
  gaps,
  flood,
}: {
  progress: Progress
  ruleStates: readonly RuleState[]
  contexts: Contexts
  gaps: Gaps
  flood: FloodGate
}): Ticking {
  for (const { column } of ruleStates) {
    for (const device of column.holders()) {
      column.get(device)
      contexts.of(device)
    }
  }

  /** What a rule finds now, in an order that follows from the devices alone. */
  function foundBy(ruleState: RuleState, input: Input, folded: Folded): Found[] {
    const found: Found[] = []
    for (const device of ruleState.column.holders()) {
      if (isAhead(device, progress)) continue
      const context = contexts.of(device)
      for (const raised of stepRule(ruleState, { device, input, context, folded }))
        found.push({ device, raised, fault: undefined })
    }
    return found.sort(byDevice)
  }

  return {
    tick(record, folded) {
      const { now } = progress
      const gapMs = gaps.until(record)
      const input: Input = gapMs > 0 ? { type: 'tick', now, gapMs } : { type: 'tick', now }
      let ordinal = 0
      for (const ruleState of ruleStates) {
        for (const found of foundBy(ruleState, input, folded)) {
          const { residentId } = contexts.of(found.device)
          folded.findings.push(findingOf(found, { record, ordinal, residentId }))
          ordinal++
        }
      }
      // Held findings carry the id of their own record, so the order of devices is all that must be fixed.
      const held = flood.release(now, device => isAhead(device, progress))
      for (const finding of held.sort(byId)) folded.findings.push(finding)
    },
  }
}

const byId = (a: Finding, b: Finding): number => (a.id < b.id ? -1 : 1)

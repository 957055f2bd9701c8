// What a device has said, through every rule.

import type { StoredRecord } from '../broker/entry.ts'
import type { Contexts } from './contexts.ts'
import type { DeviceClocks } from './device-clock.ts'
import type { DeviceState } from './device-state.ts'
import type { FloodGate } from './flood.ts'
import type { Folded } from './folded.ts'
import { type Found, findingOf } from './found.ts'
import { corrected, faultOf, RAW_CHARS, readRecord } from './inputs.ts'
import type { Progress } from './progress.ts'
import type { ResendMemory } from './resend.ts'
import type { Input, Raised } from './rule.ts'
import { type RuleState, stepRules } from './rule-states.ts'

export type Hearing = {
  /** Folds a device's record. A message that this code cannot digest must not take the others of its entry along. */
  hear(device: DeviceState, record: StoredRecord, folded: Folded): void
}

export function openHearing({
  progress,
  ruleStates,
  contexts,
  clocks,
  resends,
  flood,
}: {
  progress: Progress
  ruleStates: readonly RuleState[]
  contexts: Contexts
  clocks: DeviceClocks
  resends: ResendMemory
  flood: FloodGate
}): Hearing {
  function digest(device: DeviceState, record: StoredRecord, folded: Folded): void {
    folded.records++
    const { inputs, ignored, reject } = readRecord(record, progress.now)
    for (let i = 0; i < ignored.length; i++) folded.ignored.push(ignored[i] as string)
    if (reject !== undefined) {
      const { receipt: receiptId, receivedAt, kind } = record
      folded.rejects.push({ receiptId, deviceId: device.id, receivedAt, kind, ...reject })
    }
    const behindMs = behindMsOf(device, inputs)
    let found: Found[] | undefined
    for (let i = 0; i < inputs.length; i++) {
      const read = inputs[i] as Input
      const input = behindMs === 0 ? read : corrected(read, behindMs)
      if (isResent(device, input)) {
        folded.resent++
        continue
      }
      const all = stepRules(ruleStates, { device, input, context: contexts.of(device), folded })
      for (let j = 0; j < all.length; j++) {
        found ??= []
        found.push({ device, raised: all[j] as Raised, fault: faultOf(read, record, behindMs) })
      }
    }
    if (found !== undefined) tell(found, record, folded)
  }

  /** Samples of a device whose clock is behind happened when they came, not hours ago; 0 when it is not. */
  function behindMsOf(device: DeviceState, inputs: readonly Input[]): number {
    let lateMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i] as Input
      if (input.type === 'sample' && input.lateMs < lateMs) lateMs = input.lateMs
    }
    return lateMs === Number.POSITIVE_INFINITY ? 0 : clocks.behindMs(device, lateMs, progress.now)
  }

  function isResent(device: DeviceState, input: Input): boolean {
    if (input.type !== 'event' || input.event.id === undefined) return false
    const { id: eventId, kind, ts } = input.event
    return resends.isResent({ device, kind, eventId, ts, now: progress.now })
  }

  /** What was found on a device's message. A flood of events is held back. */
  function tell(found: readonly Found[], record: StoredRecord, folded: Folded): void {
    for (let ordinal = 0; ordinal < found.length; ordinal++) {
      const one = found[ordinal] as Found
      const { residentId } = contexts.of(one.device)
      const finding = findingOf(one, { record, ordinal, residentId })
      const passed = record.kind === 'event' ? flood.pass(one.device, finding, progress.now) : finding
      if (passed) folded.findings.push(passed)
    }
  }

  /** An event that was not digested is for a person to read. */
  function tellUndigested(device: DeviceState, record: StoredRecord, folded: Folded): void {
    const { receivedAt: at, text } = record
    const evidence = { reason: 'not_digested', raw: text.slice(0, RAW_CHARS) }
    const raised: Raised = { kind: 'unreadable_event', severity: 'high', at, lateMs: 0, evidence }
    const { residentId } = contexts.of(device)
    folded.findings.push(findingOf({ device, raised, fault: undefined }, { record, ordinal: 0, residentId }))
  }

  return {
    hear(device, record, folded) {
      try {
        digest(device, record, folded)
      } catch (error) {
        folded.ruleErrors.push({ rule: 'fold', deviceId: device.id, error })
        if (record.kind === 'event') tellUndigested(device, record, folded)
      }
    },
  }
}

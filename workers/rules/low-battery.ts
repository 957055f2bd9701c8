// The battery runs low: one notice a discharge, from the device's event or from the level that it reports.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { storedUnlessNull } from '../bits.ts'
import { type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'
import { findingOfEvent } from './event-finding.ts'

/** The hub's own choice: a bracelet that lasts for days has about half a day left. */
export const LOW_AT_PERCENT = 20

/** The hub's own choice: apart enough from the other that a cold or resting battery does not swing between. */
export const CHARGED_AT_PERCENT = 30

/** Since when it has been low. */
type Low = { at: EpochMs }

type SampleInput = Extract<Input, { type: 'sample' }>

export const lowBattery: Rule<Low | null> = {
  name: 'low_battery',
  version: 2,
  older: [{ name: 'low_battery', version: 1, migrate: stored => stored as Low }],
  storedAs: storedUnlessNull((bits, its) => ({ at: epochMs(bits.count(its?.at ?? 0, 41)) })),
  ticks: false,
  start: () => null,
  step(low, input) {
    if (input.type === 'sample') return onSample(low, input)
    if (input.type !== 'event' || input.event.kind !== 'low_battery' || low !== null) return undefined
    return { state: { at: input.at }, findings: [findingOfEvent(input, 'low_battery', 'notice')] }
  },
}

function onSample(low: Low | null, input: SampleInput): Step<Low | null> | undefined {
  const { battery } = input.sample
  if (battery === undefined) return undefined
  if (low === null) {
    if (battery > LOW_AT_PERCENT || input.lateMs > STALE_MS) return undefined
    return {
      state: { at: input.at },
      findings: [noticeOf(input, { batteryPercent: battery, limitPercent: LOW_AT_PERCENT })],
    }
  }
  // A level measured before it ran low says nothing about a charger.
  if (battery < CHARGED_AT_PERCENT || input.at <= low.at) return undefined
  const evidence = { batteryPercent: battery, limitPercent: CHARGED_AT_PERCENT }
  return { state: null, findings: [{ ...noticeOf(input, evidence), ended: true }] }
}

const noticeOf = ({ at, lateMs }: SampleInput, evidence: Record<string, unknown>): Raised => ({
  kind: 'low_battery',
  severity: 'notice',
  at,
  lateMs,
  evidence,
})

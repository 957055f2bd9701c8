// What folding entries gives.

import type { Finding } from '../model/finding.ts'
import type { Unreadable } from '../model/parse.ts'
import type { RuleError } from './rule-states.ts'

/** A message that was not understood, as it is kept for inspection. */
export type Reject = {
  receiptId: string
  deviceId: string
  receivedAt: number
  kind: string
  reason: Unreadable
  raw: string
}

/** Everything but the findings is for logs, metrics and inspection. */
export type Folded = {
  /** Messages of devices. */
  records: number
  findings: Finding[]
  rejects: Reject[]
  resent: number
  ignored: string[]
  ruleErrors: RuleError[]
}

export const emptyFolded = (): Folded => ({
  records: 0,
  findings: [],
  rejects: [],
  resent: 0,
  ignored: [],
  ruleErrors: [],
})

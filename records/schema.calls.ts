// The table of calls, as the switch reports them.

import type { CallDirection } from '../model/call.ts'

/** Texts and numbers are personal: they stand here and nowhere else. */
export type CallsTable = {
  id: string
  /** The account of the switch, to which its own ids are unique. */
  accountId: string
  callId: string
  direction: CallDirection
  /** The area of the switch. */
  areaId: string
  fromText: string | null
  toText: string | null
  /** Of whoever is outside, in one form (model/phone.ts). */
  number: string | null
  /** When it began, as far as is known; the others when that was reported to have happened. */
  startedAt: number
  ringingAt: number | null
  answeredAt: number | null
  endedAt: number | null
  missedAt: number | null
  /** When a report of it, or somebody of the desk, changed it last. */
  changedAt: number
  ownerId: string | null
  /** Whom it is about, once that is certain, and on which timeline it stands. */
  residentId: string | null
  incidentId: string | null
  recordingUrl: string | null
}

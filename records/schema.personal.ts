// The tables of what elders agreed to, and of the erasure of what is kept of them; schema.ts says how columns are written.

import type { ConsentPurpose } from '../model/consent.ts'
import type { ErasureProblem, ErasureReason, ErasureState } from '../model/personal.ts'

export type PersonalTables = {
  /** It only grows: the database refuses anything else but that a name is erased. */
  consents: {
    residentId: string
    /** Of this elder, from 1. */
    seq: number
    purpose: ConsentPurpose
    state: 'given' | 'withdrawn'
    /** Who said it; of a guardian the name, and what they are to the elder. */
    by: 'elder' | 'guardian'
    byName: string | null
    relation: string | null
    how: 'paper' | 'phone' | 'app'
    textVersion: string
    saidAt: number
    recordedAt: number
    recordedBy: string
  }
  /** At most one of an elder. It stands before anything is erased, so that whoever dies in the middle is found. */
  erasures: {
    id: string
    residentId: string
    state: ErasureState
    reason: ErasureReason
    requestedBy: string
    requestedAt: number
    /** What they wore: `[{deviceId, from, to}]`, emptied when it is done. */
    spansJson: string
    /** Up to where the timelines of others were looked through for them. */
    scannedSeq: number
    /** When it goes on; null when it is done. */
    nextAt: number | null
    settleUntil: number
    erasedAt: number | null
    doneAt: number | null
    problem: ErasureProblem | null
  }
}

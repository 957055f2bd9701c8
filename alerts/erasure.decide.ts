// What comes after a pass of an erasure (pure).

import type { ErasureProblem } from '../model/personal.ts'
import type { ErasureChange, StoredErasure } from '../records/erasures.ts'

/** What could not be erased is tried again after this. */
export const AGAIN_MS = 60_000
/** While the archive has messages of before the request still to write. */
export const BEHIND_MS = 10_000
/** Then what wearables send of that time goes within this. */
export const SETTLE_EVERY_MS = 6 * 3_600_000

export type Passed = {
  /** All that could be found is erased. */
  isErased: boolean
  problem: ErasureProblem | null
  scannedSeq: number
  /** The archive has written all that was received before this pass was asked for. */
  isArchivePast: boolean
  /** It was the one that leaves nothing for later. */
  isLast: boolean
}

export function afterPass(
  { requestedAt, settleUntil, erasedAt }: Pick<StoredErasure, 'requestedAt' | 'settleUntil' | 'erasedAt'>,
  { isErased, problem, scannedSeq, isArchivePast, isLast }: Passed,
  now: number,
): ErasureChange {
  if (!isErased) return { problem, scannedSeq, nextAt: now + AGAIN_MS }
  if (isLast && problem === null)
    return { state: 'done', problem: null, scannedSeq, nextAt: null, doneAt: now, spansJson: '[]' }
  const settling = { state: 'settling', problem, scannedSeq, erasedAt: erasedAt ?? now } as const
  if (!isArchivePast) return { ...settling, nextAt: now + BEHIND_MS }
  const next = Math.max(now, requestedAt) + SETTLE_EVERY_MS
  return { ...settling, nextAt: now < settleUntil ? Math.min(next, settleUntil) : now + AGAIN_MS }
}

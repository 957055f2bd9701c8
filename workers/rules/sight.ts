// A fix seen against one edge that matters, and what it says: the edge of a fence, which is crossed on the way out
// (zone-exit.ts), or that of a danger zone, which is crossed on the way in (danger-zone.ts).

import type { Zone } from '../../model/zone.ts'
import { type Fix, isCoarse } from './fix.ts'

/**
 * `beyondM` are the metres past the edge, on the side where the elder should not be; negative on the other. Past
 * `sureM` the fix is taken at its word. `key` tells edges of one elder apart.
 */
export type Sight = { key: string; zone: Zone; beyondM: number; sureM: number }

/** On the right side by more than this many accuracies is surely there (docs/rules.md). */
export const BACK_ACCURACIES = 1

/**
 * `edge` is on the right side, but not surely; `unsure` the same on the wrong one. A coarse fix says `beyond` or
 * nothing.
 */
export type Verdict = 'beyond' | 'unsure' | 'edge' | 'back'

export function verdictOf({ beyondM, sureM }: Sight, fix: Fix): Verdict {
  if (beyondM > sureM) return 'beyond'
  if (beyondM > 0 || isCoarse(fix)) return 'unsure'
  return beyondM < -BACK_ACCURACIES * fix.accuracyM ? 'back' : 'edge'
}

/**
 * One fix suffices when it is this far past the edge and this accurate (docs/rules.md; the figures are the hub's
 * own). At five or ten times its accuracy no error explains it, and a dwell would only be time lost.
 */
export const PROOF = {
  safe: { beyondM: 500, accuracyM: 50 },
  danger: { beyondM: 100, accuracyM: 20 },
} as const

/** Whether a fix proves by itself that the edge was crossed. */
export function isProof({ zone, beyondM }: Sight, fix: Fix): boolean {
  const proof = PROOF[zone.kind]
  return beyondM >= proof.beyondM && fix.accuracyM <= proof.accuracyM && !isCoarse(fix)
}

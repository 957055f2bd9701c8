// What all fixes on the wrong side of an edge say together, the unsure ones as well: since when the elder is there, and
// whether that is clear.
//
// Errors are correlated over minutes, so that the number of fixes proves little; how far one lies out, in its own
// accuracies, proves much. One exact fix that is clear of the edge therefore decides, two more on the same side agree
// with it, and the dwell is counted from when the edge was crossed and not from when that was certain.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Fix, isCoarse } from './fix.ts'

/** A fix this far past the edge is clear of it: some five standard deviations, or three where errors are understated. */
export const CLEAR_ACCURACIES = 3

/** A fix less exact than this may agree with others; it decides nothing. */
export const EXACT_TO_M = 30

/** So many times less exact than the best fix on the wrong side, one on the right side does not speak against it. */
export const WEAK_TIMES = 2

/**
 * Who is so far away must have been on the way for so long: pedestrians are reckoned with 1.2 m/s at crossings (the
 * hub's own use of MUTCD 4I.06, 3.5 feet a second). Who rides is told sooner, which is no harm.
 */
export const PACE_M_PER_S = 1.2

export type Trail = {
  /** When the edge was crossed, as far as fixes tell. */
  wentAt: EpochMs
  /** Fixes on the wrong side since then, none of them coarse. */
  fixes: number
  /** Accuracy of the most exact one. */
  bestM: number
  /** One of them is exact, and clear of the edge. */
  isClear: boolean
}

/** A fix, and how far it lies past the edge; negative on the right side. */
export type Passed = { fix: Fix; beyondM: number }

/** The trail that a fix begins; `past` are those before it, oldest first. `doubts` ask for as many accuracies more. */
export function beginTrail(first: Passed, past: readonly Passed[], doubts: number): Trail {
  const { at, accuracyM: bestM } = first.fix
  let trail: Trail = { wentAt: at, fixes: 0, bestM, isClear: false }
  let next = first
  let isKnown = false
  for (let i = past.length - 1; i >= 0; i--) {
    const one = past[i] as Passed
    const isWeak = speaksWeakly(trail, one.fix)
    if (one.beyondM > 0) {
      trail = { ...trail, wentAt: one.fix.at, fixes: trail.fixes + 1 }
      next = one
    } else if (!isWeak || one.beyondM < -one.fix.accuracyM) {
      trail = { ...trail, wentAt: wentOver(one, next) }
      isKnown = !isWeak
      break
    }
  }
  const wentAt = isKnown ? trail.wentAt : epochMs(Math.min(trail.wentAt, at - walkMs(first)))
  return goOn({ ...trail, wentAt }, first, doubts)
}

/** How long one has walked at least from the edge to here. */
const walkMs = ({ fix, beyondM }: Passed): number =>
  Math.round((Math.max(0, beyondM - fix.accuracyM) / PACE_M_PER_S) * 1_000)

/** When the straight way from the right side to the wrong one leads over the edge. */
export function wentOver(inside: Passed, outside: Passed): EpochMs {
  const part = inside.beyondM / (inside.beyondM - outside.beyondM)
  return epochMs(Math.round(inside.fix.at + (outside.fix.at - inside.fix.at) * part))
}

/** Takes a fix on the wrong side. */
export function goOn(trail: Trail, { fix, beyondM }: Passed, doubts: number): Trail {
  if (isCoarse(fix)) return trail
  const isClear = fix.accuracyM <= EXACT_TO_M && beyondM > (CLEAR_ACCURACIES + doubts) * fix.accuracyM
  return {
    wentAt: trail.wentAt,
    fixes: trail.fixes + 1,
    bestM: Math.min(trail.bestM, fix.accuracyM),
    isClear: trail.isClear || isClear,
  }
}

/** Whether a fix on the right side is too inexact to speak against a trail. */
export const speaksWeakly = (trail: Trail | undefined, { accuracyM }: Fix): boolean =>
  trail !== undefined && accuracyM > WEAK_TIMES * trail.bestM

// Whether the elder is outside of one fence, from one believed fix to the next.

import { type Severity, severityRank } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import { isFarOutside, OUTSIDE_ACCURACIES, type Sight, type Verdict, verdictOf } from './fence.ts'
import { type Fix, isCoarse } from './fix.ts'

/** An exit needs this many fixes outside, and the zone's dwell between the first and the last (docs/rules.md). */
export const EXIT_FIXES = 3

/** Fixes that merely lie inside, one after another over a dwell, are a return too: a small zone has no deeper. */
export const RETURN_FIXES = 3

/**
 * Errors of fixes are correlated over minutes (docs/rules.md), so at a fence's edge a run of them looks like
 * an exit. After a fix inside has refuted one, the next must go further out, or last longer: by this much for
 * every time. A walker does the former within a minute; a band on a bedside table does neither. Forgotten after
 * half an hour well inside. The figures are the hub's own, from nights of simulated errors up to one and a half
 * times as large as stated.
 */
export const REFUTED_ACCURACIES = 1
export const REFUTED_DWELL_MS = 5 * 60_000
export const REFUTED_AT_MOST = 3
export const REFUTED_FOR_MS = 30 * 60_000

/** The elder seems to be outside, or is. */
export type Outing = {
  /** The first fix outside, and how many there were since. */
  since: EpochMs
  fixes: number
  /** The zone that was nearest. */
  zoneId: string
  /** As what it was raised; null while it is not sure. */
  raised: Severity | null
  /** Fixes in a row that lie inside, and the first of them; of an exit that was raised. */
  backSince: EpochMs | null
  backFixes: number
}

/** What is known of the elder and one fence. `nearAt`: the last fix that was not well inside. */
export type Watch = { outing: Outing | null; refuted: number; nearAt: EpochMs }

/** `isOut`: this fix is one that counts as outside. A watch of null is nothing to remember. */
export type Followed = { watch: Watch | null; isOut: boolean }

/** Takes a believed fix. */
export function followOuting(watch: Watch | undefined, sight: Sight, fix: Fix): Followed {
  const verdict = verdictOf(sight, fix)
  const outing = watch?.outing ?? null
  if (verdict === 'outside') return goOut(watch, sight, fix)
  if (watch === undefined || outing === null) return { watch: stayIn(watch, verdict, fix), isOut: false }
  if (verdict === 'unsure') return { watch, isOut: false }
  const still = verdict === 'edge' && outing.raised !== null ? comeBack(outing, sight, fix) : null
  const refuted = still === null ? Math.min(watch.refuted + 1, REFUTED_AT_MOST) : watch.refuted
  return { watch: { outing: still, refuted, nearAt: fix.at }, isOut: false }
}

/** How long an elder who is not outside is still remembered as one at the edge. */
function stayIn(watch: Watch | undefined, verdict: Verdict, fix: Fix): Watch | null {
  if (watch === undefined) return null
  if (verdict !== 'inside') return { ...watch, nearAt: fix.at }
  return fix.at - watch.nearAt < REFUTED_FOR_MS ? watch : null
}

function goOut(watch: Watch | undefined, { zone }: Sight, fix: Fix): Followed {
  const { outing = null, refuted = 0 } = watch ?? {}
  // A coarse fix proves nothing alone, so nothing starts with it.
  if (outing === null && isCoarse(fix)) return { watch: watch ?? null, isOut: false }
  const next: Outing = {
    since: outing?.since ?? fix.at,
    fixes: (outing?.fixes ?? 0) + 1,
    zoneId: zone.id,
    raised: outing?.raised ?? null,
    backSince: null,
    backFixes: 0,
  }
  return { watch: { outing: next, refuted, nearAt: fix.at }, isOut: true }
}

function comeBack(outing: Outing, { zone }: Sight, fix: Fix): Outing | null {
  const backSince = outing.backSince ?? fix.at
  const backFixes = outing.backFixes + 1
  if (backFixes >= RETURN_FIXES && fix.at - backSince >= zone.dwellMs) return null
  return { ...outing, backSince, backFixes }
}

/** Why an outing is an exit. */
export type ExitReason = 'dwell' | 'far' | 'worsened'

/** Whether an outing is to be raised at this fix outside; undefined when it is not, or has been. */
export function exitReason(
  { outing, refuted }: Watch & { outing: Outing },
  sight: Sight,
  { fix, severity }: { fix: Fix; severity: Severity },
): ExitReason | undefined {
  const { since, fixes, raised } = outing
  if (raised !== null) return severityRank(severity) > severityRank(raised) ? 'worsened' : undefined
  if (isFarOutside(sight, fix)) return 'far'
  const accuracies = OUTSIDE_ACCURACIES + refuted * REFUTED_ACCURACIES
  const isClear = sight.distanceM > accuracies * fix.accuracyM
  const dwellMs = sight.zone.dwellMs + (isClear ? 0 : refuted * REFUTED_DWELL_MS)
  return fixes >= EXIT_FIXES && fix.at - since >= dwellMs ? 'dwell' : undefined
}

// Whether the elder has crossed one edge, from one believed fix to the next: out of a fence, or into danger.

import { type Severity, severityRank } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import { type Fix, isCoarse } from './fix.ts'
import { isProof, type Sight, type Verdict, verdictOf } from './sight.ts'

/** It needs this many fixes beyond the edge, and the zone's dwell between the first and the last (docs/rules.md). */
export const CROSSING_FIXES = 3

/** Fixes that merely lie on the right side, one after another over a dwell, are a return too: no zone is deeper. */
export const RETURN_FIXES = 3

/**
 * Errors of fixes are correlated over minutes (docs/rules.md), so at an edge a run of them looks like a crossing.
 * After a fix on the right side has refuted one, the next must go further, or last longer: by this much for every
 * time. A walker does the former within a minute; a band on a bedside table does neither. Forgotten after half an
 * hour well on the right side. The figures are the hub's own, from nights of simulated errors up to one and a half
 * times as large as stated.
 */
export const REFUTED_ACCURACIES = 1
export const REFUTED_DWELL_MS = 5 * 60_000
export const REFUTED_AT_MOST = 3
export const REFUTED_FOR_MS = 30 * 60_000

/**
 * A fix that is less exact than this begins with a doubt, as if one crossing had been refuted: in a house it is of
 * Wi-Fi, and its errors go on for longer than a dwell.
 */
export const INEXACT_FROM_M = 30

/** The elder seems to be beyond the edge, or is. */
export type Crossing = {
  /** The first fix beyond it, and how many there were since. */
  since: EpochMs
  fixes: number
  /** The zone that was nearest. */
  zoneId: string
  /** As what it was raised; null while it is not sure. */
  raised: Severity | null
  /** Fixes in a row that lie on the right side, and the first of them; of a crossing that was raised. */
  backSince: EpochMs | null
  backFixes: number
}

/** What is known of the elder and one edge. `nearAt`: the last fix that was not well on the right side. */
export type Watch = { crossing: Crossing | null; refuted: number; nearAt: EpochMs }

/** `isBeyond`: this fix is one that counts as beyond. A watch of null is nothing to remember. */
export type Followed = { watch: Watch | null; isBeyond: boolean }

/** Takes a believed fix. */
export function followCrossing(watch: Watch | undefined, sight: Sight, fix: Fix): Followed {
  const verdict = verdictOf(sight, fix)
  if (verdict === 'beyond') return goBeyond(watch, sight, fix)
  const crossing = watch?.crossing ?? null
  if (watch === undefined || crossing === null)
    return { watch: stayBack(watch, verdict, fix), isBeyond: false }
  if (verdict === 'unsure') return { watch, isBeyond: false }
  const still = verdict === 'edge' && crossing.raised !== null ? comeBack(crossing, sight, fix) : null
  const refuted = still === null ? refutedOnce(watch) : watch.refuted
  return { watch: { crossing: still, refuted, nearAt: fix.at }, isBeyond: false }
}

const refutedOnce = ({ refuted }: Watch): number => Math.min(refuted + 1, REFUTED_AT_MOST)

/** How long an elder who has crossed nothing is still remembered as one at the edge. */
function stayBack(watch: Watch | undefined, verdict: Verdict, fix: Fix): Watch | null {
  if (watch === undefined) return null
  if (verdict !== 'back') return { ...watch, nearAt: fix.at }
  return fix.at - watch.nearAt < REFUTED_FOR_MS ? watch : null
}

function goBeyond(watch: Watch | undefined, { zone }: Sight, fix: Fix): Followed {
  const { crossing = null, refuted = 0 } = watch ?? {}
  // A coarse fix proves nothing alone, so nothing starts with it.
  if (crossing === null && isCoarse(fix)) return { watch: watch ?? null, isBeyond: false }
  const next: Crossing = {
    since: crossing?.since ?? fix.at,
    fixes: (crossing?.fixes ?? 0) + 1,
    zoneId: zone.id,
    raised: crossing?.raised ?? null,
    backSince: null,
    backFixes: 0,
  }
  return { watch: { crossing: next, refuted, nearAt: fix.at }, isBeyond: true }
}

function comeBack(crossing: Crossing, { zone }: Sight, fix: Fix): Crossing | null {
  const backSince = crossing.backSince ?? fix.at
  const backFixes = crossing.backFixes + 1
  if (backFixes >= RETURN_FIXES && fix.at - backSince >= zone.dwellMs) return null
  return { ...crossing, backSince, backFixes }
}

/** A fix, and what it says about the edge. */
export type Judged = { at: EpochMs; verdict: Verdict }

/**
 * Takes a fix that came after newer ones, as if it had come in its place; `newer` are those that are known since. It
 * changes nothing that was raised, and begins nothing: what is newer said already that there is nothing.
 */
export function mendCrossing(watch: Watch, { at, verdict }: Judged, newer: readonly Judged[]): Watch {
  const { crossing } = watch
  if (crossing === null || crossing.raised !== null || verdict === 'unsure') return watch
  const isBefore = at < crossing.since
  if (verdict === 'beyond') {
    const isRefuted = newer.some(one => one.at < crossing.since && isOnRightSide(one.verdict))
    if (isBefore && isRefuted) return watch
    const since = isBefore ? at : crossing.since
    return { ...watch, crossing: { ...crossing, since, fixes: crossing.fixes + 1 } }
  }
  if (isBefore) return watch
  const beyond = newer.filter(one => one.verdict === 'beyond')
  const [first] = beyond
  const left = first && { ...crossing, since: first.at, fixes: beyond.length }
  return { ...watch, refuted: refutedOnce(watch), crossing: left ?? null }
}

const isOnRightSide = (verdict: Verdict): boolean => verdict === 'edge' || verdict === 'back'

/** Why a crossing is raised. */
export type CrossingReason = 'dwell' | 'far' | 'deep' | 'worsened'

/** Whether a crossing is to be raised at this fix beyond the edge; undefined when it is not, or has been. */
export function crossingReason(
  { crossing, refuted }: Watch & { crossing: Crossing },
  sight: Sight,
  { fix, severity }: { fix: Fix; severity: Severity },
): CrossingReason | undefined {
  const { since, fixes, raised } = crossing
  const { zone, beyondM, sureM } = sight
  if (raised !== null) return severityRank(severity) > severityRank(raised) ? 'worsened' : undefined
  if (isProof(sight, fix)) return zone.kind === 'safe' ? 'far' : 'deep'
  const doubts = refuted + (fix.accuracyM > INEXACT_FROM_M ? 1 : 0)
  const isClear = beyondM > sureM + doubts * REFUTED_ACCURACIES * fix.accuracyM
  const dwellMs = zone.dwellMs + (isClear ? 0 : doubts * REFUTED_DWELL_MS)
  return fixes >= CROSSING_FIXES && fix.at - since >= dwellMs ? 'dwell' : undefined
}

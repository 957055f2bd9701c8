// Whether the elder has crossed one edge, from one believed fix to the next: out of a fence, or into danger.

import { type Severity, severityRank } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import { type Fix, isCoarse } from './fix.ts'
import { markOf } from './mark.ts'
import { isProof, type Sight, type Verdict, verdictOf } from './sight.ts'
import { beginTrail, goOn, type Passed, speaksWeakly, type Trail } from './trail.ts'
import { followWayOut, isWayOut, tenths, type WayOut } from './way-out.ts'

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
  /** The first fix beyond it, and how many there were since; none when an inexact one refuted those before. */
  since: EpochMs
  fixes: number
  /** The zone that was nearest (mark.ts). */
  zone: number
  /** What all fixes on the wrong side say together; absent where a late fix has put that in question. */
  trail?: Trail | undefined
  /** As what it was raised; null while it is not sure. */
  raised: Severity | null
  /** Fixes in a row that lie on the right side, and the first of them; of a crossing that was raised. */
  backSince: EpochMs | null
  backFixes: number
}

/**
 * What is known of the elder and one edge. `nearAt`: the last fix that was not well on the right side. `way`: what
 * fixes of all sources say together; `lastM`: how far past the edge the last one lay that was not coarse, to know the
 * edge again. Both until a crossing is raised.
 */
export type Watch = {
  crossing: Crossing | null
  refuted: number
  nearAt: EpochMs
  way?: WayOut | undefined
  lastM?: number | undefined
}

/** `mayRaise`: this fix may complete the proof of a crossing. A watch of null is nothing to remember. */
export type Followed = { watch: Watch | null; mayRaise: boolean }

type Seen = { sight: Sight; fix: Fix; past: () => readonly Passed[] }

/** Takes a believed fix; `past` are those before it, and are asked for when a crossing, or a way out, begins. */
export function followCrossing(watch: Watch | undefined, seen: Seen): Followed {
  const followed = followVerdict(watch, seen)
  const { sight, fix, past } = seen
  if (isRaised(followed.watch)) return withoutWay(followed)
  const way = followWayOut(watch?.way, { fix, beyondM: sight.beyondM, past })
  const { watch: next, mayRaise } = way === undefined ? withoutWay(followed) : withWay(way, followed, seen)
  if (next === null) return { watch: null, mayRaise }
  return { watch: { ...next, lastM: isCoarse(fix) ? watch?.lastM : tenths(sight.beyondM) }, mayRaise }
}

/** Whether a crossing of the edge was told, and not ended yet. */
export const isRaised = (watch: Watch | null): boolean => (watch?.crossing?.raised ?? null) !== null

function withoutWay({ watch, mayRaise }: Followed): Followed {
  if (watch === null || watch.way === undefined) return { watch, mayRaise }
  const { crossing, refuted, nearAt } = watch
  // At the edge for nothing but the way that is none.
  if (crossing === null && refuted === 0) return { watch: null, mayRaise: false }
  return { watch: { crossing, refuted, nearAt }, mayRaise }
}

function withWay(way: WayOut, { watch, mayRaise }: Followed, { sight, fix }: Seen): Followed {
  const { crossing = null, refuted = 0 } = watch ?? {}
  const next: Watch = { crossing, refuted, nearAt: watch?.nearAt ?? fix.at, way }
  const isProven = isWayProven(next, sight, fix.at)
  return { watch: isProven ? alongWay(next, sight) : next, mayRaise: mayRaise || isProven }
}

/** Whether the way out of an edge is proven by a time. */
export const isWayProven = ({ way }: Watch, { zone }: Sight, until: EpochMs): boolean =>
  way !== undefined && isWayOut(way, until, zone.dwellMs)

/** What is known of an edge, the way out of which is proven: a crossing, also where no single fix has told of it. */
export function alongWay(watch: Watch, { zone }: Sight): Watch {
  const { crossing, way } = watch
  if (crossing !== null || way === undefined) return watch
  const { wentAt: since, fixes } = way
  const mark = markOf(zone.id)
  return {
    ...watch,
    crossing: { since, fixes, zone: mark, trail: undefined, raised: null, backSince: null, backFixes: 0 },
  }
}

/** What the fix says by itself, and with those like it. */
function followVerdict(watch: Watch | undefined, { sight, fix, past }: Seen): Followed {
  const verdict = verdictOf(sight, fix)
  if (verdict === 'beyond') return goBeyond(watch, { sight, fix, past })
  const crossing = watch?.crossing ?? null
  if (watch === undefined || crossing === null)
    return { watch: stayBack(watch, verdict, fix), mayRaise: false }
  if (verdict === 'unsure') return stayUnsure(watch, crossing, { sight, fix })
  const isWeak = speaksWeakly(crossing.trail, fix)
  const isRun = isWeak || (verdict === 'edge' && crossing.raised !== null)
  const still = isRun ? comeBack(crossing, sight, fix) : null
  const left = still && isWeak && still.raised === null ? { ...still, fixes: 0 } : still
  const refuted = left === null || left.fixes === 0 ? refutedOnce(watch) : watch.refuted
  return { watch: { crossing: left, refuted, nearAt: fix.at, way: watch.way }, mayRaise: false }
}

/** A fix on the wrong side, but not surely: it agrees with those that are sure. */
function stayUnsure(watch: Watch, crossing: Crossing, { sight, fix }: { sight: Sight; fix: Fix }): Followed {
  const { trail } = crossing
  if (trail === undefined || sight.beyondM <= 0 || isCoarse(fix)) return { watch, mayRaise: false }
  const longer = goOn(trail, { fix, beyondM: sight.beyondM }, doubtsOf(watch, fix))
  return { watch: { ...watch, crossing: { ...crossing, trail: longer } }, mayRaise: longer.isClear }
}

/** How much more is asked for than usual. */
export const doubtsOf = ({ refuted }: { refuted: number }, { accuracyM }: Fix): number =>
  refuted + (accuracyM > INEXACT_FROM_M ? 1 : 0)

export const refutedOnce = ({ refuted }: Watch): number => Math.min(refuted + 1, REFUTED_AT_MOST)

/** How long an elder who has crossed nothing is still remembered as one at the edge. */
function stayBack(watch: Watch | undefined, verdict: Verdict, fix: Fix): Watch | null {
  if (watch === undefined) return null
  if (verdict !== 'back') return { ...watch, nearAt: fix.at }
  return fix.at - watch.nearAt < REFUTED_FOR_MS ? watch : null
}

function goBeyond(watch: Watch | undefined, { sight, fix, past }: Seen): Followed {
  const { crossing = null, refuted = 0, way } = watch ?? {}
  // A coarse fix proves nothing alone, so nothing starts with it.
  if (crossing === null && isCoarse(fix)) return { watch: watch ?? null, mayRaise: false }
  const { fixes = 0, raised = null } = crossing ?? {}
  const next: Crossing = {
    since: crossing !== null && fixes > 0 ? crossing.since : fix.at,
    fixes: fixes + 1,
    zone: markOf(sight.zone.id),
    trail: trailOf(crossing, { sight, fix, past, refuted }),
    raised,
    backSince: null,
    backFixes: 0,
  }
  return { watch: { crossing: next, refuted, nearAt: fix.at, way }, mayRaise: true }
}

function trailOf(
  crossing: Crossing | null,
  { sight: { beyondM }, fix, past, refuted }: Seen & { refuted: number },
): Trail | undefined {
  const passed = { fix, beyondM }
  const doubts = doubtsOf({ refuted }, fix)
  if (crossing === null) return beginTrail(passed, past(), doubts)
  return crossing.trail && goOn(crossing.trail, passed, doubts)
}

function comeBack(crossing: Crossing, { zone }: Sight, fix: Fix): Crossing | null {
  const backSince = crossing.backSince ?? fix.at
  const backFixes = crossing.backFixes + 1
  if (backFixes >= RETURN_FIXES && fix.at - backSince >= zone.dwellMs) return null
  return { ...crossing, backSince, backFixes }
}

/** Why a crossing is raised. */
export type CrossingReason = 'dwell' | 'clear' | 'way' | 'far' | 'deep' | 'worsened'

/**
 * Whether a crossing is to be raised at this fix; undefined when it is not, or has been. `until` is up to when nothing
 * has spoken against it, which a coarse fix can say.
 */
export function crossingReason(
  watch: Watch & { crossing: Crossing },
  sight: Sight,
  { fix, until, severity }: { fix: Fix; until: EpochMs; severity: Severity },
): CrossingReason | undefined {
  const { crossing, refuted } = watch
  const { raised, trail } = crossing
  const { zone, beyondM, sureM } = sight
  if (raised !== null) return severityRank(severity) > severityRank(raised) ? 'worsened' : undefined
  if (isProof(sight, fix)) return zone.kind === 'safe' ? 'far' : 'deep'
  if (beyondM > sureM && isDwelling({ ...crossing, doubts: doubtsOf({ refuted }, fix) }, sight, fix))
    return 'dwell'
  const isClear = trail?.isClear && trail.fixes >= CROSSING_FIXES && until - trail.wentAt >= zone.dwellMs
  if (isClear) return 'clear'
  return isWayProven(watch, sight, until) ? 'way' : undefined
}

function isDwelling(
  { since, fixes, doubts }: { since: EpochMs; fixes: number; doubts: number },
  { zone, beyondM, sureM }: Sight,
  { at, accuracyM }: Fix,
): boolean {
  const isFurther = beyondM > sureM + doubts * REFUTED_ACCURACIES * accuracyM
  const dwellMs = zone.dwellMs + (isFurther ? 0 : doubts * REFUTED_DWELL_MS)
  return fixes >= CROSSING_FIXES && at - since >= dwellMs
}

// Whether the elder has crossed one edge, from one believed fix to the next: out of a fence, or into danger.

import { type Severity, severityRank } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import { type Fix, isCoarse } from './fix.ts'
import { isProof, type Sight, type Verdict, verdictOf } from './sight.ts'
import { beginTrail, goOn, type Passed, speaksWeakly, type Trail } from './trail.ts'
import { followWayOut, isWayOut, type WayOut } from './way-out.ts'

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
  /** The zone that was nearest. */
  zoneId: string
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
 * fixes of all sources say together, until a crossing is raised.
 */
export type Watch = {
  crossing: Crossing | null
  refuted: number
  nearAt: EpochMs
  way?: WayOut | undefined
}

/** `mayRaise`: this fix may complete the proof of a crossing. A watch of null is nothing to remember. */
export type Followed = { watch: Watch | null; mayRaise: boolean }

type Seen = { sight: Sight; fix: Fix; past: () => readonly Passed[] }

/** Takes a believed fix; `past` are those before it, and are asked for when a crossing, or a way out, begins. */
export function followCrossing(watch: Watch | undefined, seen: Seen): Followed {
  const followed = followVerdict(watch, seen)
  const { sight, fix, past } = seen
  const isRaised = (followed.watch?.crossing?.raised ?? null) !== null
  const way = isRaised ? undefined : followWayOut(watch?.way, { fix, beyondM: sight.beyondM, past })
  return way === undefined ? withoutWay(followed) : withWay(way, followed, seen)
}

function withoutWay({ watch, mayRaise }: Followed): Followed {
  if (watch === null || watch.way === undefined) return { watch, mayRaise }
  const { crossing, refuted, nearAt } = watch
  // At the edge for nothing but the way that is none.
  if (crossing === null && refuted === 0) return { watch: null, mayRaise: false }
  return { watch: { crossing, refuted, nearAt }, mayRaise }
}

function withWay(way: WayOut, { watch, mayRaise }: Followed, { sight, fix }: Seen): Followed {
  const { crossing = null, refuted = 0 } = watch ?? {}
  const nearAt = watch?.nearAt ?? fix.at
  if (!isWayOut(way, fix.at, sight.zone.dwellMs))
    return { watch: { crossing, refuted, nearAt, way }, mayRaise }
  return { watch: { crossing: crossing ?? alongWay(way, sight), refuted, nearAt, way }, mayRaise: true }
}

/** The crossing of one whose single fixes have not told of it. */
const alongWay = ({ wentAt, fixes }: WayOut, { zone }: Sight): Crossing => ({
  since: wentAt,
  fixes,
  zoneId: zone.id,
  trail: undefined,
  raised: null,
  backSince: null,
  backFixes: 0,
})

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
const doubtsOf = ({ refuted }: { refuted: number }, { accuracyM }: Fix): number =>
  refuted + (accuracyM > INEXACT_FROM_M ? 1 : 0)

const refutedOnce = ({ refuted }: Watch): number => Math.min(refuted + 1, REFUTED_AT_MOST)

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
    zoneId: sight.zone.id,
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

/** A fix, and what it says about the edge. */
export type Judged = { at: EpochMs; verdict: Verdict }

/**
 * Takes a fix that came after newer ones, as if it had come in its place; `newer` are those that are known since. It
 * changes nothing that was raised, and begins nothing: what is newer said already that there is nothing.
 */
export function mendCrossing(known: Watch, { at, verdict }: Judged, newer: readonly Judged[]): Watch {
  const { crossing } = known
  // A way was reckoned from fix to fix; the next one begins it anew, with this one among those before it.
  const watch = known.way === undefined ? known : { ...known, way: undefined }
  if (crossing === null || crossing.raised !== null || verdict === 'unsure') return watch
  const isBefore = at < crossing.since
  if (verdict === 'beyond') {
    const isRefuted = newer.some(one => one.at < crossing.since && isOnRightSide(one.verdict))
    if (isBefore && isRefuted) return watch
    const since = isBefore || crossing.fixes === 0 ? at : crossing.since
    return { ...watch, crossing: { ...crossing, since, fixes: crossing.fixes + 1 } }
  }
  if (isBefore) return watch
  const beyond = newer.filter(one => one.verdict === 'beyond')
  const [first] = beyond
  const left = first && { ...crossing, since: first.at, fixes: beyond.length, trail: undefined }
  return { ...watch, refuted: refutedOnce(watch), crossing: left ?? null }
}

const isOnRightSide = (verdict: Verdict): boolean => verdict === 'edge' || verdict === 'back'

/** Why a crossing is raised. */
export type CrossingReason = 'dwell' | 'clear' | 'way' | 'far' | 'deep' | 'worsened'

/** Whether a crossing is to be raised at this fix beyond the edge; undefined when it is not, or has been. */
export function crossingReason(
  { crossing, refuted, way }: Watch & { crossing: Crossing },
  sight: Sight,
  { fix, severity }: { fix: Fix; severity: Severity },
): CrossingReason | undefined {
  const { raised, trail } = crossing
  const { zone, beyondM, sureM } = sight
  if (raised !== null) return severityRank(severity) > severityRank(raised) ? 'worsened' : undefined
  if (isProof(sight, fix)) return zone.kind === 'safe' ? 'far' : 'deep'
  if (beyondM > sureM && isDwelling({ ...crossing, doubts: doubtsOf({ refuted }, fix) }, sight, fix))
    return 'dwell'
  const isClear = trail?.isClear && trail.fixes >= CROSSING_FIXES && fix.at - trail.wentAt >= zone.dwellMs
  if (isClear) return 'clear'
  return way !== undefined && isWayOut(way, fix.at, zone.dwellMs) ? 'way' : undefined
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

// Whether fixes of all sources together go on beyond an edge as somebody does who has walked over it, and not as the
// errors of a band that lies still do.
//
// Errors of one source are alike for minutes (docs/rules.md), so each fix is compared with what the last one of its kind
// foretold: a fix that is off by as much as the one before says nothing, and one that has gone on as far as one walks
// says much. What is added up are the logarithms of how much likelier the fixes are for the walker.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Fix, isCoarse } from './fix.ts'
import { EXACT_TO_M, PACE_M_PER_S, type Passed, wentOver } from './trail.ts'

/**
 * Proof: walking is e⁸, 3,000 times, as likely. A month has more errors than that which are not alike, but few of them
 * begin a way, and fewer go on as one. The figures were chosen on some walks and device-months and are told of others
 * (docs/rules.md).
 */
export const WAY_PROVEN_FROM = 8
/** No way is left, for the next fix to begin another one. */
export const WAY_LOST_BELOW = -3
/** One fix may lie anywhere: errors there are that no accuracy tells. The others have to speak for it as well. */
export const WAY_FIXES = 2
/** A way begins with a fix that lies past the edge by more than this many accuracies. */
export const WAY_BEGINS_ACCURACIES = 0.5
/** The usual pace of people who are about (1 m/s); who goes another one is found by how far they come. */
export const WAY_PACE_M_PER_S = 1

/**
 * Exact fixes that lead up to the edge by so many accuracies, at such a pace at least, are a witness of their own: a band
 * that lies still makes none of them, and who has walked as far seldom stops just there.
 */
export const LED_UP_ACCURACIES = 2
export const LED_UP_FROM_M_PER_S = 0.3
export const LED_UP_ODDS = 4

/** Errors of a source, this long after each other, are alike by 1/e. */
export const ERRORS_ALIKE_FOR_MS = 3 * 60_000
/** 68 % of the errors in two dimensions, which is what an accuracy says, lie within so many standard deviations. */
const DEVIATIONS_AN_ACCURACY = 1.51
/** Wi-Fi in a house, for hours the only source at a bed, is taken for less exact than it says; satellites are not. */
export const INEXACT_UNDERSTATED = 1.5

/** When the last fix of a kind was taken, and how far past the edge it lay. */
type Last = readonly [at: EpochMs, beyondM: number]

export type WayOut = {
  wentAt: EpochMs
  /** Logarithm of how much likelier the walker is, by all fixes, and by the one that says most. */
  odds: number
  most: number
  /** Fixes on the wrong side, none of them coarse. */
  fixes: number
  exact?: Last | undefined
  inexact?: Last | undefined
}

/** Takes a fix; `past` are those before it, oldest first. Undefined when there is no way out, or none any more. */
export function followWayOut(
  way: WayOut | undefined,
  { fix, beyondM, past }: Passed & { past: () => readonly Passed[] },
): WayOut | undefined {
  if (isCoarse(fix)) return way
  if (way === undefined) {
    const begins = beyondM > WAY_BEGINS_ACCURACIES * fix.accuracyM
    return begins ? beginWay({ fix, beyondM }, past()) : undefined
  }
  return isRefutedBy({ fix, beyondM }) ? undefined : unlessLost(goOn(way, { fix, beyondM }))
}

const isRefutedBy = ({ fix, beyondM }: Passed): boolean => beyondM < (isExact(fix) ? 0 : -fix.accuracyM)

const unlessLost = (way: WayOut): WayOut | undefined => (way.odds < WAY_LOST_BELOW ? undefined : way)

const isExact = ({ accuracyM }: Fix): boolean => accuracyM <= EXACT_TO_M

/**
 * Takes a fix that came after newer ones, in its place; `known` are those around it, oldest first. What the next one of
 * its kind said is reckoned anew from it. One that refutes the way leaves what the newer ones begin by themselves, and
 * one before which its kind may have said something that is forgotten changes nothing.
 */
export function mendWayOut(way: WayOut, late: Passed, known: readonly Passed[]): WayOut | undefined {
  const { fix, beyondM } = late
  if (isCoarse(fix) || fix.at <= way.wentAt) return way
  const older = known.filter(one => one.fix.at < fix.at)
  const newer = known.filter(one => one.fix.at > fix.at)
  if (isRefutedBy(late)) return beginAgain([...older, late], newer)
  const isOfItsKind = (one: Passed): boolean => isExact(one.fix) === isExact(fix)
  const next = newer.find(isOfItsKind)
  if (next === undefined) return unlessLost(goOn(way, late))
  const before = older.findLast(isOfItsKind)
  if (before === undefined) return way
  const [last, its] = [lastOf(before), speaksFor(way, lastOf(before), late)]
  const nextSays = speaksFor(way, lastOf(late), next)
  return unlessLost({
    ...way,
    odds: hundredths(way.odds - speaksFor(way, last, next) + its + nextSays),
    most: hundredths(Math.max(way.most, its, nextSays)),
    fixes: way.fixes + (beyondM > 0 ? 1 : 0),
  })
}

/** The way that these fixes begin, one after the other. */
function beginAgain(past: readonly Passed[], newer: readonly Passed[]): WayOut | undefined {
  let way: WayOut | undefined
  newer.forEach((one, i) => {
    way = followWayOut(way, { ...one, past: () => [...past, ...newer.slice(0, i)] })
  })
  return way
}

/** Whether a way is proven, and has gone on for a zone's dwell. */
export const isWayOut = ({ wentAt, odds, most, fixes }: WayOut, at: EpochMs, dwellMs: number): boolean =>
  odds > WAY_PROVEN_FROM && odds > most && fixes >= WAY_FIXES && at - wentAt >= dwellMs

function beginWay(first: Passed, past: readonly Passed[]): WayOut {
  const inside = past.findLastIndex(({ fix, beyondM }) => beyondM <= 0 && isExact(fix))
  const since = past.slice(Math.max(0, inside))
  const wentAt = wentAtOf([...since, first])
  const isLedUp = leadsUp(past)
  let way: WayOut = { wentAt, odds: isLedUp ? LED_UP_ODDS : 0, most: 0, fixes: isLedUp ? 1 : 0 }
  for (const one of since) way = goOn(way, one)
  return goOn(way, first)
}

/** Whether exact fixes went towards the edge as somebody does who walks, and no band that lies still. */
function leadsUp(past: readonly Passed[]): boolean {
  const exact = past.filter(({ fix }) => isExact(fix))
  const [first, last] = [exact[0], exact.at(-1)]
  if (first === undefined || last === undefined) return false
  const wentM = last.beyondM - first.beyondM
  const paceMPerS = (wentM * 1_000) / (last.fix.at - first.fix.at)
  return wentM >= LED_UP_ACCURACIES * last.fix.accuracyM && paceMPerS >= LED_UP_FROM_M_PER_S
}

/** When the edge was crossed by one whose last fixes these are; the first of them is inside, if one was. */
function wentAtOf(passed: readonly Passed[]): EpochMs {
  const [inside, last] = [passed[0] as Passed, passed.at(-1) as Passed]
  const next = passed.find(({ beyondM }) => beyondM > 0) as Passed
  if (inside.beyondM <= 0 && isExact(inside.fix)) return wentOver(inside, next)
  const walkedM = Math.max(0, last.beyondM - last.fix.accuracyM)
  const walkedMs = Math.round((walkedM / PACE_M_PER_S) * 1_000)
  return epochMs(Math.min(next.fix.at, last.fix.at - walkedMs))
}

/** Takes a fix since the edge was crossed; those before tell only how their kind errs. */
function goOn(way: WayOut, { fix, beyondM }: Passed): WayOut {
  const { at } = fix
  const kind = isExact(fix) ? 'exact' : 'inexact'
  const { wentAt, odds, most, fixes } = way
  if (at <= (way[kind]?.[0] ?? 0)) return way
  const said = at > wentAt ? speaksFor(way, way[kind], { fix, beyondM }) : 0
  const last = lastOf({ fix, beyondM })
  return {
    wentAt,
    odds: hundredths(odds + said),
    most: hundredths(Math.max(most, said)),
    fixes: fixes + (beyondM > 0 ? 1 : 0),
    exact: kind === 'exact' ? last : way.exact,
    inexact: kind === 'inexact' ? last : way.inexact,
  }
}

const lastOf = ({ fix, beyondM }: Passed): Last => [fix.at, tenths(beyondM)]

/** How much likelier a fix is for the walker than for one who stopped at the edge, as a logarithm. */
function speaksFor(way: WayOut, last: Last | undefined, { fix, beyondM }: Passed): number {
  const alike = last === undefined ? 0 : Math.exp((last[0] - fix.at) / ERRORS_ALIKE_FOR_MS)
  const understated = isExact(fix) ? 1 : INEXACT_UNDERSTATED
  const deviationM = (understated * fix.accuracyM) / DEVIATIONS_AN_ACCURACY
  const now = errorsOf(way, fix.at, beyondM)
  const before = last === undefined ? NONE : errorsOf(way, last[0], last[1])
  const ifStopped = now.ifStopped - alike * before.ifStopped
  const ifWalking = now.ifWalking - alike * before.ifWalking
  return (ifStopped ** 2 - ifWalking ** 2) / (2 * deviationM ** 2 * (1 - alike ** 2))
}

const NONE = { ifStopped: 0, ifWalking: 0 }

/** How far a fix is off, if the elder stopped at the edge, and if they went on. */
function errorsOf(
  { wentAt }: WayOut,
  at: EpochMs,
  beyondM: number,
): { ifStopped: number; ifWalking: number } {
  const walkedM = (WAY_PACE_M_PER_S * (at - wentAt)) / 1_000
  return { ifStopped: beyondM - Math.min(0, walkedM), ifWalking: beyondM - walkedM }
}

// Stored, and the same whether they were or not.
export const tenths = (metres: number): number => Math.round(metres * 10) / 10
const hundredths = (odds: number): number => Math.round(odds * 100) / 100

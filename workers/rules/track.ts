// Which fixes of a device are believed: in order, and not at the end of an impossible jump.

import type { EpochMs } from '../../model/units.ts'
import { atMostM, greatCircleM, ROUNDING_M } from '../geometry/earth.ts'
import { type Fix, isCoarse } from './fix.ts'

/**
 * Faster than this between two fixes is a glitch until another fix agrees. 120 km/h (33 m/s) is the limit on
 * Chinese expressways (道路交通安全法实施条例 §78); a fifth more for the error of the clocks.
 */
export const IMPOSSIBLE_M_PER_S = 40

/** Believed fixes that are kept: as many as an exit needs, so that a zone drawn later can be judged at once. */
export const RECENT_FIXES = 3

/** Fixes held back in a row; the next one is believed with them. A train is fast in every one. */
export const HELD_FIXES = 2

export type Track = {
  /** Time of the newest fix seen, believed or not. */
  at: EpochMs
  /** The newest believed fixes that are not coarse, oldest first. */
  recent: readonly Fix[]
  /** Fixes at the end of an impossible jump, oldest first. */
  held: readonly Fix[]
}

/** What became of a fix. */
export type FixVerdict = 'first' | 'plausible' | 'coarse' | 'out_of_order' | 'inserted' | 'held' | 'confirmed'

/**
 * `believed` are the fixes that now count as the newest, oldest first: those that were held, where this one confirms
 * them. A fix that came late is `inserted` among the recent ones where it fits between them, and is none of the newest.
 */
export type Followed = { verdict: FixVerdict; track: Track; believed: readonly Fix[] }

export const NO_TRACK: Track = { at: 0 as EpochMs, recent: [], held: [] }

/** Takes the next fix of a device. */
export function followFix(track: Track, fix: Fix): Followed {
  if (fix.at <= track.at) return insert(track, fix)
  const { recent, held } = track
  if (isCoarse(fix)) return { verdict: 'coarse', track: { at: fix.at, recent, held }, believed: [fix] }
  const last = recent.at(-1)
  if (last === undefined) return believe('first', recent, [fix])
  if (isPossible(last, fix)) return believe('plausible', recent, [fix])
  const lastHeld = held.at(-1)
  const agrees = lastHeld !== undefined && isPossible(lastHeld, fix)
  if (agrees || held.length >= HELD_FIXES) return believe('confirmed', recent, [...held, fix])
  return { verdict: 'held', track: { at: fix.at, recent, held: [...held, fix] }, believed: [] }
}

/** A fix that is older than what is known: it is of use as long as an exit may still be counted from it. */
function insert(track: Track, fix: Fix): Followed {
  const { at, recent, held } = track
  const behind = recent.findIndex(known => known.at > fix.at)
  const [before, next] = [recent[behind - 1], recent[behind]]
  const isOfUse = behind > 0 || (behind === 0 && recent.length < RECENT_FIXES)
  const fits =
    next !== undefined &&
    isPossible(fix, next) &&
    (before === undefined || (before.at < fix.at && isPossible(before, fix)))
  if (!isOfUse || !fits || isCoarse(fix)) return { verdict: 'out_of_order', track, believed: NONE }
  const all = [...recent.slice(0, behind), fix, ...recent.slice(behind)]
  return { verdict: 'inserted', track: { at, recent: all.slice(-RECENT_FIXES), held }, believed: NONE }
}

function believe(verdict: FixVerdict, recent: readonly Fix[], believed: readonly Fix[]): Followed {
  const newest = believed.at(-1) as Fix
  return { verdict, track: { at: newest.at, recent: newestOf(recent, believed), held: NONE }, believed }
}

const NONE: readonly Fix[] = []

/** The last fixes of both, in an array of just their number: one is kept for every device. */
function newestOf(recent: readonly Fix[], believed: readonly Fix[]): readonly Fix[] {
  const skipped = Math.max(0, recent.length + believed.length - RECENT_FIXES)
  const kept = new Array<Fix>(recent.length + believed.length - skipped)
  for (let i = 0; i < kept.length; i++) {
    const from = skipped + i
    kept[i] = (from < recent.length ? recent[from] : believed[from - recent.length]) as Fix
  }
  return kept
}

/** Whether one can have gone from `a` to `b`, both being as wrong as they say. */
function isPossible(a: Fix, b: Fix): boolean {
  const reachM = (IMPOSSIBLE_M_PER_S * (b.at - a.at)) / 1_000
  if (atMostM(a, b) + ROUNDING_M <= reachM + a.accuracyM + b.accuracyM) return true
  const atLeastM = greatCircleM(a, b) - a.accuracyM - b.accuracyM
  return atLeastM <= reachM
}

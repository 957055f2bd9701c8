// Which fixes of a device are believed: in order, and not at the end of an impossible jump.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { atMostM, greatCircleM, ROUNDING_M } from '../geometry/earth.ts'
import { type Fix, isCoarse } from './fix.ts'
import { fixFrom, type KeptFix, keep } from './kept-fix.ts'

/**
 * Faster than this between two fixes is a glitch until another fix agrees. 120 km/h (33 m/s) is the limit on
 * Chinese expressways (道路交通安全法实施条例 §78); a fifth more for the error of the clocks.
 */
export const IMPOSSIBLE_M_PER_S = 40

/** Believed fixes that are kept: as many as an exit needs, so that a zone drawn later can be judged at once. */
export const RECENT_FIXES = 3

/** Fixes held back in a row; the next one is believed with them. A train is fast in every one. */
export const HELD_FIXES = 2

/**
 * A band that somebody looks for tells where it is every second, and its errors go on for minutes: a fix this soon after
 * another one, coarse or alike and not much more exact, is that one told again. The hub's own choice, below the twenty seconds
 * for which exits are measured (docs/rules.md).
 */
export const SOON_MS = 15_000
/** So many times as exact, a fix says something new. */
const NEWS_TIMES = 2

export type Track = {
  /** Time of the newest fix seen, believed or not; absent when that is the last of `recent`. */
  at?: EpochMs | undefined
  /** The newest believed fixes that are not coarse, oldest first. */
  recent: readonly KeptFix[]
  /** Fixes at the end of an impossible jump, oldest first; absent when there are none. */
  held?: readonly KeptFix[] | undefined
}

/** What became of a fix. */
export type FixVerdict = 'first' | 'plausible' | 'coarse' | 'out_of_order' | 'inserted' | 'held' | 'confirmed'

/**
 * `believed` are the fixes that now count as the newest, oldest first: those that were held, where this one confirms
 * them. A fix that came late is `inserted` among the recent ones where it fits between them, and is none of the newest.
 */
export type Followed = { verdict: FixVerdict; track: Track; believed: readonly Fix[] }

export const NO_TRACK: Track = { recent: [] }

/** Time of the newest fix seen, 0 when there was none. */
export const seenUntil = ({ at, recent }: Track): number => at ?? recent[recent.length - 1]?.[0] ?? 0

/** Time of the newest fix that was believed, coarse ones too where none is held back; 0 when there was none. */
export const believedUntil = ({ at, recent, held }: Track): EpochMs =>
  (held === undefined ? at : undefined) ?? recent[recent.length - 1]?.[0] ?? epochMs(0)

/** The newest believed fix that is not coarse. */
export const lastOf = ({ recent }: Track): Fix | undefined => {
  const last = recent[recent.length - 1]
  return last && fixFrom(last)
}

export const recentOf = ({ recent }: Track): readonly Fix[] => recent.map(fixFrom)

/** Whether a fix is the last believed one told again. */
export function isToldAgain(track: Track, fix: Fix, soonMs = SOON_MS): boolean {
  const last = track.recent[track.recent.length - 1]
  if (last === undefined || fix.at <= last[0] || fix.at - last[0] >= soonMs) return false
  if (isCoarse(fix)) return true
  const [, lat, lon, accuracyM] = last
  if (fix.accuracyM * NEWS_TIMES <= accuracyM) return false
  return greatCircleM({ lat, lon }, fix) <= Math.max(accuracyM, fix.accuracyM)
}

/** Takes the next fix of a device. */
export function followFix(track: Track, fix: Fix): Followed {
  if (fix.at <= seenUntil(track)) return insert(track, fix)
  const { recent, held } = track
  if (isCoarse(fix)) return { verdict: 'coarse', track: { at: fix.at, recent, held }, believed: [fix] }
  const last = lastOf(track)
  if (last === undefined) return believe('first', recent, [fix])
  if (isPossible(last, fix)) return believe('plausible', recent, [fix])
  const before = (held ?? []).map(fixFrom)
  const lastHeld = before.at(-1)
  const agrees = lastHeld !== undefined && isPossible(lastHeld, fix)
  if (agrees || before.length >= HELD_FIXES) return believe('confirmed', recent, [...before, fix])
  return { verdict: 'held', track: { at: fix.at, recent, held: [...(held ?? []), keep(fix)] }, believed: [] }
}

/** A fix that is older than what is known: it is of use as long as an exit may still be counted from it. */
function insert(track: Track, fix: Fix): Followed {
  const { at, held } = track
  const recent = recentOf(track)
  const behind = recent.findIndex(known => known.at > fix.at)
  const [before, next] = [recent[behind - 1], recent[behind]]
  const isOfUse = behind > 0 || (behind === 0 && recent.length < RECENT_FIXES)
  const fits =
    next !== undefined &&
    isPossible(fix, next) &&
    (before === undefined || (before.at < fix.at && isPossible(before, fix)))
  if (!isOfUse || !fits || isCoarse(fix)) return { verdict: 'out_of_order', track, believed: NONE }
  const all = [...track.recent.slice(0, behind), keep(fix), ...track.recent.slice(behind)]
  return { verdict: 'inserted', track: { at, recent: all.slice(-RECENT_FIXES), held }, believed: NONE }
}

function believe(verdict: FixVerdict, recent: readonly KeptFix[], believed: readonly Fix[]): Followed {
  const track = { at: undefined, recent: newestOf(recent, believed), held: undefined }
  return { verdict, track, believed }
}

const NONE: readonly Fix[] = []

/** The last fixes of both, in an array of just their number: one is kept for every device. */
function newestOf(recent: readonly KeptFix[], believed: readonly Fix[]): readonly KeptFix[] {
  const skipped = Math.max(0, recent.length + believed.length - RECENT_FIXES)
  const kept = new Array<KeptFix>(recent.length + believed.length - skipped)
  for (let i = 0; i < kept.length; i++) {
    const from = skipped + i
    const known = recent[from]
    kept[i] = known ?? keep(believed[from - recent.length] as Fix)
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

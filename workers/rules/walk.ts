// What believed fixes make of the edges around an elder, step by step: what is remembered of each edge, and what was
// found on the way.

import type { Severity } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import type { Context, Raised } from '../rule.ts'
import {
  alongWay,
  type Crossing,
  type CrossingReason,
  crossingReason,
  followCrossing,
  isWayProven,
  type Watch,
} from './crossing.ts'
import { mendCrossing } from './crossing-mend.ts'
import { dangerSight, dangerSights } from './danger-zone.ts'
import { type Fix, isCoarse } from './fix.ts'
import { fixFrom, type KeptFix } from './kept-fix.ts'
import { type Sight, verdictOf } from './sight.ts'
import type { Passed } from './trail.ts'
import { fenceSights, isSurelySafe } from './zone-exit.ts'
import { countedOf, raisedAt } from './zone-finding.ts'

/** By key of the edge; none for those of which nothing has to be remembered. */
export type Watches = Readonly<Record<string, Watch>>

/** Every edge that matters for a place at a time. */
export function allSights(
  context: Context,
  seen: { fix: Fix; at: EpochMs; watched: Watches },
): readonly Sight[] {
  return [...fenceSights(context, seen.fix, seen.at), ...dangerSights(context, seen)]
}

/** What is remembered so far, and what was found on the way. */
export type Walk = { watches: Watches; findings: readonly Raised[] }

export const NONE: readonly Raised[] = []

/** When a finding of now happened; undefined when nothing may be raised. */
export type When = { at: EpochMs; lateMs: number; fixAgeMs?: number } | undefined

/**
 * Zones are taken as they hold at `heldAt`. `until`, where it is not the time of the fix: up to when nothing has spoken
 * against it.
 */
type Look = {
  fix: Fix
  before: readonly KeptFix[]
  heldAt: EpochMs
  until?: EpochMs
  when: When
  context: Context
}

/** Judges one believed fix against every edge. */
export function takeFix(walk: Walk, seen: Look): Walk {
  const { fix, heldAt: at, context } = seen
  const inDanger = dangerSights(context, { fix, at, watched: walk.watches })
  const next = inDanger.length === 0 ? walk : judge(walk, inDanger, seen)
  // Nothing is remembered, and inside there is nothing to remember.
  if (isNothing(next.watches) && isSurelySafe(context, fix, at)) return next
  return judge(next, fenceSights(context, fix, at), seen)
}

function judge(walk: Walk, sights: readonly Sight[], seen: Look): Walk {
  let next = walk
  for (const sight of sights) {
    const { key } = sight
    const before = next.watches[key]
    const past = () => pastOf(sight, seen)
    const { watch, mayRaise } = followCrossing(before, { sight, fix: seen.fix, past })
    if (watch === null) {
      if (before !== undefined) next = { watches: without(next.watches, key), findings: next.findings }
    } else if (mayRaise) next = tell(next, { ...seen, watch, sight })
    else if (watch !== before) next = { watches: { ...next.watches, [key]: watch }, findings: next.findings }
  }
  return next
}

/** The fixes before this one, seen against the same edge. */
function pastOf(sight: Sight, seen: Look): readonly Passed[] {
  return seen.before.flatMap(kept => {
    const fix = fixFrom(kept)
    const then = fix.at < seen.fix.at && sightAgain(sight, { ...seen, fix })
    return then ? [{ fix, beyondM: then.beyondM }] : []
  })
}

/** An edge that is new, or was not crossed: the last fixes are judged as if it had been there then. */
export function lookBack(
  walk: Walk,
  { sight, recent, ...seen }: Look & { sight: Sight; recent: readonly Fix[] },
): Walk {
  const last = recent.at(-1)
  let next = walk
  for (const fix of recent) {
    const then = sightAgain(sight, { ...seen, fix })
    if (then) next = judge(next, [then], { ...seen, fix, when: fix === last ? seen.when : undefined })
  }
  return next
}

/** The same edge, seen from another fix. */
function sightAgain({ key, zone }: Sight, { fix, heldAt, context }: Look): Sight | undefined {
  if (zone.kind === 'danger') return dangerSight(zone, fix)
  return fenceSights(context, fix, heldAt).find(sight => sight.key === key)
}

/** Keeps what a fix beyond the edge says, and raises it when it proves a crossing. */
export function tell({ watches, findings }: Walk, seen: Look & { watch: Watch; sight: Sight }): Walk {
  const { watch, sight, fix, when, context, until = fix.at } = seen
  const { crossing } = watch
  const kept = { watches: { ...watches, [sight.key]: watch }, findings }
  if (crossing === null || when === undefined) return kept
  const severity: Severity = context.wandering ? 'critical' : 'high'
  const known = { ...watch, crossing }
  const reason = crossingReason(known, sight, { fix, until, severity })
  const place = reason && placeOf(known, reason, seen)
  if (reason === undefined || place === undefined) return kept
  const told = { ...watch, crossing: { ...crossing, raised: severity }, way: undefined, lastM: undefined }
  const raised = raisedAt(agedBy(when, fix.at - place.fix.at), {
    watch: known,
    reason,
    severity,
    until,
    ...place,
  })
  return { watches: { ...watches, [sight.key]: told }, findings: [...findings, raised] }
}

type Place = { sight: Sight; fix: Fix }

/**
 * Where somebody is of whom this was found. Several fixes may prove it together, and the last of them be coarse, or lie
 * a little on the right side: then it is where the surest of those before lay; undefined when they are forgotten, and
 * the next fix has to tell.
 */
function placeOf(
  watch: Watch & { crossing: Crossing },
  reason: CrossingReason,
  seen: Look & { sight: Sight },
): Place | undefined {
  const { sight, fix } = seen
  const isOfAll = reason === 'clear' || reason === 'way'
  if (!isOfAll || (sight.beyondM > 0 && !isCoarse(fix))) return { sight, fix }
  const { wentAt } = countedOf(watch, reason)
  let surest: Place | undefined
  for (const kept of seen.before) {
    const then = fixFrom(kept)
    const its = then.at >= wentAt && sightAgain(sight, { ...seen, fix: then })
    if (!its || its.beyondM <= 0) continue
    const place = { sight: its, fix: then }
    if (surest === undefined || surenessOf(place) >= surenessOf(surest)) surest = place
  }
  return surest
}

const surenessOf = ({ sight, fix }: Place): number => sight.beyondM / fix.accuracyM

/** Of a place that was known so long before. */
const agedBy = (when: NonNullable<When>, ms: number): NonNullable<When> =>
  ms === 0 ? when : { ...when, fixAgeMs: (when.fixAgeMs ?? 0) + ms }

/** Tells of an edge that lies as it did, at a time at which no fix comes. */
export function tellNow(walk: Walk, seen: Look & { watch: Watch; sight: Sight; until: EpochMs }): Walk {
  const { watch, sight, until } = seen
  if (isWayProven(watch, sight, until)) return tell(walk, { ...seen, watch: alongWay(watch, sight) })
  return sight.beyondM > 0 ? tell(walk, seen) : walk
}

const NOTHING_BEFORE: readonly KeptFix[] = []

/** A fix that came late takes its place in what is not sure yet; `until` is the time of the newest one. */
export function mend(
  watches: Watches,
  { late, recent, until, context }: { late: Fix; recent: readonly Fix[]; until: EpochMs; context: Context },
): Watches {
  let mended = watches
  const others = recent.filter(({ at }) => at !== late.at)
  const seen = { fix: late, before: NOTHING_BEFORE, heldAt: late.at, when: undefined, context }
  for (const sight of allSights(context, { fix: late, at: late.at, watched: watches })) {
    const watch = watches[sight.key]
    if (watch === undefined) continue
    const known = others.flatMap(fix => {
      const then = sightAgain(sight, { ...seen, fix, heldAt: fix.at })
      return then ? [{ fix, beyondM: then.beyondM, verdict: verdictOf(then, fix) }] : []
    })
    const judged = { fix: late, beyondM: sight.beyondM, verdict: verdictOf(sight, late) }
    const next = mendCrossing(watch, judged, known)
    const proven = isWayProven(next, sight, until) ? alongWay(next, sight) : next
    if (proven !== watch) mended = { ...mended, [sight.key]: proven }
  }
  return mended
}

export function isNothing(watches: Watches): boolean {
  for (const _ in watches) return false
  return true
}

function without(watches: Watches, key: string): Watches {
  const { [key]: _gone, ...rest } = watches
  return rest
}

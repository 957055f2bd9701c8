// What believed fixes make of the edges around an elder, step by step: what is remembered of each edge, and what was
// found on the way.

import type { Severity } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import type { Context, Raised } from '../rule.ts'
import { crossingReason, followCrossing, mendCrossing, type Watch } from './crossing.ts'
import { dangerSight, dangerSights } from './danger-zone.ts'
import { type Fix, isCoarse } from './fix.ts'
import { fixFrom, type KeptFix } from './kept-fix.ts'
import { type Sight, verdictOf } from './sight.ts'
import type { Passed } from './trail.ts'
import { fenceSights, isSurelySafe } from './zone-exit.ts'
import { raisedAt } from './zone-finding.ts'

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

/** Zones are taken as they hold at `heldAt`. */
type Look = { fix: Fix; before: readonly KeptFix[]; heldAt: EpochMs; when: When; context: Context }

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
  const { watch, sight, fix, when, context } = seen
  const { crossing } = watch
  const severity: Severity = context.wandering ? 'critical' : 'high'
  const reason = crossing && when && crossingReason({ ...watch, crossing }, sight, { fix, severity })
  if (!crossing || !when || !reason) return { watches: { ...watches, [sight.key]: watch }, findings }
  const told = { ...watch, crossing: { ...crossing, raised: severity }, way: undefined }
  const proof = { watch: { ...watch, crossing }, reason, severity }
  const seenAt = reason === 'way' ? lastKnown(seen) : { sight, fix }
  const fixAgeMs = when.at - seenAt.fix.at
  const raised = raisedAt(seenAt.fix === fix ? when : { ...when, fixAgeMs }, { ...proof, ...seenAt })
  return { watches: { ...watches, [sight.key]: told }, findings: [...findings, raised] }
}

/** Where somebody is whose dwell is over at a coarse fix: where the last fix said that was none. */
function lastKnown(seen: Look & { sight: Sight }): { sight: Sight; fix: Fix } {
  const { sight, fix, before } = seen
  const last = before.at(-1)
  if (!isCoarse(fix) || last === undefined) return { sight, fix }
  const known = fixFrom(last)
  const then = sightAgain(sight, { ...seen, fix: known })
  return then === undefined ? { sight, fix } : { sight: then, fix: known }
}

const NOTHING_BEFORE: readonly KeptFix[] = []

/** A fix that came late takes its place in what is not sure yet. */
export function mend(
  watches: Watches,
  { late, recent, context }: { late: Fix; recent: readonly Fix[]; context: Context },
): Watches {
  let mended = watches
  const newer = recent.filter(fix => fix.at > late.at)
  const seen = { fix: late, before: NOTHING_BEFORE, heldAt: late.at, when: undefined, context }
  for (const sight of allSights(context, { fix: late, at: late.at, watched: watches })) {
    const watch = watches[sight.key]
    if (watch === undefined) continue
    const judged = newer.flatMap(fix => {
      const then = sightAgain(sight, { ...seen, fix, heldAt: fix.at })
      return then ? [{ at: fix.at, verdict: verdictOf(then, fix) }] : []
    })
    const next = mendCrossing(watch, { at: late.at, verdict: verdictOf(sight, late) }, judged)
    if (next !== watch) mended = { ...mended, [sight.key]: next }
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

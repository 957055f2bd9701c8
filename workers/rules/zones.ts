// Where the elder is, and where they should be. One track of believed fixes (track.ts) is judged against the fences
// around them (zone-exit.ts) and the danger zones near them (danger-zone.ts); crossing.ts says what it takes.

import type { Severity } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import { type Context, type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'
import { crossingReason, followCrossing, mendCrossing, type Watch } from './crossing.ts'
import { dangerSight, dangerSights } from './danger-zone.ts'
import { type Fix, fixOf } from './fix.ts'
import { nextEdgeOf, zoneOfKey } from './own-zones.ts'
import { type Sight, verdictOf } from './sight.ts'
import { followFix, NO_TRACK, type Track } from './track.ts'
import { fenceSights, isSurelySafe } from './zone-exit.ts'
import { raisedAt } from './zone-finding.ts'

/**
 * The hub's own choice: bracelets report every few minutes up to half an hour, so a last fix of this age is
 * where the elder is now when a zone is drawn.
 */
export const NOW_WITHIN_MS = 30 * 60_000

/** By key of the edge; none for those of which nothing has to be remembered. */
type Watches = Readonly<Record<string, Watch>>

export type ZonesState = {
  /** Whose track it is: it says nothing about the next wearer. */
  residentId: string | null
  track: Track
  watches: Watches
  /** When one of the zones may begin or cease to hold; null while none has a schedule. */
  edgeAt: EpochMs | null
  /** Old fixes came in that may prove something: the next tick looks at what still holds. */
  isLate: boolean
}

type State = ZonesState

export const zones: Rule<State> = {
  name: 'zones',
  version: 1,
  ticks: true,
  start: () => NOWHERE,
  step(state, input, context) {
    if (input.type === 'sample') return onSample(state, input, context)
    if (input.type === 'context') return onChange(state, input.now, context)
    return input.type === 'tick' && input.now >= nextLookAt(state)
      ? onLook(state, input.now, context)
      : undefined
  },
}

const NOWHERE: State = { residentId: null, track: NO_TRACK, watches: {}, edgeAt: null, isLate: false }

/** Ticks before it change nothing. */
export function nextLookAt({ isLate, edgeAt }: State): number {
  return isLate ? Number.NEGATIVE_INFINITY : (edgeAt ?? Number.POSITIVE_INFINITY)
}

function onSample(
  state: State,
  input: Extract<Input, { type: 'sample' }>,
  context: Context,
): Step<State> | undefined {
  const { now, at, lateMs, sample } = input
  const fix = sample.loc && fixOf(sample.loc, at)
  if (fix === undefined) return undefined
  const { verdict, track, believed } = followFix(state.track, fix)
  if (verdict === 'out_of_order') return undefined
  const { residentId } = context
  const edgeAt = state.edgeAt ?? nextEdgeOf(context, now)
  if (verdict === 'inserted') {
    const watches = mend(state.watches, { late: fix, recent: track.recent, context })
    return { state: { residentId, track, watches, edgeAt, isLate: state.isLate || hasUnraised(watches) } }
  }
  // A stale fix moves the state and raises nothing by itself: the next one, or the next tick, says what still holds.
  const when = lateMs <= STALE_MS ? { at, lateMs } : undefined
  let walk: Walk = { watches: state.watches, findings: NONE }
  for (const one of believed) {
    walk = takeFix(walk, { fix: one, heldAt: one.at, when: one === fix ? when : undefined, context })
  }
  const isLate = (when === undefined || state.isLate) && hasUnraised(walk.watches)
  return { state: { residentId, track, watches: walk.watches, edgeAt, isLate }, findings: walk.findings }
}

/** The registry changed: zones are judged against where the elder is now. */
function onChange(state: State, now: EpochMs, context: Context): Step<State> | undefined {
  if (state.track.recent.length === 0) return undefined
  if (state.residentId !== null && state.residentId !== context.residentId) return { state: null }
  return look({ ...state, edgeAt: null }, now, context, { at: now, lateMs: 0 })
}

/** Time has come: a zone began or ceased to hold, or old fixes are to be judged by what is known now. */
function onLook(state: State, now: EpochMs, context: Context): Step<State> | undefined {
  const last = state.track.recent.at(-1)
  const isEdge = state.edgeAt !== null && now >= state.edgeAt
  const edgeAt = isEdge ? null : state.edgeAt
  if (last === undefined)
    return { state: { ...state, edgeAt: edgeAt ?? nextEdgeOf(context, now), isLate: false } }
  // What old fixes prove happened when they were taken; what is outside of a zone that begins now is so from now on.
  const when = state.isLate ? { at: last.at, lateMs: Math.max(0, now - last.at) } : { at: now, lateMs: 0 }
  return look({ ...state, edgeAt }, now, context, when)
}

/** Judges what is known by what holds now. */
function look(
  state: State,
  now: EpochMs,
  context: Context,
  at: { at: EpochMs; lateMs: number },
): Step<State> {
  const { track, watches } = state
  const last = track.recent.at(-1) as Fix
  const fixAgeMs = now - last.at
  const when = fixAgeMs <= NOW_WITHIN_MS ? { ...at, fixAgeMs } : undefined
  const kept = stillBeyond(watches, { last, now, context })
  let walk: Walk = { watches: kept, findings: NONE }
  for (const sight of allSights(context, { fix: last, at: now, watched: kept })) {
    const watch = kept[sight.key]
    const seen = { fix: last, heldAt: now, when, context }
    if (watch === undefined) walk = lookBack(walk, { ...seen, sight, recent: track.recent })
    else if (verdictOf(sight, last) === 'beyond') walk = tell(walk, { ...seen, watch, sight })
  }
  const { residentId } = context
  const edgeAt = state.edgeAt ?? nextEdgeOf(context, now)
  return {
    state: { residentId, track, watches: walk.watches, edgeAt, isLate: false },
    findings: walk.findings,
  }
}

/** What the zones of now still allow: the edge is there, and the last fix is not on the right side of it. */
function stillBeyond(
  watches: Watches,
  { last, now, context }: { last: Fix; now: EpochMs; context: Context },
): Watches {
  if (isNothing(watches)) return watches
  const kept: Record<string, Watch> = {}
  const sights = allSights(context, { fix: last, at: now, watched: watches })
  for (const key in watches) {
    const watch = watches[key] as Watch
    const { crossing } = watch
    const sight = sights.find(one => one.key === key)
    if (!sight || !crossing) continue
    // Without the zone that was crossed it is another edge, and being beyond that one has not been told.
    if (!zoneOfKey(context, key, crossing.zoneId)) continue
    const verdict = verdictOf(sight, last)
    if (verdict === 'back' || (verdict === 'edge' && crossing.raised === null)) continue
    kept[key] = watch
  }
  return kept
}

function allSights(context: Context, seen: { fix: Fix; at: EpochMs; watched: Watches }): readonly Sight[] {
  return [...fenceSights(context, seen.fix, seen.at), ...dangerSights(context, seen)]
}

/** What is remembered so far, and what was found on the way. */
type Walk = { watches: Watches; findings: readonly Raised[] }

const NONE: readonly Raised[] = []

/** When a finding of now happened; undefined when nothing may be raised. */
export type When = { at: EpochMs; lateMs: number; fixAgeMs?: number } | undefined

/** Zones are taken as they hold at `heldAt`. */
type Look = { fix: Fix; heldAt: EpochMs; when: When; context: Context }

/** Judges one believed fix against every edge. */
function takeFix(walk: Walk, seen: Look): Walk {
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
    const { watch, isBeyond } = followCrossing(before, sight, seen.fix)
    if (watch === null) {
      if (before !== undefined) next = { watches: without(next.watches, key), findings: next.findings }
    } else if (isBeyond) next = tell(next, { ...seen, watch, sight })
    else if (watch !== before) next = { watches: { ...next.watches, [key]: watch }, findings: next.findings }
  }
  return next
}

/** An edge that is new, or was not crossed: the last fixes are judged as if it had been there then. */
function lookBack(
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
function tell({ watches, findings }: Walk, seen: Look & { watch: Watch; sight: Sight }): Walk {
  const { watch, sight, fix, when, context } = seen
  const { crossing } = watch
  const severity: Severity = context.wandering ? 'critical' : 'high'
  const reason = crossing && when && crossingReason({ ...watch, crossing }, sight, { fix, severity })
  if (!crossing || !when || !reason) return { watches: { ...watches, [sight.key]: watch }, findings }
  const told = { ...watch, crossing: { ...crossing, raised: severity } }
  const raised = raisedAt(when, { crossing, sight, fix, reason, severity })
  return { watches: { ...watches, [sight.key]: told }, findings: [...findings, raised] }
}

/** A fix that came late takes its place in what is not sure yet. */
function mend(
  watches: Watches,
  { late, recent, context }: { late: Fix; recent: readonly Fix[]; context: Context },
): Watches {
  let mended = watches
  const newer = recent.filter(fix => fix.at > late.at)
  const seen = { fix: late, heldAt: late.at, when: undefined, context }
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

function hasUnraised(watches: Watches): boolean {
  for (const key in watches) if (watches[key]?.crossing?.raised === null) return true
  return false
}

function isNothing(watches: Watches): boolean {
  for (const _ in watches) return false
  return true
}

function without(watches: Watches, key: string): Watches {
  const { [key]: _gone, ...rest } = watches
  return rest
}

// The elder left where they are safe. Errors of positions are part of the question: see track.ts for which
// fixes are believed, fence.ts for what one says, outing.ts for what it takes.

import type { Severity } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import { type Context, type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'
import { isSurelyInsideAll, ownerOf, type Sight, sightFences, verdictOf } from './fence.ts'
import { type Fix, fixOf } from './fix.ts'
import { type ExitReason, exitReason, followOuting, type Outing, type Watch } from './outing.ts'
import { followFix, NO_TRACK, type Track } from './track.ts'

/**
 * The hub's own choice: bracelets report every few minutes up to half an hour, so a last fix of this age is
 * where the elder is now when a zone is drawn.
 */
export const NOW_WITHIN_MS = 30 * 60_000

/** By owner of the fence; none for those of which nothing has to be remembered. */
type Watches = Readonly<Record<string, Watch>>

type State = {
  /** Whose track it is: it says nothing about the next wearer. */
  residentId: string | null
  track: Track
  watches: Watches
}

export const zoneExit: Rule<State> = {
  name: 'zone_exit',
  version: 1,
  ticks: false,
  start: () => NOWHERE,
  step(state, input, context) {
    if (input.type === 'sample') return onSample(state, input, context)
    return input.type === 'context' ? onContext(state, input.now, context) : undefined
  },
}

const NOWHERE: State = { residentId: null, track: NO_TRACK, watches: {} }

function onSample(
  { track, watches }: State,
  { at, lateMs, sample }: Extract<Input, { type: 'sample' }>,
  context: Context,
): Step<State> | undefined {
  const fix = sample.loc && fixOf(sample.loc, at)
  if (fix === undefined) return undefined
  const followed = followFix(track, fix)
  if (followed.verdict === 'out_of_order') return undefined
  let walk: Walk = { watches, findings: NONE }
  for (const believed of followed.believed) {
    // A stale fix moves the state and raises nothing: the next fresh one says whether it still holds.
    const when = believed === fix && lateMs <= STALE_MS ? { at, lateMs } : undefined
    walk = takeFix(walk, { fix: believed, when, context })
  }
  const { residentId } = context
  return { state: { residentId, track: followed.track, watches: walk.watches }, findings: walk.findings }
}

/** The registry changed: zones are judged against where the elder is now. */
function onContext(
  { residentId, track, watches }: State,
  now: EpochMs,
  context: Context,
): Step<State> | undefined {
  const last = track.recent.at(-1)
  if (last === undefined) return undefined
  if (residentId !== null && residentId !== context.residentId) return { state: null }
  const kept = stillOut(watches, last, context)
  const when = now - last.at <= NOW_WITHIN_MS ? { at: now, lateMs: 0, fixAgeMs: now - last.at } : undefined
  let walk: Walk = { watches: kept, findings: NONE }
  for (const sight of sightFences(context.zones, last)) {
    const { owner } = sight
    const watch = kept[owner]
    const look = { fix: last, when, context }
    if (watch === undefined) walk = lookBack(walk, { ...look, owner, recent: track.recent })
    else if (verdictOf(sight, last) === 'outside') walk = tell(walk, { ...look, owner, watch, sight })
  }
  return { state: { residentId: context.residentId, track, watches: walk.watches }, findings: walk.findings }
}

/** What the zones of now still allow: the fence is there, and the last fix is not inside it. */
function stillOut(watches: Watches, last: Fix, { zones }: Context): Watches {
  const kept: Record<string, Watch> = {}
  const sights = sightFences(zones, last)
  for (const owner in watches) {
    const watch = watches[owner] as Watch
    const sight = sights.find(one => one.owner === owner)
    const { outing } = watch
    if (!sight || !outing) continue
    // Without the zone that was left it is another fence, and being outside of that one has not been told.
    if (!zones.some(zone => zone.id === outing.zoneId && ownerOf(zone) === owner)) continue
    const verdict = verdictOf(sight, last)
    if (verdict === 'inside' || (verdict === 'edge' && outing.raised === null)) continue
    kept[owner] = watch
  }
  return kept
}

/** What is remembered so far, and what was found on the way. */
type Walk = { watches: Watches; findings: readonly Raised[] }

const NONE: readonly Raised[] = []

/** When a finding of now happened; undefined when nothing may be raised. */
type When = { at: EpochMs; lateMs: number; fixAgeMs?: number } | undefined

type Look = { fix: Fix; when: When; context: Context }

/** Judges one believed fix against every fence. */
function takeFix(walk: Walk, look: Look): Walk {
  // Nothing is remembered, and inside there is nothing to remember.
  if (isNothing(walk.watches) && isSurelyInsideAll(look.context.zones, look.fix)) return walk
  let next = walk
  for (const sight of sightFences(look.context.zones, look.fix)) {
    const { owner } = sight
    const before = next.watches[owner]
    const { watch, isOut } = followOuting(before, sight, look.fix)
    if (watch === null) {
      if (before !== undefined) next = { watches: without(next.watches, owner), findings: next.findings }
    } else if (isOut) next = tell(next, { ...look, owner, watch, sight })
    else if (watch !== before)
      next = { watches: { ...next.watches, [owner]: watch }, findings: next.findings }
  }
  return next
}

/** A fence that is new, or that the elder was not outside of: the last fixes are judged as if it had stood then. */
function lookBack(
  walk: Walk,
  { owner, recent, when, context }: Look & { owner: string; recent: readonly Fix[] },
): Walk {
  const fence = { ...context, zones: context.zones.filter(zone => ownerOf(zone) === owner) }
  const last = recent.at(-1)
  let next = walk
  for (const fix of recent) {
    next = takeFix(next, { fix, when: fix === last ? when : undefined, context: fence })
  }
  return next
}

/** Keeps what a fix outside says, and raises it when it proves an exit. */
function tell(
  { watches, findings }: Walk,
  { owner, watch, sight, fix, when, context }: Look & { owner: string; watch: Watch; sight: Sight },
): Walk {
  const { outing } = watch
  const severity: Severity = context.wandering ? 'critical' : 'high'
  const reason = outing && when && exitReason({ ...watch, outing }, sight, { fix, severity })
  if (!outing || !when || !reason) return { watches: { ...watches, [owner]: watch }, findings }
  const { at, lateMs, fixAgeMs } = when
  const evidence = evidenceOf(outing, sight, { fix, reason })
  if (fixAgeMs !== undefined) evidence.fixAgeMs = fixAgeMs
  return {
    watches: { ...watches, [owner]: { ...watch, outing: { ...outing, raised: severity } } },
    findings: [...findings, { kind: 'zone_exit', severity, at, lateMs, evidence }],
  }
}

function evidenceOf(
  { since, fixes }: Outing,
  { zone, distanceM }: Sight,
  { fix, reason }: { fix: Fix; reason: ExitReason },
): Record<string, unknown> {
  const { at, lat, lon, accuracyM, source } = fix
  return {
    zoneId: zone.id,
    zoneName: zone.name,
    reason,
    distanceM: Math.round(distanceM),
    accuracyM,
    source,
    outsideForMs: at - since,
    dwellMs: zone.dwellMs,
    fixes,
    position: { lat, lon, accuracyM, source },
  }
}

function isNothing(watches: Watches): boolean {
  for (const _ in watches) return false
  return true
}

function without(watches: Watches, owner: string): Watches {
  const { [owner]: _gone, ...rest } = watches
  return rest
}

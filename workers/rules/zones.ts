// Where the elder is, and where they should be. One track of believed fixes (track.ts) is judged against the fences
// around them (zone-exit.ts) and the danger zones near them (danger-zone.ts), as walk.ts goes about it; crossing.ts says
// what it takes.

import type { EpochMs } from '../../model/units.ts'
import { AHEAD_MS, type Context, type Input, type Rule, STALE_MS, type Step } from '../rule.ts'
import { type Fix, fixOf } from './fix.ts'
import { nextEdgeOf } from './own-zones.ts'
import { stillStanding } from './same-edge.ts'
import {
  believedUntil,
  followFix,
  isToldAgain,
  lastOf,
  NO_TRACK,
  recentOf,
  SOON_MS,
  seenUntil,
  type Track,
} from './track.ts'
import {
  allSights,
  isNothing,
  lookBack,
  mend,
  NONE,
  takeFix,
  tellNow,
  type Walk,
  type Watches,
} from './walk.ts'
import { wearerMark } from './wearer.ts'
import { packedZones, plainZones, zoneExit } from './zones.older.ts'
import { zonesStored } from './zones.stored.ts'

/**
 * The hub's own choice: bracelets report every few minutes up to half an hour, so a last fix of this age is
 * where the elder is now when a zone is drawn.
 */
export const NOW_WITHIN_MS = 30 * 60_000

/** Stored for every elder: what does not hold is not there. */
export type ZonesState = {
  /** Whose track it is, as `wearerMark` says; 0 while nobody is known to wear it. */
  w: number
  track: Track
  watches?: Watches | undefined
  /** When one of the zones may begin or cease to hold; absent while none has a schedule. */
  edgeAt?: EpochMs | undefined
  /** Old fixes came in that may prove something: the next tick looks at what still holds. */
  isLate?: true | undefined
}

type State = ZonesState

export const zones: Rule<State> = {
  name: 'zones',
  version: 3,
  older: [packedZones, plainZones, zoneExit],
  storedAs: zonesStored,
  ticks: true,
  start: () => NOWHERE,
  step(state, input, context) {
    if (input.type === 'sample') return onSample(isAhead(state, input.now) ? NOWHERE : state, input, context)
    if (input.type === 'context') return onChange(state, input.now, context)
    return input.type === 'tick' && input.now >= nextLookAt(state)
      ? onLook(state, input.now, context)
      : undefined
  },
}

/** 0° N 0° E is counted with the other parts of messages that were ignored. */
const NO_FIX: Step<State> = { ignored: ['loc.zero'] }

const isAhead = ({ track }: State, now: EpochMs): boolean => seenUntil(track) - now > AHEAD_MS

const NOWHERE: State = { w: 0, track: NO_TRACK }

type Known = { w: number; track: Track; watches: Watches; edgeAt: EpochMs | undefined; isLate: boolean }

const stateOf = ({ residentId }: Context, { w, track, watches, edgeAt, isLate }: Known): State => ({
  w: w === 0 ? wearerMark(residentId) : w,
  track,
  watches: isNothing(watches) ? undefined : watches,
  edgeAt,
  isLate: isLate ? true : undefined,
})

const NO_WATCHES: Watches = {}

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
  if (fix === undefined) return sample.loc && NO_FIX
  if (isToldAgain(state.track, fix) && isToldAgain(state.track, fix, soonOf(context))) return undefined
  const { verdict, track, believed } = followFix(state.track, fix)
  if (verdict === 'out_of_order') return undefined
  const { w, watches = NO_WATCHES } = state
  const edgeAt = state.edgeAt ?? nextEdgeOf(context, now) ?? undefined
  if (verdict === 'inserted') {
    const mended = mend(watches, { late: fix, recent: recentOf(track), until: believedUntil(track), context })
    const isLate = state.isLate === true || hasUnraised(mended)
    return { state: stateOf(context, { w, track, watches: mended, edgeAt, isLate }) }
  }
  // A stale fix moves the state and raises nothing by itself: the next one, or the next tick, says what still holds.
  const when = lateMs <= STALE_MS ? { at, lateMs } : undefined
  const before = state.track.recent
  let walk: Walk = { watches, findings: NONE }
  for (const one of believed) {
    walk = takeFix(walk, { fix: one, heldAt: one.at, when: one === fix ? when : undefined, context, before })
  }
  const isLate = (when === undefined || state.isLate === true) && hasUnraised(walk.watches)
  return {
    state: stateOf(context, { w, track, watches: walk.watches, edgeAt, isLate }),
    findings: walk.findings,
  }
}

/** A dwell that is shorter than usual takes more fixes. */
function soonOf({ zones, areas = [] }: Context): number {
  let dwellMs = FIXES_A_DWELL * SOON_MS
  for (const zone of zones) dwellMs = Math.min(dwellMs, zone.dwellMs)
  for (const { leastDwellMs } of areas) dwellMs = Math.min(dwellMs, leastDwellMs)
  return dwellMs / FIXES_A_DWELL
}

const FIXES_A_DWELL = 4

/** The registry changed: zones are judged against where the elder is now. */
function onChange(state: State, now: EpochMs, context: Context): Step<State> | undefined {
  if (state.w !== 0 && state.w !== wearerMark(context.residentId)) return { state: null }
  if (state.track.recent.length === 0) return undefined
  return look({ ...state, edgeAt: undefined }, now, context, { at: now, lateMs: 0 })
}

/** Time has come: a zone began or ceased to hold, or old fixes are to be judged by what is known now. */
function onLook(state: State, now: EpochMs, context: Context): Step<State> | undefined {
  const last = lastOf(state.track)
  const isEdge = state.edgeAt !== undefined && now >= state.edgeAt
  const edgeAt = isEdge ? undefined : state.edgeAt
  if (last === undefined)
    return { state: { ...state, edgeAt: edgeAt ?? nextEdgeOf(context, now) ?? undefined, isLate: undefined } }
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
  const { w, track, watches = NO_WATCHES } = state
  const recent = recentOf(track)
  const last = recent.at(-1) as Fix
  const fixAgeMs = now - last.at
  const when = fixAgeMs <= NOW_WITHIN_MS ? { ...at, fixAgeMs } : undefined
  const kept = stillStanding(watches, { last, now, context })
  const until = believedUntil(track)
  let walk: Walk = { watches: kept, findings: NONE }
  for (const sight of allSights(context, { fix: last, at: now, watched: kept })) {
    const watch = kept[sight.key]
    const seen = { fix: last, before: track.recent, heldAt: now, when, context }
    if (watch === undefined) walk = lookBack(walk, { ...seen, sight, recent })
    else walk = tellNow(walk, { ...seen, watch, sight, until })
  }
  const edgeAt = state.edgeAt ?? nextEdgeOf(context, now) ?? undefined
  return {
    state: stateOf(context, { w, track, watches: walk.watches, edgeAt, isLate: false }),
    findings: walk.findings,
  }
}

function hasUnraised(watches: Watches): boolean {
  for (const key in watches) if (watches[key]?.crossing?.raised === null) return true
  return false
}

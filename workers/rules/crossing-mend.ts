// A fix that came after newer ones takes its place in what is known of an edge, and is not told yet.

import { type Crossing, doubtsOf, isRaised, refutedOnce, type Watch } from './crossing.ts'
import type { Verdict } from './sight.ts'
import { goOn, type Passed, type Trail } from './trail.ts'
import { mendWayOut } from './way-out.ts'

/** A fix, and what it says about the edge. */
export type Judged = Passed & { verdict: Verdict }

/**
 * Takes a fix that came after newer ones, as if it had come in its place; `known` are those around it, oldest first. It
 * changes nothing that was raised, and begins nothing: what is newer said already that there is nothing.
 */
export function mendCrossing(watch: Watch, late: Judged, known: readonly Judged[]): Watch {
  const { crossing, way } = watch
  if (isRaised(watch)) return watch
  const next = crossing === null ? watch : mendVerdict({ ...watch, crossing }, late, known)
  const mended = way && mendWayOut(way, late, known)
  return mended === way ? next : { ...next, way: mended }
}

function mendVerdict(watch: Watch & { crossing: Crossing }, late: Judged, known: readonly Judged[]): Watch {
  const { crossing } = watch
  const { verdict } = late
  const { at } = late.fix
  const newer = known.filter(({ fix }) => fix.at > at)
  const trail = mendTrail(watch, late)
  const isBefore = at < crossing.since
  if (verdict === 'unsure')
    return trail === crossing.trail ? watch : { ...watch, crossing: { ...crossing, trail } }
  if (verdict === 'beyond') {
    const isRefuted = newer.some(one => one.fix.at < crossing.since && isOnRightSide(one.verdict))
    if (isBefore && isRefuted) return watch
    const since = isBefore || crossing.fixes === 0 ? at : crossing.since
    return { ...watch, crossing: { ...crossing, since, fixes: crossing.fixes + 1, trail } }
  }
  if (isBefore) return watch
  const beyond = newer.filter(one => one.verdict === 'beyond')
  const [first] = beyond
  const left = first && { ...crossing, since: first.fix.at, fixes: beyond.length, trail: undefined }
  return { ...watch, refuted: refutedOnce(watch), crossing: left ?? null }
}

/** A late fix on the wrong side agrees with those since the edge was crossed. */
function mendTrail(watch: Watch & { crossing: Crossing }, { fix, beyondM }: Judged): Trail | undefined {
  const { trail } = watch.crossing
  if (trail === undefined || beyondM <= 0 || fix.at <= trail.wentAt) return trail
  return goOn(trail, { fix, beyondM }, doubtsOf(watch, fix))
}

const isOnRightSide = (verdict: Verdict): boolean => verdict === 'edge' || verdict === 'back'

// When silent devices are an outage of their area (pure; docs/decisions/0019).

import type { ByArea } from '../records/silences.ts'

/** The hub's own choice: fewer are a house, or a bad day of one maker's devices. */
export const OUTAGE_DEVICES = 10

/** The hub's own choice: a share of the area's live devices that no habit of its people reaches. */
export const OUTAGE_SHARE = 0.2

/**
 * Devices that fall silent within this time, plus the interval at which each reports, fell silent together: what
 * cut them off was noticed by each at its next report. An interval counts for half an hour at most.
 */
export const OUTAGE_WITHIN_MS = 5 * 60_000
export const INTERVAL_AT_MOST_MS = 30 * 60_000

/** An area with this share of all that are silent in a larger one is where it is; below that it is the larger one. */
export const MOSTLY_HERE = 0.8

/** Heard again by this share of its devices an area is back: fewer are silent than would make an outage. */
export const BACK_SHARE = 1 - OUTAGE_SHARE

/** Until when a silence counts as one of the same moment. */
export const freshUntil = (toldAt: number, intervalMs: number): number =>
  toldAt + OUTAGE_WITHIN_MS + Math.min(intervalMs, INTERVAL_AT_MOST_MS)

export const isBack = ({ members, heard }: { members: number; heard: number }): boolean =>
  heard >= BACK_SHARE * members

/** An area with so many silent devices. */
export type Candidate = { path: string; silent: number }

/** The same, of so many live ones. */
export type Out = Candidate & { live: number }

/** From how many live devices on that many silent ones are no outage: no more have to be counted. */
export const enoughLive = (silent: number): number => Math.floor(silent / OUTAGE_SHARE) + 1

/**
 * Areas that may be out, by number: neither those that lie in an open outage, nor those that are silent because of
 * one below them.
 */
export function candidates(fresh: ByArea, openPaths: readonly string[]): Candidate[] {
  const silentIn = sumUp(fresh)
  const isExplained = (path: string, silent: number): boolean =>
    openPaths.some(
      open =>
        path.startsWith(open) || (open.startsWith(path) && (silentIn.get(open) ?? 0) >= MOSTLY_HERE * silent),
    )
  return [...silentIn]
    .filter(([path, silent]) => silent >= OUTAGE_DEVICES && !isExplained(path, silent))
    .map(([path, silent]) => ({ path, silent }))
}

/**
 * The areas that are out: of those that reach the share the lowest, and a larger one instead where that one's
 * devices are not mostly in the lower. None lies in another one.
 */
export function areasOut(counted: readonly Out[]): Out[] {
  const reaching = new Map<string, Out>()
  for (const out of counted) if (out.silent >= OUTAGE_SHARE * out.live) reaching.set(out.path, out)
  const chosen = new Map<string, Out>()
  for (const out of reaching.values()) {
    if (hasReachingBelow(out.path, reaching)) continue
    const one = widest(out, reaching)
    chosen.set(one.path, one)
  }
  return [...chosen.values()]
    .filter(({ path }) => !isBelowAny(path, chosen))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Counts by area as those of all areas above it too. */
function sumUp(counts: ByArea): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { path, count } of counts)
    for (const above of pathsUpFrom(path)) sums.set(above, (sums.get(above) ?? 0) + Number(count))
  return sums
}

/** `/root/wh/wh-1/`, `/root/wh/`, `/root/`. */
export function pathsUpFrom(path: string): string[] {
  const paths: string[] = []
  for (let end = path.length - 1; end > 0; end = path.lastIndexOf('/', end - 1))
    paths.push(path.slice(0, end + 1))
  return paths
}

function widest(lowest: Out, reaching: ReadonlyMap<string, Out>): Out {
  let chosen = lowest
  for (const path of pathsUpFrom(lowest.path)) {
    const above = reaching.get(path)
    if (above && chosen.silent < MOSTLY_HERE * above.silent) chosen = above
  }
  return chosen
}

const hasReachingBelow = (path: string, reaching: ReadonlyMap<string, Out>): boolean =>
  [...reaching.keys()].some(other => other !== path && other.startsWith(path))

const isBelowAny = (path: string, chosen: ReadonlyMap<string, Out>): boolean =>
  [...chosen.keys()].some(other => other !== path && path.startsWith(other))

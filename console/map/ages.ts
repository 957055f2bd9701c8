// How much a position still says: by its age and by how it was found.

import type { Fix } from '../../model/history.ts'

/** Someone who walks may be half a kilometre away by then. */
export const OLD_FROM_MS = 10 * 60_000
/** Wider than this is a neighbourhood and not a place: cell towers, and satellites through a roof. */
export const COARSE_FROM_M = 200

/** How a fix is to be read. */
export type Standing = { isOld: boolean; isCoarse: boolean }

export function standingOf(fix: Pick<Fix, 'at' | 'acc' | 'src'>, now: number): Standing {
  return { isOld: now - fix.at >= OLD_FROM_MS, isCoarse: isCoarse(fix) }
}

/** By a cell tower it is coarse also where nobody says how coarse. */
export const isCoarse = ({ acc, src }: Pick<Fix, 'acc' | 'src'>): boolean =>
  acc === undefined ? src === 'lbs' : acc > COARSE_FROM_M

/** 1 for what is now, 0 for what is as old as the track is long. */
export const freshness = (at: number, { from, to }: { from: number; to: number }): number =>
  to <= from ? 1 : Math.max(0, Math.min(1, (at - from) / (to - from)))

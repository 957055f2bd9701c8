// What is known of where an elder is: read from the hub once, and then again and again for as long as somebody looks.
// Pure; use-whereabouts.ts reads.

import type { Fix } from '../../model/history.ts'
import type { Zone } from '../../model/zone.ts'
import type { Problem } from '../shell/http.ts'
import { joined } from './track.ts'

/** How long a way is shown. */
export const TRACK_MS = 6 * 3_600_000

/** How often is asked: a band that is tracked reports every few seconds, others every few minutes. */
export const EVERY_MS = { live: 5_000, calm: 30_000 } as const
/** Fixes this close to each other are those of a band that is tracked. */
const LIVE_WITHIN_MS = 60_000

export type Part<T> = { status: 'loading' | 'failed' | 'known'; value: T }

export type Whereabouts = {
  /** NO_HISTORY: this hub keeps no positions at all. */
  latest: Part<Fix | null> & { problem?: Problem['code'] }
  track: Part<readonly Fix[]>
  hasHoles: boolean
  fences: Part<readonly Zone[]>
}

export const UNKNOWN: Whereabouts = {
  latest: { status: 'loading', value: null },
  track: { status: 'loading', value: [] },
  hasHoles: false,
  fences: { status: 'loading', value: [] },
}

export type Read =
  | { type: 'latest'; fix: Fix | null }
  | { type: 'latestFailed'; problem: Problem['code'] }
  | { type: 'track'; fixes: readonly Fix[]; hasHoles: boolean; from: number }
  | { type: 'trackFailed' }
  | { type: 'fences'; fences: readonly Zone[] }
  | { type: 'fencesFailed' }

/** What was known stays known where a later question fails. */
export function whereaboutsAfter(known: Whereabouts, read: Read): Whereabouts {
  switch (read.type) {
    case 'latest':
      return { ...known, latest: { status: 'known', value: newest(known.latest.value, read.fix) } }
    case 'latestFailed':
      return { ...known, latest: { ...known.latest, status: 'failed', problem: read.problem } }
    case 'track':
      return {
        ...known,
        track: { status: 'known', value: joined(known.track.value, read.fixes, read.from) },
        hasHoles: known.hasHoles || read.hasHoles,
      }
    case 'trackFailed':
      return { ...known, track: { ...known.track, status: 'failed' } }
    case 'fences':
      return { ...known, fences: { status: 'known', value: read.fences } }
    case 'fencesFailed':
      return { ...known, fences: { ...known.fences, status: 'failed' } }
  }
}

/** An answer that was overtaken by a later one takes nothing back. */
const newest = (known: Fix | null, read: Fix | null): Fix | null =>
  known !== null && (read === null || read.at < known.at) ? known : read

/** From where on the track is asked for: all of it at first, then what may have come late to its end. */
export function trackFrom({ track }: Whereabouts, now: number): number {
  const start = now - TRACK_MS
  const last = track.value.at(-1)
  return last === undefined ? start : Math.max(start, last.at - LATE_MS)
}

/** What comes late comes mostly within this. */
const LATE_MS = 5 * 60_000

/** Whether positions come as often as they do while somebody is lost. */
export function isLive({ track }: Whereabouts, now: number): boolean {
  const [before, last] = track.value.slice(-2)
  return (
    before !== undefined &&
    last !== undefined &&
    last.at - before.at <= LIVE_WITHIN_MS &&
    now - last.at <= 2 * LIVE_WITHIN_MS
  )
}

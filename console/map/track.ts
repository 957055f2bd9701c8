// A track as it is drawn: cut where nothing was heard for long, and faded in steps towards the past.

import type { Fix } from '../../model/history.ts'
import type { Position } from '../../model/zone.ts'
import { freshness, isCoarse } from './ages.ts'
import { unrolled } from './earth.ts'

/** Nobody knows the way that was taken in between. */
export const GAP_MS = 30 * 60_000
/** As many shades as an eye tells apart on a map. */
export const SHADES = 4

export type Stretch = {
  line: Position[]
  /** 0 is the oldest, SHADES − 1 the newest. */
  shade: number
  /** Between its two ends nothing was heard. */
  isGap: boolean
}

export type Track = { stretches: Stretch[]; coarse: Position[]; first: Fix | undefined }

/** `fixes` are the oldest first. Coarse ones are dots of their own: a line through them would be a way never walked. */
export function trackOf(fixes: readonly Fix[], span: { from: number; to: number }): Track {
  const [coarse, sharp] = [fixes.filter(isCoarse), fixes.filter(fix => !isCoarse(fix))]
  return { stretches: stretchesOf(sharp, span), coarse: coarse.map(placeOf), first: sharp[0] }
}

function stretchesOf(fixes: readonly Fix[], span: { from: number; to: number }): Stretch[] {
  const stretches: Stretch[] = []
  for (const [i, fix] of fixes.entries()) {
    const before = fixes[i - 1]
    if (before === undefined) continue
    const isGap = fix.at - before.at > GAP_MS
    const shade = Math.min(SHADES - 1, Math.floor(freshness(fix.at, span) * SHADES))
    const last = stretches.at(-1)
    if (last?.shade === shade && !last.isGap && !isGap) last.line.push(placeOf(fix))
    else stretches.push({ line: [placeOf(before), placeOf(fix)], shade, isGap })
  }
  return stretches.map(stretch => ({ ...stretch, line: unrolled(stretch.line) }))
}

export const placeOf = ({ lon, lat }: { lon: number; lat: number }): Position => [lon, lat]

/** Enough for six hours at a fix every five seconds; the oldest go. */
export const FIXES_KEPT = 5_000

/** Known fixes and newly read ones, each instant of a device once, none from before `from`. */
export function joined(known: readonly Fix[], read: readonly Fix[], from: number): Fix[] {
  const all = new Map<string, Fix>()
  for (const fix of [...known, ...read]) if (fix.at >= from) all.set(`${fix.deviceId} ${fix.at}`, fix)
  return [...all.values()].sort((a, b) => a.at - b.at).slice(-FIXES_KEPT)
}

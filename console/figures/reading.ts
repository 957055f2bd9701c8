// Figures as people read them (pure): shares, times and what changed. Nothing to divide by is no zero.

import type { Spread } from '../../model/figures.ts'

/** `97.5 %`; undefined where nothing was measured. Never rounded up to all of it, nor down to none. */
export function percent(share: number | null | undefined): string | undefined {
  if (share === null || share === undefined) return undefined
  const tenths = Math.round(share * 1_000)
  const shown = share < 1 && tenths === 1_000 ? 999 : share > 0 && tenths === 0 ? 1 : tenths
  return `${shown % 10 === 0 ? shown / 10 : (shown / 10).toFixed(1)}%`
}

/** The share within a limit; undefined where the figure has no such limit. */
export const withinOf = (
  spread: Spread,
  limitMs: number,
): { share: number | null; count: number; of: number } | undefined =>
  spread.within.find(one => one.limitMs === limitMs)

/** What a figure moved by, in its own unit: `up` is more, whatever that means for people. */
export type Change = { by: number; way: 'up' | 'down' | 'same' }

/** undefined where one of the two was not measured. */
export function changeOf(
  now: number | null | undefined,
  before: number | null | undefined,
): Change | undefined {
  if (typeof now !== 'number' || typeof before !== 'number') return undefined
  const by = now - before
  return { by: Math.abs(by), way: by > 0 ? 'up' : by < 0 ? 'down' : 'same' }
}

/** Whether a target is met: `missed` also by a hair, for what is promised is promised. */
export const standing = (
  share: number | null | undefined,
  target: number,
): 'met' | 'missed' | 'unmeasured' =>
  typeof share !== 'number' ? 'unmeasured' : share >= target ? 'met' : 'missed'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

export type Length = { value: string; unit: 'seconds' | 'minutes' | 'hours' }

/** A time as a figure: seconds up to two minutes, then minutes, then hours. */
export function lengthOf(ms: number): Length {
  if (ms < 2 * MINUTE_MS) return { value: trimmed(ms / SECOND_MS), unit: 'seconds' }
  if (ms < 120 * MINUTE_MS) return { value: trimmed(ms / MINUTE_MS), unit: 'minutes' }
  return { value: trimmed(ms / (60 * MINUTE_MS)), unit: 'hours' }
}

const trimmed = (value: number): string =>
  value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value))

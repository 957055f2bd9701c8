// What a chart shows, in our terms and not in those of whatever draws it.

import type { ChartLimit } from './limits.ts'

export type Series = {
  label: string
  /** As many as `x`; null is a hole. */
  values: readonly (number | null)[]
  color: string
  kind?: 'line' | 'bars' | 'edge'
  /** Beside its colour, what tells a line from the others. */
  dash?: readonly number[]
}

export type Plot = {
  /** Epoch ms, or any numbers where `xText` says what they stand for. Ascending. */
  x: readonly number[]
  series: readonly Series[]
  /** Fills the room between two series, by their places. */
  bands?: readonly { high: number; low: number; color: string }[]
  limits?: readonly ChartLimit[]
  /** Upright lines: when something happened. */
  marks?: readonly { at: number; label: string }[]
  /** What is shown also where there is nothing; else all of `x`. */
  span?: { from: number; to: number }
  yRange?: readonly [low: number, high: number]
  xText?: (x: number) => string
  yText?: (y: number) => string
}

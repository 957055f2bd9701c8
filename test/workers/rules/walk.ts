// Fixes around a home zone of 300 m, for stories of elders who leave it.

import type { Location, Telemetry } from '../../../model/telemetry.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { circle, placed, type Story, tell } from './story.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export type Extra = Partial<Omit<Location, 'lat' | 'lon'>>

/** A fix so many metres east of home; satellites with 10 m unless said otherwise. */
export const at = (eastM: number, extra: Extra = {}): Telemetry => ({
  loc: { acc: 10, src: 'gps', ...extra, ...placed(eastM) },
})

/** A story of an elder whose home zone has 300 m. */
export const elder = (context: Parameters<typeof tell>[1] = {}) =>
  tell([zones], { zones: [circle()], ...context })

/** Tells fixes at equal intervals, and returns how many exits they raised. */
export function fixes(story: Story, everyMs: number, ...samples: readonly Telemetry[]): number {
  const before = story.raised.length
  for (const sample of samples) {
    story.sample(sample)
    story.pass(everyMs)
  }
  return story.raised.length - before
}

// What is known of the vital signs around an alarm, from one reading to the next. Pure.

import type { Thresholds } from '../../model/thresholds.ts'
import type { Problem } from '../shell/http.ts'
import type { Readings, Span } from './readings.ts'

export type Failed = { status: 'failed'; problem: Problem['code'] }
export type Read = {
  status: 'known'
  span: Span
  everyMs: number
  readings: Readings
  thresholds: Thresholds | null
  hasHoles: boolean
}

/** `isStale`: what is shown was read before, and the last attempt to read it again has failed. */
export type Known = { status: 'loading' } | Failed | (Read & { isStale: boolean })

/** What was read stays where a later question fails, and is not called live any more. */
export function knownAfter(before: Known, answer: Read | Failed): Known {
  if (answer.status === 'known') return { ...answer, isStale: false }
  return before.status === 'known' ? { ...before, isStale: true } : answer
}

/** What the heading says of the charts. */
export const freshnessOf = ({ span, isStale }: Known & { status: 'known' }): 'live' | 'stale' | 'past' =>
  isStale ? 'stale' : span.isLive ? 'live' : 'past'

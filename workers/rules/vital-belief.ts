// What is believed of a vital sign. A single odd reading is no emergency: two in a row are believed as far as they
// agree, which is the milder of them; one that is extreme is believed by itself (docs/rules.md).

import { breachOf, type Judge, pointsOf, sideOf } from './vital-judge.ts'
import { NO_READING } from './vital-reading.ts'

export type Belief = {
  /** The reading to judge by; undefined when the newest is odd and nothing supports it yet. */
  value: number | undefined
  /** The newest reading would say something graver, if it holds. */
  waits: boolean
}

/** Of the newest reading and the one before it, `NO_READING` where there was none. */
export function beliefOf(judge: Judge, newest: number, before: number): Belief {
  const side = sideOf(judge, newest)
  if (side === undefined || isExtreme(judge, newest)) return { value: newest, waits: false }
  if (before === NO_READING || sideOf(judge, before) !== side) return { value: undefined, waits: true }
  const milder = side === 'below' ? Math.max(newest, before) : Math.min(newest, before)
  return { value: milder, waits: !saysTheSame(judge, milder, newest) }
}

/** So far out that no movement makes a sensor say so. */
export const isExtreme = (judge: Judge, value: number): boolean =>
  breachOf(judge, value)?.severity === 'critical'

const saysTheSame = (judge: Judge, a: number, b: number): boolean =>
  pointsOf(judge, a) === pointsOf(judge, b) && breachOf(judge, a)?.severity === breachOf(judge, b)?.severity

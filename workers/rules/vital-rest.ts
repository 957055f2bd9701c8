// Whether the elder has been at rest, as far as it is known: no step since a while. A wearable that counts no steps
// leaves it open, and its readings are taken as they are.

import type { EpochMs } from '../../model/units.ts'

/**
 * Blood pressure is measured after five minutes of rest (2023 ESH Guidelines, J Hypertens 41:1874), in which pulse and
 * breathing settle as well.
 */
export const REST_MS = 5 * 60_000

/** What the step counter said when, if the rest since then is of interest. */
export type Rest = readonly [steps: number, at: EpochMs]

/** What a sample says: `rest` to go on with, and whether its readings are of somebody at rest. */
export function followRest(
  rest: Rest | undefined,
  steps: number | undefined,
  at: EpochMs,
): { rest: Rest | undefined; isAtRest: boolean } {
  if (steps === undefined) return { rest: undefined, isAtRest: true }
  if (rest === undefined || rest[0] !== steps) return { rest: [steps, at], isAtRest: false }
  return { rest, isAtRest: at - rest[1] >= REST_MS }
}

/** Whether no step was made since a while that is not long enough yet: until then nothing is to be learned. */
export const isSettling = (rest: Rest | undefined, steps: number | undefined, at: EpochMs): boolean =>
  rest !== undefined && rest[0] === steps && at - rest[1] < REST_MS

/** Whether steps were made since the last look, or since nobody knows when. */
export const isWalking = (rest: Rest | undefined, steps: number): boolean =>
  rest === undefined || rest[0] !== steps

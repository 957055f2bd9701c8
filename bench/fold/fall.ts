// A fall as a bracelet tells it: the burst around its impact.

import { falling, recorded } from '../../test/workers/falls/bursts.ts'

/** The burst of a fall that comes at this time; the same seed gives the same one. */
export const fallAt = (at: number, seed: number): object => ({
  ...recorded(falling, { rateHz: 20, seed }),
  id: `burst-${seed}`,
  t0: at - 6_500,
})

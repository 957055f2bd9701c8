// How far the hub's clock is from this browser's.

/** A browser's clock that is off by less than this is taken as right. */
const SKEW_TOLERATED_MS = 2_000

/**
 * What is to be taken for it after the hub has said its time, `aheadMs` before the browser's: a clock that trembles is not
 * set anew, and a hub of an older version does not say its time in the greeting (NaN).
 */
export function skewAfter(skewMs: number, aheadMs: number): number {
  if (Number.isNaN(aheadMs)) return skewMs
  const said = Math.abs(aheadMs) < SKEW_TOLERATED_MS ? 0 : aheadMs
  return Math.abs(said - skewMs) < SKEW_TOLERATED_MS ? skewMs : said
}

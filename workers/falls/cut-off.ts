// From which odds on a burst is called a fall. A sensor that is slow or ends early takes the edge off every blow, of
// falls and of all else, and the odds of both are lower; so it has cut-offs of its own. They are chosen on the same
// recordings, imitated for each kind of sensor, and say nothing of what was recorded how.

/** Log odds from which on a burst is a fall: by what the sensor can reach, and by how fast it is. */
export type CutOdds = Record<'wide' | 'narrow', Record<'slow' | 'fast', number>>

/** What is known of the sensor, from its burst alone. */
export type Sensor = { rateHz: number; isNarrow: boolean }

/** Up to here a sensor is slow. */
export const SLOW_HZ = 25
/** From here on it is fast; in between, in between. What the model has learnt from was recorded at 40 and 50 Hz. */
export const FAST_HZ = 38

export function cutFor({ rateHz, isNarrow }: Sensor, cuts: CutOdds): number {
  const { slow, fast } = isNarrow ? cuts.narrow : cuts.wide
  const share = (rateHz - SLOW_HZ) / (FAST_HZ - SLOW_HZ)
  return slow + (fast - slow) * Math.max(0, Math.min(1, share))
}

// When alarms come faster than anybody can look at them (pure; ISA-18.2).

import { FLOOD_ABOVE, FLOOD_BELOW, FLOOD_WITHIN_MS, type Flood } from './figures.ts'

/**
 * Floods in the times of alarms, which are in order. One starts with the alarm that is the eleventh within ten
 * minutes, and ends when fewer than five are left of the last ten; `to` is null for one that lasts at `now`.
 */
export function floodsIn(times: readonly number[], now: number): Flood[] {
  const floods: Flood[] = []
  let flood: Flood | undefined
  let oldest = 0
  for (const [index, at] of times.entries()) {
    if (flood && endAfter(times, index - 1) <= at) {
      floods.push({ ...flood, to: endAfter(times, index - 1) })
      flood = undefined
    }
    while ((times[oldest] ?? at) <= at - FLOOD_WITHIN_MS) oldest++
    const fresh = index - oldest + 1
    if (flood) flood = { ...flood, alarms: flood.alarms + 1, most: Math.max(flood.most, fresh) }
    else if (fresh > FLOOD_ABOVE) flood = { from: at, to: null, alarms: fresh, most: fresh }
  }
  const end = endAfter(times, times.length - 1)
  if (flood) floods.push({ ...flood, to: end <= now ? end : null })
  return floods
}

/** When fewer than five would be left if the alarm at `index` were the last. */
const endAfter = (times: readonly number[], index: number): number =>
  (times[index - FLOOD_BELOW + 1] ?? 0) + FLOOD_WITHIN_MS

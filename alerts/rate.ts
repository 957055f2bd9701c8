// At most so many begun in any stretch of a fixed length: how the limits of channels are stated.

export type Rate = { most: number; everyMs: number }

/** `perSecond` as a whole number in a stretch of time: below one a second it is one in more than that. */
export function rateOf(perSecond: number): Rate {
  const most = Math.max(1, Math.floor(perSecond))
  return { most, everyMs: (most / perSecond) * 1_000 }
}

export type RateLimit = {
  /** How many may begin at `now`. */
  room(now: number): number
  /** So many have begun. */
  begun(count: number, now: number): void
  /** In how many ms there is room again; 0 when there is some. */
  roomIn(now: number): number
}

/** Times are of a clock that is never set. */
export function createRateLimit({ most, everyMs }: Rate): RateLimit {
  let begun: number[] = []
  const recent = (now: number): number[] => {
    begun = begun.filter(at => at > now - everyMs)
    return begun
  }
  return {
    room: now => most - recent(now).length,
    begun(count, now) {
      for (let i = 0; i < count; i++) begun.push(now)
    },
    roomIn(now) {
      const [oldest] = recent(now).length < most ? [] : begun
      return oldest === undefined ? 0 : Math.ceil(oldest + everyMs - now)
    },
  }
}

export const UNLIMITED: RateLimit = {
  room: () => Number.POSITIVE_INFINITY,
  begun: () => undefined,
  roomIn: () => 0,
}

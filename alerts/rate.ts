// How many messages may begin on a channel (pure). Begun ones are counted by tenths of the stretch that a limit is stated
// for: in no such stretch are there more, and what was slow on its way has up to a tenth of it to arrive.

/** At most so many in any stretch of a fixed length: how vendors state their limits. */
export type Rate = { most: number; everyMs: number }

/** How many have begun, by the time (epoch ms) at which each tenth starts; the oldest first. */
export type Begun = readonly (readonly [from: number, count: number])[]

/** Messages of each lane. */
export type Lanes = { urgent: number; routine: number }

export type Taken = {
  begun: Begun
  /** How many of those that were asked for may begin now. */
  granted: Lanes
  /** In how many ms there may be room for one more, in each lane; at least 1. */
  freeInMs: Lanes
}

/** From two a second on a limit is kept by the second: a minute's worth in one moment would be refused. */
const BY_THE_SECOND_FROM = 120
const PARTS = 10

/** `perMinute` is a whole number, 2 at least: one for what can wait, and one for what cannot. */
export function rateOf(perMinute: number): Rate {
  return perMinute < BY_THE_SECOND_FROM
    ? { most: perMinute, everyMs: 60_000 }
    : { most: Math.floor(perMinute / 60), everyMs: 1_000 }
}

/** What can wait never takes the second half: however much of it there is, an emergency finds room. */
export const mostOf = ({ most }: Rate, lane: keyof Lanes): number =>
  lane === 'urgent' ? most : Math.floor(most / 2)

/** Lets as many begin at `now` as may, the urgent ones first. */
export function take(begun: Begun, { rate, wanted, now }: { rate: Rate; wanted: Lanes; now: number }): Taken {
  const recent = recentOf(begun, { rate, now })
  const before = sumOf(recent)
  const urgent = roomFor(wanted.urgent, mostOf(rate, 'urgent') - before)
  const routine = roomFor(wanted.routine, mostOf(rate, 'routine') - before - urgent)
  const after = noted(recent, { count: urgent + routine, rate, now })
  const freeIn = (lane: keyof Lanes): number => freeInMs(after, { rate, most: mostOf(rate, lane), now })
  return {
    begun: after,
    granted: { urgent, routine },
    freeInMs: { urgent: freeIn('urgent'), routine: freeIn('routine') },
  }
}

/** When one that is held comes back, in ms: those who wait for longer go first, as many together as may begin. */
export function placeInMs({
  freeInMs,
  ahead,
  rate,
  lane,
}: {
  freeInMs: number
  ahead: number
  rate: Rate
  lane: keyof Lanes
}): number {
  return freeInMs + Math.floor(ahead / mostOf(rate, lane)) * (rate.everyMs + partMs(rate))
}

const partMs = ({ everyMs }: Rate): number => everyMs / PARTS

const roomFor = (wanted: number, room: number): number => Math.max(0, Math.min(wanted, room))

/** What began later than now did so by a clock that was ahead: it counts from now, or it would count for ever. */
function recentOf(begun: Begun, { rate, now }: { rate: Rate; now: number }): Begun {
  const part = partMs(rate)
  const ahead = begun.filter(([from]) => from > now)
  const recent = begun.filter(([from]) => from <= now && from + part + rate.everyMs > now)
  return noted(recent, { count: sumOf(ahead), rate, now })
}

function noted(begun: Begun, { count, rate, now }: { count: number; rate: Rate; now: number }): Begun {
  if (count === 0) return begun
  const part = partMs(rate)
  const from = Math.floor(now / part) * part
  const own = begun.find(([start]) => start === from)?.[1] ?? 0
  return [...begun.filter(([start]) => start !== from), [from, own + count]]
}

/** When so many of the oldest are forgotten that there is room. */
function freeInMs(begun: Begun, { rate, most, now }: { rate: Rate; most: number; now: number }): number {
  let left = sumOf(begun)
  let freeAt = now
  for (const [from, count] of begun) {
    if (left < most) break
    left -= count
    freeAt = from + partMs(rate) + rate.everyMs
  }
  return Math.max(1, Math.ceil(freeAt - now))
}

const sumOf = (begun: Begun): number => begun.reduce((sum, [, count]) => sum + count, 0)

// What a band says that lies still at a fence, or is carried out of one: positions of three sources, whose errors go on
// for minutes. The same seed always says the same.

import type { Location } from '../../model/telemetry.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS
/** Errors of one source, this long after each other, are alike by 1/e. */
export const CORRELATED_MS = 3 * MINUTE_MS
/** The fence: a circle around home. */
export const HOME = { lat: 37.51, lon: 122.12 } as const
export const EDGE_M = 300

/** Accuracy as stated, and how often: in a house most fixes are of Wi-Fi, at the window of satellites. */
export const SOURCES = [
  { src: 'gps', acc: 12, share: 0.6 },
  { src: 'wifi', acc: 60, share: 0.25 },
  { src: 'lbs', acc: 800, share: 0.15 },
] as const
/** 68 % of a normal error in two dimensions lie within so many of its standard deviations. */
export const SIGMAS = 1.51

export type Band = {
  /** Metres east of home, so long after the beginning. */
  eastM: (passedMs: number) => number
  forMs: number
  everyMs: number
  /** Standard deviation along an axis, of the stated accuracy. */
  sigma?: number
  /** How long a source stays; each fix by itself when it is left out. */
  staysMs?: number
  /** The only source, by its place in `SOURCES`. */
  only?: number
  seed: number
}

/** What one band says at a time, of which source, and how far that is off to the east. */
export type Said = { passedMs: number; loc: Location; source: number }

/** Fix by fix; errors of each source go on from where they were. */
export function* said(band: Band): Generator<Said> {
  const { eastM, forMs, everyMs, sigma = 1 / SIGMAS, staysMs = 0, only, seed } = band
  const { uniform, normal } = diceOf(seed)
  const errors = SOURCES.map(() => [normal(), normal()] as [number, number])
  const keep = Math.exp(-everyMs / CORRELATED_MS)
  const fresh = Math.sqrt(1 - keep * keep)
  let source = 0
  let until = 0
  for (let passedMs = 0; passedMs < forMs; passedMs += everyMs) {
    for (const error of errors)
      for (const axis of [0, 1] as const) error[axis] = keep * error[axis] + fresh * normal()
    if (passedMs >= until) {
      source = only ?? pick(uniform())
      until = passedMs + staysMs
    }
    const { src, acc } = SOURCES[source] as (typeof SOURCES)[number]
    const [east, north] = errors[source] as [number, number]
    const place = placed(eastM(passedMs) + east * sigma * acc, north * sigma * acc)
    yield { passedMs, source, loc: { ...place, acc, src } }
  }
}

/** A place so many metres east and north of home. */
const placed = (eastM: number, northM: number): { lat: number; lon: number } => ({
  lat: HOME.lat + northM / 111_195,
  lon: HOME.lon + eastM / (111_195 * Math.cos((HOME.lat * Math.PI) / 180)),
})

function pick(part: number): number {
  let sum = 0
  for (const [i, { share }] of SOURCES.entries()) {
    sum += share
    if (part < sum) return i
  }
  return 0
}

/** Dice that always fall the same (mulberry32). */
function diceOf(seed: number): { uniform(): number; normal(): number } {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform() || 2 ** -33)) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal }
}

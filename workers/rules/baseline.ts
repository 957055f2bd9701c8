// What is usual for one elder: of every vital sign a level and a spread, learned by stochastic approximation. Readings
// are clipped before they teach, so that one that is odd moves nothing much, and an illness that creeps in over weeks
// is left behind rather than learned (docs/rules.md). Four numbers a sign are kept, and no clock is read.

import type { EpochMs } from '../../model/units.ts'
import { JUDGED_VITALS, type JudgedVital, NO_READING, type Readings } from './vital-reading.ts'

/** How often a sign is learned from: once in each hour of the clock, at rest. */
export const LEARN_EVERY_MS = 3_600_000

/** Fewer hours than these say nothing: by day and by night, three days at least. */
export const LEAST_HOURS = 72

/** The weight of a new hour never falls below one in this many: fourteen days, worn day and night. */
export const MEMORY_HOURS = 336

/**
 * A reading teaches the level as if it were at most this many spreads away, and beyond teaches nothing about the
 * spread: the level follows by 0.14 spreads a day at most, and an illness does not widen what is usual around itself.
 */
export const CLIPPED_AT = 2

/** Of normal readings within two spreads, the mean distance from the level is 0.723 spreads. */
const MEAN_WITHIN = 0.723

/** A first guess of the spread counts as much as so many hours. */
const GUESS_HOURS = 8

/** Further from the level than this is unusual; for normal readings one in 16,000. */
export const UNUSUAL_FROM = 4
/** Nearer than this is usual again. */
export const USUAL_WITHIN = 3

/** Level, spread, hours learned from (at most `MEMORY_HOURS`), and the last hour's number modulo `HOUR_MARKS`. */
export type Learned = readonly [level: number, spread: number, hours: number, hourMark: number]

/** In the order of JUDGED_VITALS, as far as something was learned; 0 where nothing was. */
export type Baseline = readonly (Learned | 0)[]

const HOUR_MARKS = 1_000

type Habit = {
  /** Of readings at rest over days, before anything is known. */
  guessedSpread: number
  /** Never less: a steady elder must not be told of for a sensor's step. */
  leastSpread: number
  /** Decimals that are stored: a new hour has to be able to move the level. */
  scale: number
  /** More oxygen than usual is no news. */
  onlyBelow?: true
}

/** The hub's own choice: what healthy elders' readings at rest spread by, and what wrist sensors repeat themselves to. */
const HABITS: Record<JudgedVital, Habit> = {
  hr: { guessedSpread: 8, leastSpread: 4, scale: 1_000 },
  spo2: { guessedSpread: 1.5, leastSpread: 1, scale: 1_000, onlyBelow: true },
  rr: { guessedSpread: 2.5, leastSpread: 1.5, scale: 1_000 },
  sbp: { guessedSpread: 12, leastSpread: 6, scale: 1_000 },
  temp: { guessedSpread: 0.4, leastSpread: 0.25, scale: 10_000 },
}

/** In the order of JUDGED_VITALS. */
export const HABIT_SCALES = JUDGED_VITALS.map(name => HABITS[name].scale)

const habitOf = (i: number): Habit => HABITS[JUDGED_VITALS[i] as JudgedVital]

export const NOTHING_LEARNED: Baseline = JUDGED_VITALS.map(() => 0)

/** Whether enough was learned to call a reading unusual. */
export const isKnown = (learned: Learned | 0 | undefined): learned is Learned =>
  learned !== undefined && learned !== 0 && learned[2] >= LEAST_HOURS

/** How many spreads a reading lies above the level, or below it where that matters; 0 while too little is known. */
export function deviationOf(learned: Learned | 0 | undefined, i: number, value: number): number {
  if (!isKnown(learned)) return 0
  const [level, spread] = learned
  const deviation = (value - level) / spread
  return deviation > 0 && habitOf(i).onlyBelow ? 0 : deviation
}

export const isUnusual = (deviation: number): boolean => Math.abs(deviation) > UNUSUAL_FROM

/** Whether a reading could still be learned from in the hour of `at`. */
export const isDue = (learned: Learned | 0 | undefined, at: EpochMs): boolean =>
  learned === undefined || learned === 0 || learned[3] !== hourMarkOf(at)

/** Whether these readings are nothing unusual and nothing new to learn: nearly always. */
export function isNothingNew(baseline: Baseline, readings: Readings, at: EpochMs): boolean {
  const hourMark = hourMarkOf(at)
  for (let i = 0; i < JUDGED_VITALS.length; i++) {
    const value = readings[i] as number
    if (value === NO_READING) continue
    const learned = baseline[i]
    if (learned === undefined || learned === 0 || learned[3] !== hourMark) return false
    if (learned[2] >= LEAST_HOURS && Math.abs(value - learned[0]) > UNUSUAL_FROM * learned[1]) return false
  }
  return true
}

/** Takes the reading of an hour. */
export function learn(
  learned: Learned | 0 | undefined,
  { i, value, at }: { i: number; value: number; at: EpochMs },
): Learned {
  const { guessedSpread, leastSpread, scale } = habitOf(i)
  const hourMark = hourMarkOf(at)
  if (learned === undefined || learned === 0) return [value, guessedSpread, 1, hourMark]
  const [level, spread, known] = learned
  const hours = Math.min(known + 1, MEMORY_HOURS)
  const reach = CLIPPED_AT * spread
  const off = value - level
  // Until enough is known the level is a plain mean: one that began with an odd reading could not get away from it.
  const step = isKnown(learned) ? Math.max(-reach, Math.min(reach, off)) : off
  const away = Math.abs(off)
  const taught = away < reach ? (away / MEAN_WITHIN - spread) / (hours + GUESS_HOURS) : 0
  const rounded = (number: number): number => Math.round(number * scale) / scale
  return [rounded(level + step / hours), Math.max(leastSpread, rounded(spread + taught)), hours, hourMark]
}

export const hourMarkOf = (at: EpochMs): number => Math.floor(at / LEARN_EVERY_MS) % HOUR_MARKS

// What is remembered of readings: the newest of every vital sign and the one before it. It changes with every sample
// of every elder and is stored for all of them, so it is one short list of numbers.
//
//   memory := newest time, newest reading × 5, reading before × 5, age × 5
//
// Times are epoch ms, ages ms before the newest time; the five are those of JUDGED_VITALS, 0 where there is nothing.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { JUDGED_VITALS, type JudgedVital, NO_READING, type Readings } from './vital-reading.ts'

export type Memory = readonly number[]

/**
 * How old a reading may be to count as how the elder is now. Pulse, breathing and oxygen change within minutes; the
 * slowest wearables report every half hour, and a reading has to last until the next one. Temperature and pressure
 * change slower and are measured less often; an hour is how often NEWS2 wants a whole set again from a score of 5 on,
 * and what lies further apart was never true at one time.
 */
export const FRESH_FOR_MS: Record<JudgedVital, number> = {
  hr: 30 * 60_000,
  spo2: 30 * 60_000,
  rr: 30 * 60_000,
  sbp: 60 * 60_000,
  temp: 60 * 60_000,
}

/** The hub's own choice. */
const REPEAT_WITHIN_MS = 60_000

const FRESH_MS = JUDGED_VITALS.map(name => FRESH_FOR_MS[name])

const COUNT = JUDGED_VITALS.length
/** Where the newest readings begin, those before, and the ages. */
export const NEWEST = 1
export const BEFORE = NEWEST + COUNT
export const AGE = BEFORE + COUNT
const LENGTH = AGE + COUNT

export const NOTHING_KNOWN: Memory = new Array<number>(LENGTH).fill(0)

/** The newest reading of a vital sign, by its place in JUDGED_VITALS. */
export const newestOf = (memory: Memory, i: number): number => memory[NEWEST + i] as number

/** The reading before the newest. */
export const beforeOf = (memory: Memory, i: number): number => memory[BEFORE + i] as number

/** When the newest reading was taken. */
export const takenAt = (memory: Memory, i: number): EpochMs =>
  epochMs((memory[0] as number) - (memory[AGE + i] as number))

/** Whether there is a reading that says how the elder is at `now`. */
export const isFresh = (memory: Memory, i: number, now: EpochMs): boolean =>
  newestOf(memory, i) !== NO_READING && now - takenAt(memory, i) <= (FRESH_MS[i] as number)

/**
 * Whether these readings are what is known already, from less than a minute ago: a device that says the same every
 * few seconds has not to be written down every time, and an age that is a minute too high changes nothing.
 */
export function isRepeat(memory: Memory, readings: Readings, at: EpochMs): boolean {
  for (let i = 0; i < COUNT; i++) {
    const value = readings[i] as number
    if (value === NO_READING) continue
    const agoMs = at - takenAt(memory, i)
    if (value !== newestOf(memory, i) || agoMs < 0 || agoMs >= REPEAT_WITHIN_MS) return false
  }
  return true
}

/** Places of the readings that are newer than what is known; the same once more is not. */
export const newsOf = (memory: Memory, readings: Readings, at: EpochMs): number[] =>
  JUDGED_VITALS.flatMap((_, i) => {
    const isNewer = newestOf(memory, i) === NO_READING || takenAt(memory, i) < at
    return (readings[i] as number) > NO_READING && isNewer ? [i] : []
  })

/** Takes the readings of a sample that are news; those that are not believed are none. The same memory when none is. */
export function remember(memory: Memory, readings: Readings, at: EpochMs): Memory {
  const knownUntil = memory[0] as number
  const until = at > knownUntil ? at : knownUntil
  // Written out, so that it is made as the list of sixteen doubles that it becomes.
  const next = [until, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  let isChanged = false
  for (let i = 0; i < COUNT; i++) {
    const value = readings[i] as number
    const newest = memory[NEWEST + i] as number
    const takenAgoMs = until - knownUntil + (memory[AGE + i] as number)
    const isKnown = newest !== NO_READING && takenAgoMs <= (FRESH_MS[i] as number)
    if (value > NO_READING && (newest === NO_READING || until - takenAgoMs < at)) {
      isChanged = true
      next[NEWEST + i] = value
      next[BEFORE + i] = isKnown ? newest : NO_READING // of long ago, it supports nothing
      next[AGE + i] = until - at
    } else if (isKnown) {
      next[NEWEST + i] = newest
      next[BEFORE + i] = memory[BEFORE + i] as number
      next[AGE + i] = takenAgoMs
    }
  }
  return isChanged ? next : memory
}

/** Nothing has contradicted the newest reading of a sign for long enough: it counts as if it had come twice. */
export const confirmed = (memory: Memory, i: number): Memory => memory.with(BEFORE + i, newestOf(memory, i))

/** Without what is known of a sign. */
export const forgotten = (memory: Memory, i: number): Memory =>
  memory
    .with(NEWEST + i, NO_READING)
    .with(BEFORE + i, NO_READING)
    .with(AGE + i, 0)

// Times as people at a desk read them.

import { duration } from '../../model/amounts.ts'
import type { Words } from './words.zh.ts'

/** A running clock: `04:07`, above an hour `1:04:07`, above a day in days. Never negative. */
export function clock(ms: number, words: Words): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const hours = Math.floor(seconds / 3_600)
  if (hours >= 24) return duration(ms, words.explain.amounts)
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** Time of day of an epoch, to the second today, and with the date in front on other days. */
export function timeOfDay(at: number, now: number, words: Words): string {
  const date = new Date(at)
  const isToday = date.toDateString() === new Date(now).toDateString()
  const time = date.toLocaleTimeString(words.lang, isToday ? TO_THE_SECOND : TO_THE_MINUTE)
  return isToday ? time : `${date.toLocaleDateString(words.lang, DAY)} ${time}`
}

const TO_THE_MINUTE = { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const
const TO_THE_SECOND = { ...TO_THE_MINUTE, second: '2-digit' } as const
const DAY = { month: '2-digit', day: '2-digit' } as const

/** Lateness up to this is the network's; above it, it is said. */
export const LATE_FROM_MS = 60_000

const two = (value: number): string => String(value).padStart(2, '0')

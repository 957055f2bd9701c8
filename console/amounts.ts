// Times, durations and distances as people at a desk read them.

import type { Words } from './words/zh.ts'

/** A running clock: `04:07`, above an hour `1:04:07`, above a day in days. Never negative. */
export function clock(ms: number, words: Words): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const hours = Math.floor(seconds / 3_600)
  if (hours >= 24) return duration(ms, words)
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** A duration in its one or two largest units: `12 分钟`, `3 小时 20 分钟`, `2 天 4 小时`. */
export function duration(ms: number, words: Words): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000)
  if (minutes === 0) return `${Math.floor(Math.max(0, ms) / 1_000)} ${words.second}`
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} ${words.minute}`
  if (hours < 24) return joined([hours, words.hour], [minutes % 60, words.minute], words)
  return joined([Math.floor(hours / 24), words.day], [hours % 24, words.hour], words)
}

function joined([big, bigUnit]: Amount, [small, smallUnit]: Amount, words: Words): string {
  const head = `${big} ${bigUnit}`
  return small === 0 ? head : `${head}${words.timeGap}${small} ${smallUnit}`
}

type Amount = readonly [count: number, unit: string]

/** Metres, from a kilometre on in kilometres. */
export function distance(metres: number, words: Words): string {
  if (metres < 1_000) return `${Math.round(metres)} ${words.metres}`
  return `${number(Math.round(metres / 100) / 10)} ${words.kilometres}`
}

/** Up to two decimals, without trailing zeros. */
export const number = (value: number): string => String(Math.round(value * 100) / 100)

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

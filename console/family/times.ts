// Times as a family reads them (pure), by the clock on the phone's own wall.

import type { Words } from './words.zh.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Below this "just now" is true. */
export const JUST_NOW_MS = 2 * MINUTE_MS

type Said = { now: number; words: Words; timeZone?: string | undefined }

/** `14:02`, `昨天 14:02`, `11月20日 14:02`. */
export function clockOf(at: number, { now, words, timeZone }: Said): string {
  const day = partsOf(at, timeZone)
  const clock = `${day.hour}:${day.minute}`
  const isOn = (other: number) => partsOf(other, timeZone).date === day.date
  if (isOn(now)) return words.today(clock)
  if (isOn(now - 24 * HOUR_MS) && at < now) return words.yesterday(clock)
  return words.onDay(day.month, day.day, clock)
}

/** `刚刚`, `5 分钟前`, `3 小时前`, then the clock. */
export function agoOf(at: number, said: Said): string {
  const ageMs = said.now - at
  if (ageMs < JUST_NOW_MS) return said.words.justNow
  if (ageMs < HOUR_MS) return said.words.minutesAgo(Math.floor(ageMs / MINUTE_MS))
  if (ageMs < 12 * HOUR_MS) return said.words.hoursAgo(Math.floor(ageMs / HOUR_MS))
  return clockOf(at, said)
}

function partsOf(at: number, timeZone: string | undefined) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const { year, month, day, hour, minute } = parts
  return { date: `${year}-${month}-${day}`, month: Number(month), day: Number(day), hour, minute }
}

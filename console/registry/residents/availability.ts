// Hours of a week in words (pure).

import type { Schedule } from '../../../model/schedule.ts'
import type { RegistryWords } from '../words.zh.ts'

/** `周一–周五 08:00–20:00`, or that it is always. */
export function sayAvailability(schedule: Schedule, { contacts }: RegistryWords): string {
  if (schedule.length === 0) return contacts.always
  return schedule.map(({ days, from, to }) => `${sayDays(days, contacts.days)} ${from}–${to}`).join('; ')
}

function sayDays(days: readonly number[], names: readonly string[]): string {
  const sorted = days.toSorted((a, b) => a - b)
  const first = sorted[0] ?? 1
  const last = sorted.at(-1) ?? 7
  const isRun = sorted.length > 2 && last - first === sorted.length - 1
  const name = (day: number) => names[day - 1] ?? String(day)
  return isRun ? `${name(first)}–${name(last)}` : sorted.map(name).join(' ')
}

// Which time figures are asked for, and which one they are compared with (pure). Days are those of the hub's time zone,
// whatever the browser's clock says.

import { DAY_MS, dayAt, spanOfDay } from '../../model/local-days.ts'

export const PERIOD_KINDS = ['day', 'week', 'month', 'custom'] as const
export type PeriodKind = (typeof PERIOD_KINDS)[number]

/** `day` is the one that a day, week or month is chosen by; of `custom` both days are included. `YYYY-MM-DD`. */
export type Chosen =
  | { kind: Exclude<PeriodKind, 'custom'>; day: string }
  | { kind: 'custom'; first: string; last: string }

export type Span = { from: number; to: number }

export type Period = Span & {
  /** The local days, both included. */
  first: string
  last: string
  /** The one before, as long as this one has lasted so far. */
  before: Span
  /** It has not ended yet. */
  goesOn: boolean
}

/** The longest time that the hub counts at once. */
export const DAYS_MAX = 366

/** undefined where it cannot be asked for: its last day is before its first, it is too long, or it has not begun. */
export function periodOf(chosen: Chosen, now: number, timeZone: string): Period | undefined {
  const [first, last] = daysOf(chosen)
  if (!isDay(first) || !isDay(last) || last < first) return undefined
  const from = spanOfDay(first, timeZone).from
  const end = spanOfDay(last, timeZone).to
  if (from >= now || end - from > DAYS_MAX * DAY_MS) return undefined
  const to = Math.min(end, now)
  const began = spanOfDay(firstBefore(chosen, first, last), timeZone).from
  return {
    first,
    last,
    from,
    to,
    before: { from: began, to: Math.min(from, began + (to - from)) },
    goesOn: end > now,
  }
}

/** The day, week or month `by` further on. */
export function moved(chosen: Chosen, by: 1 | -1): Chosen {
  switch (chosen.kind) {
    case 'day':
      return { kind: 'day', day: addDays(chosen.day, by) }
    case 'week':
      return { kind: 'week', day: addDays(chosen.day, 7 * by) }
    case 'month':
      return { kind: 'month', day: addMonths(monthStart(chosen.day), by) }
    case 'custom': {
      const days = daysBetween(chosen.first, chosen.last) + 1
      return {
        kind: 'custom',
        first: addDays(chosen.first, by * days),
        last: addDays(chosen.last, by * days),
      }
    }
  }
}

/** The same time seen as another kind: the week of the day, the month of the week. */
export function asKind(chosen: Chosen, kind: PeriodKind, today: string): Chosen {
  const [first, end] = daysOf(chosen)
  const last = end > today ? today : end
  return kind === 'custom'
    ? { kind, first, last: last < first ? first : last }
    : { kind, day: last < first ? first : last }
}

export const todayIn = (now: number, timeZone: string): string => dayAt(now, timeZone)

function daysOf(chosen: Chosen): [first: string, last: string] {
  switch (chosen.kind) {
    case 'day':
      return [chosen.day, chosen.day]
    case 'week': {
      const first = addDays(chosen.day, -weekday(chosen.day))
      return [first, addDays(first, 6)]
    }
    case 'month': {
      const first = monthStart(chosen.day)
      return [first, addDays(addMonths(first, 1), -1)]
    }
    case 'custom':
      return [chosen.first, chosen.last]
  }
}

function firstBefore(chosen: Chosen, first: string, last: string): string {
  return chosen.kind === 'month' ? addMonths(first, -1) : addDays(first, -(daysBetween(first, last) + 1))
}

const isDay = (day: string): boolean => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(midnight(day))
const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const nameOf = (at: number): string => (Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10))
const addDays = (day: string, days: number): string => nameOf(midnight(day) + days * DAY_MS)
const daysBetween = (first: string, last: string): number =>
  Math.round((midnight(last) - midnight(first)) / DAY_MS)
/** 0 for Monday. */
const weekday = (day: string): number => (new Date(midnight(day)).getUTCDay() + 6) % 7
const monthStart = (day: string): string => `${day.slice(0, 7)}-01`

function addMonths(day: string, months: number): string {
  const date = new Date(midnight(day))
  return nameOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1))
}

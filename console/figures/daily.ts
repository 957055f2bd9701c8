// One row a local day, out of figures that each tell days of their own (pure). A day without alarms is a row of zeros; what
// could not be measured on it is empty.

import type { AlarmFigures, AnswerTimes, CallFigures, OnSiteTimes } from '../../model/figures.ts'
import { DAY_MS } from '../../model/local-days.ts'
import { withinOf } from './reading.ts'

export type DayRow = {
  day: string
  emergencies: number
  services: number
  technical: number
  /** Shares 0 to 1; null: nothing to divide by. */
  answered15: number | null
  answered60: number | null
  medianMs: number | null
  onSite45: number | null
  falseShare: number | null
  broughtHome: number
  calls: number
  connectRate: number | null
}

export type DaysOf = {
  first: string
  last: string
  alarms: Pick<AlarmFigures, 'days'>
  answers?: Pick<AnswerTimes, 'days'> | undefined
  onSite?: Pick<OnSiteTimes, 'fromAlarm'> | undefined
  calls?: Pick<CallFigures, 'days'> | undefined
}

/** Every day of the time, the first one first; days that have not come yet are left out by `today`. */
export function dayRows({ first, last, alarms, answers, onSite, calls }: DaysOf, today: string): DayRow[] {
  const byDay = <T extends { day: string }>(days: readonly T[] = []) =>
    new Map(days.map(one => [one.day, one]))
  const [tallies, answered] = [byDay(alarms.days), byDay(answers?.days)]
  const [there, called] = [byDay(onSite?.fromAlarm.days), byDay(calls?.days)]
  return daysBetween(first, last < today ? last : today).map(day => {
    const tally = tallies.get(day)
    const answer = answered.get(day)
    const arrival = there.get(day)
    return {
      day,
      emergencies: tally?.emergencies ?? 0,
      services: tally?.services ?? 0,
      technical: tally?.technical ?? 0,
      answered15: answer ? (withinOf(answer, 15_000)?.share ?? null) : null,
      answered60: answer ? (withinOf(answer, 60_000)?.share ?? null) : null,
      medianMs: answer?.medianMs ?? null,
      onSite45: arrival ? (withinOf(arrival, 45 * 60_000)?.share ?? null) : null,
      falseShare: tally?.falseAlarmShare ?? null,
      broughtHome: tally?.broughtHome ?? 0,
      calls: called.get(day)?.calls ?? 0,
      connectRate: called.get(day)?.connectRate ?? null,
    }
  })
}

function daysBetween(first: string, last: string): string[] {
  const days: string[] = []
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${last}T00:00:00Z`); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10))
  return days
}

/** Alarms by kind, the most frequent first, and under each what became of them. */
export type KindRow = {
  class: AlarmFigures['items'][number]['class']
  kind: AlarmFigures['items'][number]['kind']
  alarms: number
  dispositions: { disposition: AlarmFigures['items'][number]['disposition']; alarms: number }[]
}

export function kindRows(items: AlarmFigures['items']): KindRow[] {
  const rows = new Map<string, KindRow>()
  for (const { class: cls, kind, disposition, alarms } of items) {
    const row = rows.get(`${cls} ${kind}`) ?? { class: cls, kind, alarms: 0, dispositions: [] }
    row.alarms += alarms
    row.dispositions.push({ disposition, alarms })
    rows.set(`${cls} ${kind}`, row)
  }
  for (const { dispositions } of rows.values()) dispositions.sort((a, b) => b.alarms - a.alarms)
  return [...rows.values()].sort((a, b) => CLASS_ORDER[a.class] - CLASS_ORDER[b.class] || b.alarms - a.alarms)
}

const CLASS_ORDER: Record<KindRow['class'], number> = { emergency: 0, service: 1, technical: 2 }

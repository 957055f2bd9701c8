import { expect, it } from 'vitest'
import { DAY_MS, planPast } from '../../demo/plan.ts'
import { diceOf } from '../../simulators/dice.ts'

const now = Date.UTC(2026, 10, 21, 4)
const asked = { now, days: 14, elders: 128, operators: 4, responders: 3 }

it('gives the same past for the same seed and time', () => {
  expect(planPast(asked, diceOf('a'))).toEqual(planPast(asked, diceOf('a')))
  expect(planPast(asked, diceOf('b'))).not.toEqual(planPast(asked, diceOf('a')))
})

it('is over before the demo begins, follow-ups apart from none', () => {
  const { alarms, calls } = planPast(asked, diceOf('a'))
  const ends = alarms.map(({ at, work, endsAfterMs = 0 }) => {
    const resolved = work ? work.resolvedMs + (work.closed?.afterMs ?? 0) : endsAfterMs
    return at + resolved
  })
  expect(Math.max(...ends, ...calls.map(({ at, endedMs }) => at + endedMs))).toBeLessThan(now)
  expect(Math.min(...alarms.map(({ at }) => at))).toBeGreaterThanOrEqual(now - 14 * DAY_MS)
})

it('holds what figures are made of: every class, false alarms, elders brought home, a flood', () => {
  const { alarms } = planPast(asked, diceOf('a'))
  const kinds = new Set(alarms.map(({ kind }) => kind))
  expect([...kinds]).toEqual(
    expect.arrayContaining(['sos', 'fall', 'zone_exit', 'vitals', 'service', 'low_battery']),
  )
  const dispositions = new Set(alarms.flatMap(({ work }) => work?.disposition ?? []))
  expect([...dispositions]).toEqual(expect.arrayContaining(['false_alarm', 'brought_home', 'hospital']))
  const tenMinutes = (from: number) =>
    alarms.filter(({ at, kind }) => kind !== 'low_battery' && at >= from && at < from + 600_000).length
  expect(Math.max(...alarms.map(({ at }) => tenMinutes(at)))).toBeGreaterThan(10)
})

it('tells whatever happens in the order in which it can', () => {
  for (const { work } of planPast(asked, diceOf('a')).alarms) {
    if (!work) continue
    const { sent } = work
    const times = [
      work.answeredMs,
      work.calledMs,
      sent?.askedMs,
      sent?.onTheWayMs,
      sent?.arrivedMs,
      work.resolvedMs,
    ]
    const told = times.filter(time => time !== undefined)
    expect(told).toEqual([...told].sort((a, b) => a - b))
  }
})

import { expect, it } from 'vitest'
import type { DayRow } from '../../../console/figures/daily.ts'
import { countsPlot, sharesPlot } from '../../../console/figures/day-plots.ts'
import { zh } from '../../../console/figures/words.zh.ts'

const quiet: DayRow = {
  day: '2026-11-16',
  emergencies: 0,
  services: 0,
  technical: 3,
  answered15: null,
  answered60: null,
  medianMs: null,
  onSite45: null,
  falseShare: null,
  broughtHome: 0,
  calls: 0,
  connectRate: null,
}

it('draws a single day, with as much room beside it as beside the days of a week', () => {
  const rows = [{ ...quiet, emergencies: 2, services: 1, answered15: 0 }]
  expect(countsPlot(rows, zh)).toMatchObject({
    x: [0],
    span: { from: -0.5, to: 0.5 },
    series: [{ values: [3] }, { values: [2] }],
  })
  expect(sharesPlot(rows, zh)).toMatchObject({
    x: [0],
    yRange: [0, 1],
    series: [{ values: [0] }, { values: [null] }],
  })
})

it('names a day where it stands, and nothing between the days', () => {
  const { xText, span } = countsPlot([quiet, { ...quiet, day: '2026-11-17', services: 1 }], zh) ?? {}
  expect([-0.5, 0, 0.5, 1].map(at => xText?.(at))).toEqual(['', '11-16', '', '11-17'])
  expect(span).toEqual({ from: -0.5, to: 1.5 })
})

it.each<[what: string, row: Partial<DayRow>, draws: { counts: boolean; shares: boolean }]>([
  ['a quiet day', {}, { counts: false, shares: false }],
  ['notices of devices alone are not drawn', { technical: 12 }, { counts: false, shares: false }],
  ['a service that nobody is timed by', { services: 1 }, { counts: true, shares: false }],
  ['none in time is a share, too', { emergencies: 1, answered15: 0 }, { counts: true, shares: true }],
  ['somebody arrived to an alarm of the day before', { onSite45: 1 }, { counts: false, shares: true }],
])('draws no empty picture: %s', (_what, row, { counts, shares }) => {
  const rows = [quiet, { ...quiet, day: '2026-11-17', ...row }]
  expect([countsPlot(rows, zh) !== undefined, sharesPlot(rows, zh) !== undefined]).toEqual([counts, shares])
})

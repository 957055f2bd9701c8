// From runs to the table of bars and the chart: ratios within a round, spoilt runs left out and counted.

import { expect, test } from 'vitest'
import { barChart } from '../../../bench/report/chart.ts'
import { type Measured, shapeSummary, unusedRuns } from '../../../bench/report/summary.ts'
import { barTable, tablesOf } from '../../../bench/report/table.ts'
import type { ShapeName, Throughput } from '../../../bench/sections/throughput.ts'
import type { TargetName } from '../../../bench/target.ts'

const run = (
  round: number,
  target: TargetName,
  perSecond: number,
  { shape = '50 × 64', ...rest }: Partial<Throughput> & { shape?: ShapeName } = {},
): Throughput => ({
  round,
  target,
  shape,
  acked: perSecond * 6,
  ackedPerSecond: perSecond,
  sustainedPerSecond: perSecond,
  cpuMicrosPerMessage: 1e6 / perSecond,
  generatorCpuMicrosPerMessage: 1.2,
  writtenBytesPerMessage: 300,
  foldedAfterMs: 0,
  unacked: 0,
  lost: 0,
  shed: 0,
  lostSockets: 0,
  ...rest,
})

const measuredBy = (throughput: readonly Throughput[]): Measured => ({
  throughput,
  halfLoad: [],
  backlog: [],
  memory: [],
  reconnect: [],
})

test('a ratio is to the limit of its own round: a machine that slows down slows both', () => {
  const runs = [
    run(1, 'limit', 300_000),
    run(1, 'embedded', 60_000),
    run(2, 'limit', 100_000),
    run(2, 'embedded', 20_000),
    run(3, 'embedded', 99_000), // its limit is missing
  ]
  expect(shapeSummary(runs, 'embedded', '50 × 64').limitShare).toEqual({
    median: 0.2,
    min: 0.2,
    max: 0.2,
    runs: 2,
  })
  expect(shapeSummary(runs, 'embedded', '1000 × 1').limitShare).toBeUndefined()
})

test.each<[string, Partial<Throughput>]>([
  ['was never acknowledged', { unacked: 1 }],
  ['was acknowledged and not stored', { lost: 1 }],
  ['was dropped for want of room', { shed: 1 }],
  ['lost its socket', { lostSockets: 1 }],
  ['was an SOS that never came', { sos: { waits: undefined, lost: 1 } }],
])('a run in which something %s is not used, and counted', (_, spoilt) => {
  const runs = [run(1, 'limit', 300_000), run(1, 'embedded', 90_000, spoilt), run(2, 'embedded', 60_000)]
  expect(shapeSummary(runs, 'embedded', '50 × 64').sustainedPerSecond?.median).toBe(60_000)
  expect(unusedRuns(measuredBy(runs))).toEqual({ unused: 1, runs: 3 })
})

test('the table of bars says what is met, what is not, and what was not measured', () => {
  const waits = { count: 120, p50: 20, p99: 300, max: 400 }
  const measured = measuredBy([
    run(1, 'limit', 300_000),
    run(1, 'embedded', 60_000, { sos: { waits, lost: 0 } }),
    run(1, 'redis', 30_000),
  ])
  const lines = barTable(measured).split('\n')
  const line = (start: string) => lines.find(row => row.startsWith(`| ${start}`))?.replace(/ +/g, ' ')
  expect(line('throughput, 50')).toBe(
    '| throughput, 50 × 64, × limit | ≥ 0.15 | 0.25 | 0.20 met | 0.10 UNMET |',
  )
  expect(line('SOS to feed p99, saturated')).toContain('| 300 UNMET | not measured |')
  expect(tablesOf(measured)).toContain('0 of 3')
})

test('the chart has a row for every target that was measured, and the bar', () => {
  const runs = [run(1, 'limit', 300_000), run(1, 'embedded', 60_000), run(1, 'redis', 45_000)]
  const svg = barChart(measuredBy(runs))
  expect(svg).toContain('hub, Redis + PostgreSQL')
  expect(svg).toContain('0.20 × · 60.0 k/s')
  expect(svg.match(/class="bar"/g)).toHaveLength(1) // the other shape was not measured
  expect(svg).not.toMatch(/NaN|undefined/)
})

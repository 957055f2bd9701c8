// The bars that the hub is held to, as a table of data: what is measured, the bar now, the aim later.

import type { TargetName } from '../target.ts'
import type { Spread } from './figures.ts'
import { backlogSummary, halfLoadSummary, type Measured, memorySummary, shapeSummary } from './summary.ts'

export type Bar = {
  what: string
  /** Whether more is better. */
  sense: 'at least' | 'at most'
  unit: '× limit' | 'ms' | 'kB'
  now: number
  aim: number
  figure(measured: Measured, target: TargetName): Spread | undefined
}

export const BARS: readonly Bar[] = [
  {
    what: 'throughput, 50 × 64',
    sense: 'at least',
    unit: '× limit',
    now: 0.15,
    aim: 0.25,
    figure: ({ throughput }, target) => shapeSummary(throughput, target, '50 × 64').limitShare,
  },
  {
    what: 'throughput, 1000 × 1',
    sense: 'at least',
    unit: '× limit',
    now: 0.35,
    aim: 0.5,
    figure: ({ throughput }, target) => shapeSummary(throughput, target, '1000 × 1').limitShare,
  },
  {
    what: 'CPU a message, all processes, 50 × 64',
    sense: 'at most',
    unit: '× limit',
    now: 8,
    aim: 4,
    figure: ({ throughput }, target) => shapeSummary(throughput, target, '50 × 64').cpuLimitShare,
  },
  {
    what: 'SOS to feed p99, half load',
    sense: 'at most',
    unit: 'ms',
    now: 50,
    aim: 25,
    figure: (measured, target) => halfLoadSummary(measured, target).p99,
  },
  {
    what: 'SOS to feed p99, saturated, 50 × 64',
    sense: 'at most',
    unit: 'ms',
    now: 250,
    aim: 100,
    figure: ({ throughput }, target) => shapeSummary(throughput, target, '50 × 64').sos.p99,
  },
  {
    what: 'SOS to feed p99, behind the backlog',
    sense: 'at most',
    unit: 'ms',
    now: 250,
    aim: 150,
    figure: (measured, target) => backlogSummary(measured, target).p99,
  },
  {
    what: 'memory per idle connection',
    sense: 'at most',
    unit: 'kB',
    now: 16,
    aim: 12,
    figure: (measured, target) => inKilobytes(memorySummary(measured, target)),
  },
]

/** A kilobyte is a thousand bytes here, the stricter reading. */
function inKilobytes(spread: Spread | undefined): Spread | undefined {
  if (!spread) return undefined
  const { median, min, max, runs } = spread
  return { median: median / 1_000, min: min / 1_000, max: max / 1_000, runs }
}

export type Verdict = 'aim met' | 'met' | 'UNMET' | 'not measured'

/** The median decides. */
export function judge(
  { sense, now, aim }: Pick<Bar, 'sense' | 'now' | 'aim'>,
  spread: Spread | undefined,
): Verdict {
  if (!spread) return 'not measured'
  const reaches = (bar: number): boolean =>
    sense === 'at least' ? spread.median >= bar : spread.median <= bar
  if (reaches(aim)) return 'aim met'
  return reaches(now) ? 'met' : 'UNMET'
}

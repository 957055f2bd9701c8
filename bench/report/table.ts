// What was measured, as tables for people: Markdown that also reads well in a terminal.

import type { MemoryTarget } from '../sections/memory.ts'
import { SHAPES } from '../sections/throughput.ts'
import { LABELS, TARGETS, type TargetName } from '../target.ts'
import { BARS, judge } from './bars.ts'
import { type Spread, short } from './figures.ts'
import {
  backlogSummary,
  halfLoadSummary,
  type Measured,
  memorySummary,
  reconnectSummary,
  shapeSummary,
  unusedRuns,
} from './summary.ts'

export const HUBS = ['embedded', 'redis'] as const satisfies readonly TargetName[]

/** All tables, the one of the bars last. */
export function tablesOf(measured: Measured): string {
  const { unused, runs } = unusedRuns(measured)
  const sections = [
    measured.throughput.length > 0 ? speedTable(measured) : '',
    sosTable(measured),
    connectionTable(measured),
    barTable(measured),
    `Medians, with the smallest and the largest run in brackets; ratios are to the limit of the same round. The
generator runs on the same machine. Runs in which something was lost or dropped, and which are not used: ${unused} of ${runs}.`,
  ]
  return sections.filter(section => section !== '').join('\n\n')
}

export function barTable(measured: Measured): string {
  const rows = BARS.map(bar => [
    `${bar.what}, ${bar.unit}`,
    `${bar.sense === 'at least' ? '≥' : '≤'} ${bar.now}`,
    String(bar.aim),
    ...HUBS.map(target => {
      const spread = bar.figure(measured, target)
      return `${withSpread(spread)} ${judge(bar, spread)}`.trim()
    }),
  ])
  return table(['', 'bar now', 'aim', ...HUBS.map(target => LABELS[target])], rows)
}

function speedTable({ throughput }: Measured): string {
  const head = [
    '',
    'shape',
    'messages/s',
    '× limit',
    'acknowledged/s',
    'CPU µs',
    '× limit',
    'generator µs',
    'written B',
  ]
  const rows = TARGETS.flatMap(target =>
    SHAPES.map(({ name }) => {
      const it = shapeSummary(throughput, target, name)
      const { sustainedPerSecond, limitShare, ackedPerSecond, cpuMicros, cpuLimitShare } = it
      const figures = [sustainedPerSecond, limitShare, ackedPerSecond, cpuMicros, cpuLimitShare]
      const others = [it.generatorCpuMicros, it.writtenBytes]
      return [LABELS[target], name, ...figures.map(withSpread), ...others.map(withSpread)]
    }).filter(row => row[2] !== ''),
  )
  return table(head, rows)
}

function sosTable(measured: Measured): string {
  const rows = HUBS.flatMap(target => [
    ...SHAPES.map(({ name }) => {
      const { sos } = shapeSummary(measured.throughput, target, name)
      return [LABELS[target], `saturated, ${name}`, sos.p50, sos.p99, sos.max] as const
    }),
    sosRow(target, 'half load', halfLoadSummary(measured, target)),
    sosRow(target, 'behind the backlog', backlogSummary(measured, target)),
  ]).filter(row => row[2] !== undefined)
  if (rows.length === 0) return ''
  const cells = rows.map(([label, when, ...waits]) => [label, when, ...waits.map(withSpread)])
  return table(['SOS to feed, ms', '', 'p50', 'p99', 'max'], cells)
}

type Waits = { p50: Spread | undefined; p99: Spread | undefined; max: Spread | undefined }
const sosRow = (target: TargetName, when: string, { p50, p99, max }: Waits) =>
  [LABELS[target], when, p50, p99, max] as const

const MEMORY_LABELS: Readonly<Record<MemoryTarget, string>> = { socket: 'bare socket', ...LABELS }
const MEMORY_TARGETS: readonly MemoryTarget[] = ['socket', 'aedes', 'embedded', 'redis']

function connectionTable(measured: Measured): string {
  const rows = MEMORY_TARGETS.map(target => {
    const back = target === 'socket' ? undefined : reconnectSummary(measured, target)
    const figures = [memorySummary(measured, target), back?.tookMs, back?.failures, back?.worstSosMs]
    return [MEMORY_LABELS[target], ...figures.map(withSpread)]
  }).filter(row => row.slice(1).some(cell => cell !== ''))
  if (rows.length === 0) return ''
  return table(['', 'B a connection', 'all reconnected after ms', 'failed attempts', 'worst SOS ms'], rows)
}

/** `12.3 (11.0–14.1)`; nothing where nothing was measured, no spread of a single run. */
export function withSpread(spread: Spread | undefined): string {
  if (!spread) return ''
  const { median, min, max, runs } = spread
  return runs === 1 ? short(median) : `${short(median)} (${short(min)}–${short(max)})`
}

/** A Markdown table with columns of even width. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map(row => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

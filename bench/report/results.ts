// Keeps what was measured under bench/results: a file a section with every run and the medians, and the chart.

import { mkdir, writeFile } from 'node:fs/promises'
import { SECTIONS } from '../options.ts'
import { SHAPES } from '../sections/throughput.ts'
import { TARGETS } from '../target.ts'
import { barChart } from './chart.ts'
import type { Machine } from './machine.ts'
import {
  backlogSummary,
  halfLoadSummary,
  type Measured,
  memorySummary,
  reconnectSummary,
  shapeSummary,
} from './summary.ts'
import { HUBS } from './table.ts'

export type Run = { command: string; date: string; machine: Machine; measured: Measured }

const FOLDER = new URL('../results/', import.meta.url)

/** Writes the sections that ran; the others stay as they are. Returns the names of the files. */
export async function keep({ command, date, machine, measured }: Run): Promise<string[]> {
  await mkdir(FOLDER, { recursive: true })
  const files: [name: string, text: string][] = []
  for (const section of SECTIONS) {
    if (measured[section].length === 0) continue
    const file = {
      benchmark: section,
      command,
      date,
      machine,
      ...MEDIANS[section](measured),
      runs: runsOf(measured, section),
    }
    files.push([`${section}.json`, `${JSON.stringify(file, rounded, 2)}\n`])
  }
  if (measured.throughput.length > 0) files.push(['throughput.svg', barChart(measured)])
  for (const [name, text] of files) await writeFile(new URL(name, FOLDER), text)
  return files.map(([name]) => `bench/results/${name}`)
}

const runsOf = (measured: Measured, section: (typeof SECTIONS)[number]) =>
  section === 'throughput'
    ? { throughput: measured.throughput, halfLoad: measured.halfLoad }
    : measured[section]

/** What each section is boiled down to. */
const MEDIANS: { [S in (typeof SECTIONS)[number]]: (measured: Measured) => object } = {
  throughput: measured => ({
    medians: TARGETS.flatMap(target =>
      SHAPES.map(({ name }) => ({ target, shape: name, ...shapeSummary(measured.throughput, target, name) })),
    ).filter(({ sustainedPerSecond }) => sustainedPerSecond !== undefined),
    halfLoad: HUBS.map(target => ({ target, ...halfLoadSummary(measured, target) })),
  }),
  backlog: measured => ({ medians: HUBS.map(target => ({ target, ...backlogSummary(measured, target) })) }),
  memory: measured => ({
    medians: (['socket', ...TARGETS] as const)
      .map(target => ({ target, bytesPerConnection: memorySummary(measured, target) }))
      .filter(({ bytesPerConnection }) => bytesPerConnection !== undefined),
  }),
  reconnect: measured => ({
    medians: HUBS.map(target => ({ target, ...reconnectSummary(measured, target) })),
  }),
}

/** Four digits are more than any of these figures means. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(value > 1e4 ? 6 : 4))
    : value

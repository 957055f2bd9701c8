// `npm run bench`: all benchmarks, several runs each, printed as medians with their spread; `--keep` stores them.

import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type BacklogResult, measureBacklog } from './backlog.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    records: { type: 'string', default: '50000' },
    devices: { type: 'string', default: '50' },
    keep: { type: 'boolean', default: false },
  },
})
const [runs, records, devices] = [values.runs, values.records, values.devices].map(Number) as [
  number,
  number,
  number,
]

const results: BacklogResult[] = []
for (let run = 1; run <= runs; run++) {
  const result = await measureBacklog({ records, devices })
  results.push(result)
  console.log(
    `run ${run}: SOS behind ${records} records to feed ${ms(result.sosToFeedMs)}, drained ${ms(result.drainedMs)}`,
  )
}
const report = {
  benchmark: 'backlog',
  command: `npm run bench -- --runs ${runs} --records ${records} --devices ${devices}`,
  machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
  sosToFeedMs: spread(results.map(result => result.sosToFeedMs)),
  drainedMs: spread(results.map(result => result.drainedMs)),
  results,
}
if (values.keep) {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  await writeFile(new URL('backlog.json', folder), `${JSON.stringify(report, undefined, 2)}\n`)
}
const { median, min, max } = report.sosToFeedMs
console.log(`SOS to feed: median ${ms(median)} (${ms(min)} to ${ms(max)}); aim: under 250 ms`)

function spread(values: readonly number[]): { median: number; min: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.round(share * (sorted.length - 1))] ?? 0) * 10) / 10
  return { median: at(0.5), min: at(0), max: at(1) }
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`
}

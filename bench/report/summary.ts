// The runs of one benchmark as medians with their spread, target by target. Runs in which something was lost or
// dropped are left out here and counted: they stay in the stored figures.

import { type Backlog, isUsableBacklog } from '../sections/backlog.ts'
import type { Memory, MemoryTarget } from '../sections/memory.ts'
import type { Reconnect } from '../sections/reconnect.ts'
import type { Sos } from '../sections/sos.ts'
import {
  type HalfLoad,
  isUsable,
  isUsableHalfLoad,
  type ShapeName,
  type Throughput,
} from '../sections/throughput.ts'
import type { TargetName } from '../target.ts'
import { ratioOf, type Spread, spreadOf } from './figures.ts'

/** Everything that was measured; a section that did not run is empty. */
export type Measured = {
  throughput: readonly Throughput[]
  halfLoad: readonly HalfLoad[]
  backlog: readonly Backlog[]
  memory: readonly Memory[]
  reconnect: readonly Reconnect[]
}

type Median = Spread | undefined
type SosSummary = { p50: Median; p99: Median; max: Median }

/** One target in one shape; ratios are of the same round's limit. */
export type ShapeSummary = {
  ackedPerSecond: Median
  sustainedPerSecond: Median
  limitShare: Median
  cpuMicros: Median
  cpuLimitShare: Median
  generatorCpuMicros: Median
  writtenBytes: Median
  foldedAfterMs: Median
  sos: SosSummary
}

export function shapeSummary(all: readonly Throughput[], target: TargetName, shape: ShapeName): ShapeSummary {
  const usable = all.filter(result => result.shape === shape && isUsable(result))
  const mine = usable.filter(result => result.target === target)
  const limitOf = (round: number) =>
    usable.find(result => result.target === 'limit' && result.round === round)
  const of = (figure: (result: Throughput) => number | undefined): Median =>
    spreadOf(present(mine.map(figure)))
  return {
    ackedPerSecond: of(result => result.ackedPerSecond),
    sustainedPerSecond: of(result => result.sustainedPerSecond),
    limitShare: of(r => ratioOf(r.sustainedPerSecond, limitOf(r.round)?.sustainedPerSecond)),
    cpuMicros: of(result => result.cpuMicrosPerMessage),
    cpuLimitShare: of(r => ratioOf(r.cpuMicrosPerMessage, limitOf(r.round)?.cpuMicrosPerMessage)),
    generatorCpuMicros: of(result => result.generatorCpuMicrosPerMessage),
    writtenBytes: of(result => result.writtenBytesPerMessage),
    foldedAfterMs: of(result => result.foldedAfterMs),
    sos: sosSummary(mine.map(result => result.sos)),
  }
}

export const halfLoadSummary = ({ halfLoad }: Measured, target: TargetName): SosSummary =>
  sosSummary(halfLoad.filter(run => run.target === target && isUsableHalfLoad(run)).map(run => run.sos))

export const backlogSummary = (
  { backlog }: Measured,
  target: TargetName,
): SosSummary & { drainedMs: Median } => {
  const mine = backlog.filter(run => run.target === target && isUsableBacklog(run))
  return { ...sosSummary(mine.map(run => run.sos)), drainedMs: spreadOf(mine.map(run => run.drainedMs)) }
}

export const memorySummary = ({ memory }: Measured, target: MemoryTarget): Median =>
  spreadOf(
    memory.filter(run => run.target === target && run.lostSockets === 0).map(run => run.bytesPerConnection),
  )

export const reconnectSummary = ({ reconnect }: Measured, target: TargetName) => {
  const mine = reconnect.filter(run => run.target === target)
  return {
    tookMs: spreadOf(mine.map(run => run.tookMs)),
    failures: spreadOf(mine.map(run => run.failures + run.missing)),
    worstSosMs: spreadOf(present(mine.map(run => run.sos.waits?.max))),
  }
}

/** How many runs lost or dropped something, of how many. */
export function unusedRuns({ throughput, halfLoad, backlog, memory }: Measured): {
  unused: number
  runs: number
} {
  const bad = [
    ...throughput.map(run => !isUsable(run)),
    ...halfLoad.map(run => !isUsableHalfLoad(run)),
    ...backlog.map(run => !isUsableBacklog(run)),
    ...memory.map(run => run.lostSockets > 0),
  ]
  return { unused: bad.filter(Boolean).length, runs: bad.length }
}

/** Each figure is the median of the runs' own; a run with a lost SOS has none. */
function sosSummary(runs: readonly (Sos | undefined)[]): SosSummary {
  const waits = present(runs.map(run => (run && run.lost === 0 ? run.waits : undefined)))
  const of = (figure: 'p50' | 'p99' | 'max'): Median => spreadOf(waits.map(wait => wait[figure]))
  return { p50: of('p50'), p99: of('p99'), max: of('max') }
}

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter(value => value !== undefined)

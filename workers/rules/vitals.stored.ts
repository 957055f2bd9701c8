// How the state of an elder's vital signs is written down: numbers in a row (packed.ts), times relative to that of the
// newest reading, readings and what is usual in the smallest step that they have.
//
//   text := w, k, b × 5, parts, [a], [t], [s], signs with a watch, o …, signs with a deviation, d …
//
// `parts` and `signs` are sums of powers of 2, each a part or a sign that is there.

import { epochMs } from '../../model/units.ts'
import { openPacked, packNumbers } from '../packed.ts'
import type { StoredAs } from '../rule.ts'
import { type Baseline, HABIT_SCALES, type Learned } from './baseline.ts'
import type { Deviation } from './baseline-watch.ts'
import type { ScoreWatch } from './news2-watch.ts'
import type { Memory } from './vital-memory.ts'
import { JUDGED_VITALS, STEP } from './vital-reading.ts'
import type { Deviations, VitalsState, Watches } from './vital-state.ts'
import type { Watch } from './vital-watch.ts'

const PART = { a: 1, t: 2, s: 4 } as const
const STEPS_A_UNIT = JUDGED_VITALS.map(name => Math.round(1 / STEP[name]))
const SIGNS = JUDGED_VITALS.map((_, i) => i)

export const vitalsStored: StoredAs<VitalsState> = { pack, unpack }

type Read = () => number

function pack({ w, k, b, a, o = {}, s, d = {}, t }: VitalsState): string {
  const since = k[0] as number
  const row = [w, ...memoryRow(k)]
  for (const i of SIGNS) row.push(...learnedRow(b[i] || undefined, HABIT_SCALES[i] as number))
  row.push((a ? PART.a : 0) + (t === undefined ? 0 : PART.t) + (s ? PART.s : 0))
  if (a !== undefined) row.push(a[0], since - a[1])
  if (t !== undefined) row.push(since - t)
  if (s !== undefined) row.push(...toldRow(s, since))
  const watches = JUDGED_VITALS.map(name => o[name])
  row.push(bitsOf(watches))
  for (const watch of watches) if (watch !== undefined) row.push(...watchRow(watch, since))
  const deviations = SIGNS.map(i => d[i])
  row.push(bitsOf(deviations))
  for (const one of deviations) if (one !== undefined) row.push(...deviationRow(one, since))
  return packNumbers(row)
}

function unpack(stored: unknown): VitalsState {
  const read = openPacked(stored as string)
  const w = read()
  const k = readMemory(read)
  const since = k[0] as number
  const b: Baseline = SIGNS.map(i => readLearned(read, HABIT_SCALES[i] as number))
  const parts = read()
  const a = has(parts, PART.a) ? ([read(), epochMs(since - read())] as const) : undefined
  const t = has(parts, PART.t) ? epochMs(since - read()) : undefined
  const s = has(parts, PART.s) ? readTold(read, since) : undefined
  return { w, k, b, a, o: readWatches(read, since), s, d: readDeviations(read, since), t }
}

const has = (bits: number, bit: number): boolean => Math.floor(bits / bit) % 2 === 1

const bitsOf = (all: readonly unknown[]): number =>
  all.reduce<number>((bits, one, i) => bits + (one === undefined ? 0 : 2 ** i), 0)

/** The time, then each reading in its steps, newest and before, then ages. */
const memoryRow = (k: Memory): number[] =>
  k.map((value, at) => (isReading(at) ? value * (STEPS_A_UNIT[(at - 1) % SIGNS.length] as number) : value))

const isReading = (at: number): boolean => at > 0 && at <= 2 * SIGNS.length

function readMemory(read: Read): Memory {
  const k = [read()]
  for (let at = 1; at <= 3 * SIGNS.length; at++)
    k.push(isReading(at) ? read() / (STEPS_A_UNIT[(at - 1) % SIGNS.length] as number) : read())
  return k
}

/** Hours first: 0 of a sign of which nothing was learned. */
const learnedRow = (learned: Learned | undefined, scale: number): number[] =>
  learned === undefined ? [0] : [learned[2], learned[0] * scale, learned[1] * scale, learned[3]]

function readLearned(read: Read, scale: number): Learned | 0 {
  const hours = read()
  if (hours === 0) return 0
  const [level, spread] = [read() / scale, read() / scale]
  return [level, spread, hours, read()]
}

const toldRow = ({ r, n, g, t }: ScoreWatch, since: number): number[] => [2 * r + n, g, since - t]

function readTold(read: Read, since: number): ScoreWatch {
  const told = read()
  return { r: Math.floor(told / 2), n: has(told, 1) ? 1 : 0, g: read(), t: epochMs(since - read()) }
}

/** How long it waits is told one more than it is: 0 of one that does not. */
const watchRow = (watch: Watch, since: number): number[] => {
  const { w, l = 0 } = watch
  return [...toldRow(watch, since), ...(w === undefined ? [0] : [w + 1, l])]
}

function readWatches(read: Read, since: number): Watches | undefined {
  const bits = read()
  if (bits === 0) return undefined
  const watches: Watches = {}
  for (const [i, name] of JUDGED_VITALS.entries()) {
    if (!has(bits, 2 ** i)) continue
    const told = readTold(read, since)
    const waits = read()
    watches[name] = waits === 0 ? told : { ...told, w: waits - 1, l: read() }
  }
  return watches
}

const deviationRow = ({ t, c, s, n, g }: Deviation, since: number): number[] => [
  (s > 0 ? 2 : 0) + n,
  c,
  g,
  since - t,
]

function readDeviations(read: Read, since: number): Deviations | undefined {
  const bits = read()
  if (bits === 0) return undefined
  const deviations: Deviations = {}
  for (const i of SIGNS) {
    if (!has(bits, 2 ** i)) continue
    const kind = read()
    const [c, g] = [read(), read()]
    deviations[i] = { t: epochMs(since - read()), c, s: has(kind, 2) ? 1 : -1, n: has(kind, 1) ? 1 : 0, g }
  }
  return deviations
}

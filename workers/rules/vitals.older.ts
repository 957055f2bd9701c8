// What earlier versions of `vitals` had stored: plain JSON, and then numbers in a row (packed.ts), times relative to that
// of the newest reading.
//
//   text := w, k, b × 5, parts, [a], [t], [s], signs with a watch, o …, signs with a deviation, d …
//
// `parts` and `signs` are sums of powers of 2, each a part or a sign that is there.

import { epochMs } from '../../model/units.ts'
import { openPacked } from '../packed.ts'
import type { Older } from '../rule.ts'
import { type Baseline, HABIT_SCALES, type Learned } from './baseline.ts'
import type { ScoreWatch } from './news2-watch.ts'
import type { Memory } from './vital-memory.ts'
import { JUDGED_VITALS, STEP } from './vital-reading.ts'
import type { Deviations, VitalsState, Watches } from './vital-state.ts'

export const plainVitals: Older<VitalsState> = {
  name: 'vitals',
  version: 2,
  migrate: stored => stored as VitalsState,
}

export const packedVitals: Older<VitalsState> = { name: 'vitals', version: 3, migrate: unpack }

const PART = { a: 1, t: 2, s: 4 } as const
const STEPS_A_UNIT = JUDGED_VITALS.map(name => Math.round(1 / STEP[name]))
const SIGNS = JUDGED_VITALS.map((_, i) => i)

type Read = () => number

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

const isReading = (at: number): boolean => at > 0 && at <= 2 * SIGNS.length

function readMemory(read: Read): Memory {
  const k = [read()]
  for (let at = 1; at <= 3 * SIGNS.length; at++)
    k.push(isReading(at) ? read() / (STEPS_A_UNIT[(at - 1) % SIGNS.length] as number) : read())
  return k
}

function readLearned(read: Read, scale: number): Learned | 0 {
  const hours = read()
  if (hours === 0) return 0
  const [level, spread] = [read() / scale, read() / scale]
  return [level, spread, hours, read()]
}

function readTold(read: Read, since: number): ScoreWatch {
  const told = read()
  return { r: Math.floor(told / 2), n: has(told, 1) ? 1 : 0, g: read(), t: epochMs(since - read()) }
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

// How the state of an elder's vital signs is written down (bits.ts): times relative to that of the newest reading,
// readings and what is usual in the smallest step that they have.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Bits, storedAsBits } from '../bits.ts'
import { type Baseline, HABIT_SCALES, hourMarkOf, type Learned } from './baseline.ts'
import type { Deviation } from './baseline-watch.ts'
import type { ScoreWatch } from './news2-watch.ts'
import { AGE, BEFORE, type Memory, NEWEST, takenAt } from './vital-memory.ts'
import { JUDGED_VITALS, STEP } from './vital-reading.ts'
import type { Rest } from './vital-rest.ts'
import type { Deviations, VitalsState, Watches } from './vital-state.ts'
import type { Watch } from './vital-watch.ts'

const SIGNS = JUDGED_VITALS.map((_, i) => i)
const STEPS_A_UNIT = JUDGED_VITALS.map(name => Math.round(1 / STEP[name]))

/** Bits of what is usual: of a reading, a level and a spread, in the order of JUDGED_VITALS. */
const READING_BITS = [7, 7, 6, 8, 9]
const LEVEL_BITS = [16, 16, 14, 17, 18]
const SPREAD_BITS = [12, 10, 11, 13, 11]

export const vitalsStored = storedAsBits<VitalsState>((bits, state) => {
  const w = bits.bits(state?.w ?? 0, 32)
  const k = memory(bits, state?.k)
  const b: Baseline = SIGNS.map(i => learned(bits, state?.b[i] || undefined, { i, k }))
  const a = bits.flag(state?.a !== undefined) ? rest(bits, state?.a, k) : undefined
  const t = bits.flag(state?.t !== undefined) ? before(bits, state?.t, { k, order: 16 }) : undefined
  const s = bits.flag(state?.s !== undefined) ? told(bits, state?.s, untilOf(k)) : undefined
  const o = bits.flag(state?.o !== undefined) ? watches(bits, state?.o, k) : undefined
  const d = bits.flag(state?.d !== undefined) ? deviations(bits, state?.d, k) : undefined
  return { w, k, b, a, o, s, d, t }
})

const untilOf = (k: Memory): EpochMs => epochMs(k[0] as number)

/** A time, by how long before the newest reading it was. */
function before(bits: Bits, at: EpochMs | undefined, { k, order }: { k: Memory; order: number }): EpochMs {
  const until = untilOf(k)
  return epochMs(until - bits.whole(until - (at ?? 0), order))
}

function memory(bits: Bits, its: Memory | undefined): Memory {
  const k = its === undefined ? new Array<number>(1 + 3 * SIGNS.length).fill(0) : [...its]
  k[0] = bits.count(k[0] as number, 41)
  for (const i of SIGNS) {
    const [scale, order] = [STEPS_A_UNIT[i] as number, READING_BITS[i] as number]
    if (!bits.flag(k[NEWEST + i] !== 0)) continue
    k[NEWEST + i] = bits.count((k[NEWEST + i] as number) * scale, order) / scale
    k[BEFORE + i] = bits.count((k[BEFORE + i] as number) * scale, order) / scale
    if (bits.flag(k[AGE + i] !== 0)) k[AGE + i] = bits.count(k[AGE + i] as number, 19)
  }
  return k
}

/** Hours first: 0 of a sign of which nothing was learned. */
function learned(bits: Bits, its: Learned | undefined, { i, k }: { i: number; k: Memory }): Learned | 0 {
  const hours = bits.count(its?.[2] ?? 0, 8)
  if (hours === 0) return 0
  const scale = HABIT_SCALES[i] as number
  const level = bits.count((its?.[0] ?? 0) * scale, LEVEL_BITS[i] as number) / scale
  const spread = bits.count((its?.[1] ?? 0) * scale, SPREAD_BITS[i] as number) / scale
  const mark = hourMarkOf(untilOf(k))
  const isOfNow = bits.flag(its?.[3] === mark)
  return [level, spread, hours, isOfNow ? mark : bits.count(its?.[3] ?? 0, 10)]
}

const rest = (bits: Bits, its: Rest | undefined, k: Memory): Rest => [
  bits.count(its?.[0] ?? 0, 14),
  before(bits, its?.[1], { k, order: 20 }),
]

/** Of a sign that was told of, or waits, the time is nearly always that of its newest reading. */
function told(bits: Bits, its: ScoreWatch | undefined, usually: EpochMs): ScoreWatch {
  const r = bits.bits(its?.r ?? 0, 2)
  const n = bits.flag(its?.n === 1) ? 1 : 0
  const g = bits.count(its?.g ?? 0, 0)
  const isUsual = bits.flag(its?.t === usually)
  return { r, n, g, t: isUsual ? usually : epochMs(usually - bits.whole(usually - (its?.t ?? 0), 23)) }
}

function watches(bits: Bits, its: Watches | undefined, k: Memory): Watches {
  const all: Watches = {}
  let lastLateMs = 0
  for (const [i, name] of JUDGED_VITALS.entries()) {
    if (!bits.flag(its?.[name] !== undefined)) continue
    const one = watch(bits, its?.[name], { takenAt: takenAt(k, i), lastLateMs })
    all[name] = one
    lastLateMs = one.l ?? lastLateMs
  }
  return all
}

/** Readings that come together are about as late. */
function watch(
  bits: Bits,
  its: Watch | undefined,
  { takenAt, lastLateMs }: { takenAt: EpochMs; lastLateMs: number },
): Watch {
  const known = told(bits, its, takenAt)
  if (!bits.flag(its?.w !== undefined)) return known
  const w = bits.count(its?.w ?? 0, 15)
  return { ...known, w, l: lastLateMs + bits.whole((its?.l ?? 0) - lastLateMs, 11) }
}

function deviations(bits: Bits, its: Deviations | undefined, k: Memory): Deviations {
  const all: Deviations = {}
  for (const i of SIGNS) if (bits.flag(its?.[i] !== undefined)) all[i] = deviation(bits, its?.[i], k)
  return all
}

const deviation = (bits: Bits, its: Deviation | undefined, k: Memory): Deviation => ({
  s: bits.flag((its?.s ?? 0) > 0) ? 1 : -1,
  n: bits.flag(its?.n === 1) ? 1 : 0,
  c: bits.count(its?.c ?? 0, 3),
  g: bits.count(its?.g ?? 0, 0),
  t: before(bits, its?.t, { k, order: 20 }),
})

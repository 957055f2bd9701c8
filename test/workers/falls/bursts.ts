// Bursts as a wrist might send them, made up: the detector's behaviour can be told without anybody's recordings.

import type { Motion } from '../../../model/motion.ts'
import { chanceOf } from '../../../workers/falls/chance.ts'

type Vector = readonly [x: number, y: number, z: number]

/** Acceleration in mg at a time in ms. */
type Movement = (ms: number) => Vector

type Json = Extract<Motion, { enc: 'json' }>

/** A burst of 6 s with a little noise; the impact, where there is one, is at 2 s. */
export function recorded(
  movement: Movement,
  { rateHz = 50, durMs = 6_000, seed = 1 }: { rateHz?: number; durMs?: number; seed?: number } = {},
): Json {
  const chance = chanceOf(seed)
  const count = Math.floor((durMs / 1_000) * rateHz) + 1
  const samples = Array.from({ length: count }, (_, i) => movement((i * 1_000) / rateHz))
  const axis = (a: 0 | 1 | 2): number[] => samples.map(at => Math.round(at[a] + 8 * chance.bell()))
  return {
    v: 1,
    durMs: ((count - 1) * 1_000) / rateHz,
    n: count,
    rate: rateHz,
    unit: 'mg',
    enc: 'json',
    x: axis(0),
    y: axis(1),
    z: axis(2),
  }
}

/** Walking; arms thrown up and half a second in the air; a blow and another; lying with the arm aslant. */
export const falling: Movement = ms => {
  if (ms < 900) return [-980 + 250 * Math.sin(ms / 80), 250 * Math.sin(ms / 170), 120]
  if (ms < 1_500) return [-780 + 300 * Math.sin(ms / 90), 600 * Math.sin(ms / 120), 600 * Math.cos(ms / 140)]
  if (ms < 1_930) return [-250 - 300 * Math.sin(ms / 60), 250, 300]
  const since = ms - 2_000
  const blow = 5_000 * Math.exp(-((since / 65) ** 2)) + 2_200 * Math.exp(-(((since - 190) / 60) ** 2))
  const settling = since > 0 ? 900 * Math.exp(-since / 500) * Math.sin(since / 38) : 0
  const weight = since > -40 ? 1 : 0.3
  return [
    blow * 0.5 + settling + weight * 500,
    blow * 0.35 + settling * 0.6 + weight * 600,
    blow * 0.75 + settling * 0.4 + weight * 620,
  ]
}

/** Two steps a second, arm swinging, each heel a small blow. */
export const walking: Movement = ms => {
  const phase = (ms / 500) * 2 * Math.PI
  const heel = 1_150 * Math.exp(-((((ms % 500) - 0) / 40) ** 2))
  return [-960 - heel - 140 * Math.sin(phase), 260 * Math.sin(phase / 2), 180 + 160 * Math.cos(phase / 2)]
}

/** Three claps a second. */
export const clapping: Movement = ms => {
  const clap = 2_300 * Math.exp(-((((ms + 167) % 333) / 25) ** 2))
  return [-350 + 300 * Math.sin(ms / 53), 880 + clap, 200 * Math.cos(ms / 53) - clap * 0.4]
}

/** A hand that lies on a table. */
export const resting: Movement = () => [20, -40, 1_000]

/** The same burst by a sensor whose axes end at ±2 g. */
export function cutAt2g(burst: Json): Json {
  const cut = (axis: readonly number[]) => axis.map(value => Math.max(-2_000, Math.min(2_000, value)))
  return { ...burst, x: cut(burst.x), y: cut(burst.y), z: cut(burst.z) }
}

/** The same burst in another encoding. */
export function asI16le({ x, y, z, enc: _json, ...head }: Json): Motion {
  const bytes = Buffer.alloc(x.length * 6)
  for (let i = 0; i < x.length; i++) {
    bytes.writeInt16LE(x[i] as number, i * 6)
    bytes.writeInt16LE(y[i] as number, i * 6 + 2)
    bytes.writeInt16LE(z[i] as number, i * 6 + 4)
  }
  return { ...head, enc: 'i16le', data: bytes.toString('base64') }
}

// What a model is trained on and tried on: bursts as rows of numbers.

import { burstOf } from '../../workers/falls/burst.ts'
import type { Chance } from '../../workers/falls/chance.ts'
import type { Sensor } from '../../workers/falls/cut-off.ts'
import type { Kernels } from '../../workers/falls/kernels.ts'
import { read } from '../../workers/falls/reading.ts'
import { copyOf, TAUGHT, TRIED } from './copies.ts'
import { type Cut, cutBursts, type Trigger } from './cut.ts'
import type { Recording } from './recordings.ts'

export type Example = {
  recording: Recording
  /** The device that it was made for; null in training. */
  tried: string | null
  /** As `reading.ts` makes it: features, and what the kernels answer. */
  row: Float32Array
  /** What can be known of the sensor; the cut-off goes by it. */
  sensor: Sensor
  isFall: boolean
  weight: number
}

/** Claps and steps go on for long: more of one recording say nothing new. */
const MOST_OF_ONE = 6
/** Every second copy is cut by a more careful device. */
const EARLY: Trigger = { atG: 1.7, apartMs: 1_000 }
/** Some bursts are shorter: the end of a recording must not tell what it is a recording of. */
const SHORT_SHARE = 0.3

/** Every local maximum of the recording as it is, for devices without a pause between bursts. */
export const EVERY_MAXIMUM = 'every maximum'
/** A device that starts earlier and then pauses. */
export const EARLY_TRIGGER = 'from 1.6 g, 1.5 s apart'
/** A device that sends less. */
export const SHORT_BURSTS = '1.5 s before to 2.5 s after'

/** Examples to train on. `hasCopies`: also as other devices would have recorded them. */
export function taughtExamples(
  recordings: readonly Recording[],
  { kernels, chance, hasCopies }: { kernels: Kernels; chance: Chance; hasCopies: boolean },
): Example[] {
  return recordings.flatMap(recording => {
    const copies = hasCopies
      ? Object.values(TAUGHT).map(device => copyOf(recording, device(chance), chance))
      : []
    return [recording, ...copies].flatMap((copy, i) => {
      const trigger = i % 2 === 1 ? EARLY : {}
      const cuts = cutBursts(copy, { ...trigger, ...(i > 0 && lengthBy(chance)) }).filter(
        ({ isAside }) => !isAside,
      )
      const some = cuts.filter((_, k) => k % Math.ceil(cuts.length / MOST_OF_ONE) === 0)
      // Of a fall one burst has to be found; of a daily activity all have to pass.
      const weight = recording.fall ? 1.5 / some.length : Math.min(1, 3 / some.length)
      return some.flatMap(cut => exampleOf(recording, cut, { kernels, tried: null, weight }))
    })
  })
}

const lengthBy = (chance: Chance): Trigger =>
  chance.unit() < SHORT_SHARE
    ? { beforeMs: 1_000 + 1_000 * chance.unit(), afterMs: 1_500 + 2_500 * chance.unit() }
    : {}

/** Examples to try a model on, of every device. */
export function triedExamples(
  recordings: readonly Recording[],
  { kernels, chance }: { kernels: Kernels; chance: Chance },
): Example[] {
  return recordings.flatMap(recording => {
    const of = (copy: Recording, tried: string, trigger?: Trigger): Example[] =>
      cutBursts(copy, trigger)
        .filter(({ isAside }) => !isAside)
        .flatMap(cut => exampleOf(recording, cut, { kernels, tried, weight: 1 }))
    return [
      ...Object.entries(TRIED).flatMap(([tried, device]) => of(copyOf(recording, device, chance), tried)),
      ...of(recording, EVERY_MAXIMUM, { apartMs: 0 }),
      ...of(recording, EARLY_TRIGGER, { atG: 1.6, apartMs: 1_500 }),
      ...of(recording, SHORT_BURSTS, { beforeMs: 1_500, afterMs: 2_500 }),
    ]
  })
}

function exampleOf(
  recording: Recording,
  { motion, isFall }: Cut,
  { kernels, tried, weight }: { kernels: Kernels; tried: string | null; weight: number },
): Example[] {
  const burst = burstOf(motion)
  if ('unusable' in burst) return []
  const { row, sensor } = read(burst, kernels)
  return [{ recording, tried, row: Float32Array.from(row), sensor, isFall, weight }]
}

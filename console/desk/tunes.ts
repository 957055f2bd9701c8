// The tunes of the desk, and how a tune becomes samples. Pure.

import type { Chime, Loop } from './bell.ts'

/** A tone with a soft beginning and end: start and length in seconds, loudness 0 to 1. */
export type Note = { atS: number; hz: number; forS: number; gain: number }
export type Tune = { lengthS: number; notes: readonly Note[] }

/** Two falling thirds and a rest: heard through a headset, and bearable for a minute. */
const CRITICAL: Tune = {
  lengthS: 3.2,
  notes: [0, 0.62, 1.24].flatMap(atS => [
    { atS, hz: 932, forS: 0.26, gain: 0.5 },
    { atS: atS + 0.24, hz: 740, forS: 0.3, gain: 0.5 },
  ]),
}
const REALERT: Tune = {
  lengthS: 3.2,
  notes: [
    { atS: 0, hz: 659, forS: 0.22, gain: 0.45 },
    { atS: 0.24, hz: 880, forS: 0.22, gain: 0.45 },
    { atS: 0.48, hz: 659, forS: 0.34, gain: 0.45 },
  ],
}

/** Quieter and rarer than the critical one: it waits its turn, and is not forgotten. */
const HIGH: Tune = {
  lengthS: 10,
  notes: [
    { atS: 0, hz: 784, forS: 0.3, gain: 0.28 },
    { atS: 0.32, hz: 784, forS: 0.5, gain: 0.28 },
  ],
}
const BROKEN: Tune = {
  lengthS: 1.4,
  notes: [
    { atS: 0, hz: 440, forS: 0.4, gain: 0.4 },
    { atS: 0.45, hz: 294, forS: 0.7, gain: 0.4 },
  ],
}
/** The screen stands still and only a person can mend it: said again every half minute. */
const ENDED: Tune = { lengthS: 30, notes: BROKEN.notes }

export const LOOPS: Record<Exclude<Loop, 'none'>, Tune> = {
  critical: CRITICAL,
  realert: REALERT,
  ended: ENDED,
  high: HIGH,
}

export const CHIMES: Record<Chime, Tune> = {
  high: {
    lengthS: 1.2,
    notes: [
      { atS: 0, hz: 784, forS: 0.3, gain: 0.4 },
      { atS: 0.32, hz: 784, forS: 0.5, gain: 0.4 },
    ],
  },
  escalated: {
    lengthS: 1.4,
    notes: [
      { atS: 0, hz: 740, forS: 0.25, gain: 0.5 },
      { atS: 0.25, hz: 932, forS: 0.25, gain: 0.5 },
      { atS: 0.5, hz: 1_175, forS: 0.5, gain: 0.5 },
    ],
  },
  service: { lengthS: 1, notes: [{ atS: 0, hz: 523, forS: 0.7, gain: 0.3 }] },
  broken: BROKEN,
}

/** Between two sounds, so that they are two. */
const BREATH_S = 0.05

/** How long a tune sounds (s); the rest of it is silence. */
export const soundsForS = ({ notes }: Tune): number => Math.max(...notes.map(({ atS, forS }) => atS + forS))

/**
 * When each of the chimes begins (s, by the clock of `fromS`): one after the other, and within the rests of the loop
 * that plays, which began at `sinceS`.
 */
export function startsOf(
  chimes: readonly Chime[],
  { fromS, loop }: { fromS: number; loop: { tune: Tune; sinceS: number } | undefined },
): number[] {
  let freeS = fromS
  return chimes.map(chime => {
    const forS = soundsForS(CHIMES[chime])
    const atS = loop ? restFrom(freeS, forS, loop) : freeS
    freeS = atS + forS + BREATH_S
    return atS
  })
}

/** The first moment from `fromS` on at which the loop rests for `forS`. */
function restFrom(fromS: number, forS: number, { tune, sinceS }: { tune: Tune; sinceS: number }): number {
  const restsAtS = soundsForS(tune) + BREATH_S
  const phaseS = (fromS - sinceS) % tune.lengthS
  if (phaseS < restsAtS) return fromS + restsAtS - phaseS
  if (phaseS + forS <= tune.lengthS) return fromS
  return fromS + tune.lengthS - phaseS + restsAtS
}

const ATTACK_S = 0.015

/** Renders a tune to samples between −1 and 1. */
export function render({ lengthS, notes }: Tune, sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(lengthS * sampleRate))
  for (const { atS, hz, forS, gain } of notes) {
    const first = Math.round(atS * sampleRate)
    const last = Math.min(samples.length, first + Math.round(forS * sampleRate))
    for (let i = first; i < last; i++) {
      const t = (i - first) / sampleRate
      const envelope = Math.min(1, t / ATTACK_S) * (1 - t / forS) ** 1.5
      const phase = 2 * Math.PI * hz * t
      const sum = (samples[i] ?? 0) + gain * envelope * (Math.sin(phase) + 0.25 * Math.sin(2 * phase))
      samples[i] = Math.max(-1, Math.min(1, sum))
    }
  }
  return samples
}

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

export const LOOPS: Record<Exclude<Loop, 'none'>, Tune> = { critical: CRITICAL, realert: REALERT }

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
  broken: {
    lengthS: 1.4,
    notes: [
      { atS: 0, hz: 440, forS: 0.4, gain: 0.4 },
      { atS: 0.45, hz: 294, forS: 0.7, gain: 0.4 },
    ],
  },
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

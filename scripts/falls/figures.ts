// What a set of judged recordings comes to: of falls the share that was found, of daily activities that passed.

import type { Recording } from './recordings.ts'

/** A recording by its gravest burst: by how much its log odds are above the cut-off. No burst at all: −∞. */
export type Judged = { recording: Recording; above: number }

export type Figures = {
  sensitivity: number
  specificity: number
  f1: number
  falls: number
  activities: number
  /** Alarms in the daily activities of elders, and how long those are. */
  elderAlarms: number
  elderHours: number
  /** Errors by activity: missed falls or false alarms, of how many. */
  errors: Record<string, string>
}

export function figuresOf(judged: readonly Judged[]): Figures {
  const falls = judged.filter(({ recording }) => recording.fall)
  const others = judged.filter(({ recording }) => !recording.fall)
  const found = falls.filter(isFall).length
  const alarms = others.filter(isFall)
  const elders = others.filter(({ recording }) => recording.elder)
  return {
    sensitivity: round(found / falls.length),
    specificity: round(1 - alarms.length / others.length),
    f1: round((2 * found) / (2 * found + alarms.length + falls.length - found)),
    falls: falls.length,
    activities: others.length,
    elderAlarms: elders.filter(isFall).length,
    elderHours: round(elders.reduce((sum, { recording }) => sum + recording.durMs, 0) / 3_600_000),
    errors: errorsOf(judged),
  }
}

const isFall = ({ above }: Judged): boolean => above >= 0

function errorsOf(judged: readonly Judged[]): Record<string, string> {
  const byActivity = Object.groupBy(judged, ({ recording }) => recording.activity)
  const errors: Record<string, string> = {}
  for (const activity of Object.keys(byActivity).sort()) {
    const all = byActivity[activity] ?? []
    const wrong = all.filter(one => isFall(one) !== one.recording.fall).length
    errors[activity] = `${wrong} of ${all.length}`
  }
  return errors
}

/** The log odds that a share of many reach: a cut-off there lets that many pass. */
export function cutAtShare(odds: readonly number[], share: number): number {
  const falling = odds.toSorted((a, b) => b - a)
  const allowed = Math.floor(falling.length * share)
  return ((falling[allowed - 1] ?? 0) + (falling[allowed] ?? 0)) / 2
}

/** Area under the curve, over recordings. */
export function areaUnder(judged: readonly Judged[]): number {
  const falls = judged.filter(({ recording }) => recording.fall)
  const others = judged.filter(({ recording }) => !recording.fall)
  let wins = 0
  for (const a of falls) for (const b of others) wins += a.above > b.above ? 1 : a.above === b.above ? 0.5 : 0
  return round(wins / falls.length / others.length)
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

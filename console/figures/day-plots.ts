// The days of the time as what is drawn of them (pure). undefined: of these days there is nothing to draw, and an empty
// chart would look like one that failed.

import type { Plot } from '../charts/picture.ts'
import type { DayRow } from './daily.ts'
import { percent } from './reading.ts'
import type { FigureWords } from './words.zh.ts'

export const COLORS = {
  emergencies: '#b8281e',
  services: '#7fb694',
  answered15: '#1d5566',
  onSite45: '#a85b00',
} as const

type Said = Pick<FigureWords, keyof typeof COLORS>

/** Emergencies and services a day, one standing on the other. */
export function countsPlot(rows: readonly DayRow[], words: Said): Plot | undefined {
  if (rows.every(({ emergencies, services }) => emergencies + services === 0)) return undefined
  const both = rows.map(({ emergencies, services }) => emergencies + services)
  const { emergencies, services } = COLORS
  return {
    ...axisOf(rows),
    series: [
      { label: words.services, kind: 'bars', color: services, values: both },
      {
        label: words.emergencies,
        kind: 'bars',
        color: emergencies,
        values: rows.map(row => row.emergencies),
      },
    ],
  }
}

/** What was answered within 15 s and reached within 45 min, as shares a day. */
export function sharesPlot(rows: readonly DayRow[], words: Said): Plot | undefined {
  if (rows.every(({ answered15, onSite45 }) => answered15 === null && onSite45 === null)) return undefined
  const { answered15, onSite45 } = COLORS
  return {
    ...axisOf(rows),
    yRange: [0, 1],
    yText: share => percent(share) ?? '',
    series: [
      { label: words.answered15, color: answered15, values: rows.map(row => row.answered15) },
      { label: words.onSite45, color: onSite45, dash: [6, 4], values: rows.map(row => row.onSite45) },
    ],
  }
}

/** Half a day more at both ends: the first and the last bar are as wide as the others. */
const axisOf = (rows: readonly DayRow[]): Pick<Plot, 'x' | 'xText' | 'span'> => ({
  x: rows.map((_, index) => index),
  xText: at => (Number.isInteger(at) ? (rows[at]?.day.slice(5) ?? '') : ''),
  span: { from: -0.5, to: rows.length - 0.5 },
})

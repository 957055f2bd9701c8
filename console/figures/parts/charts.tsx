// The days of the time as pictures; the table beside them says the same in words.

import { Chart, type Plot } from '../../charts/chart.tsx'
import type { DayRow } from '../daily.ts'
import { percent } from '../reading.ts'
import { useFigureWords } from '../words.ts'

const CRITICAL = '#b8281e'
const SERVICE = '#7fb694'
const BRAND = '#1d5566'
const HIGH = '#a85b00'

export function DayCharts({ rows }: { rows: readonly DayRow[] }) {
  const words = useFigureWords()
  const x = rows.map((_, index) => index)
  const xText = (at: number) => (Number.isInteger(at) ? (rows[at]?.day.slice(5) ?? '') : '')
  // Half a day more at both ends: the first and the last bar are as wide as the others.
  const span = { from: -0.5, to: rows.length - 0.5 }
  const counts: Plot = {
    x,
    xText,
    span,
    series: [
      {
        label: words.services,
        kind: 'bars',
        color: SERVICE,
        values: rows.map(row => row.emergencies + row.services),
      },
      { label: words.emergencies, kind: 'bars', color: CRITICAL, values: rows.map(row => row.emergencies) },
    ],
  }
  const shares: Plot = {
    x,
    xText,
    span,
    yRange: [0, 1],
    yText: share => percent(share) ?? '',
    series: [
      { label: words.answered15, color: BRAND, values: rows.map(row => row.answered15) },
      { label: words.onSite45, color: HIGH, dash: [6, 4], values: rows.map(row => row.onSite45) },
    ],
  }
  return (
    <div className="figure-charts">
      <figure>
        <figcaption>
          <Key color={CRITICAL}>{words.emergencies}</Key>
          <Key color={SERVICE}>{words.services}</Key>
        </figcaption>
        <Chart plot={counts} label={words.chartOf(words.alarms)} height={12} />
      </figure>
      <figure>
        <figcaption>
          <Key color={BRAND}>{words.answered15}</Key>
          <Key color={HIGH}>{words.onSite45}</Key>
        </figcaption>
        <Chart plot={shares} label={words.chartOf(words.answers)} height={12} />
      </figure>
    </div>
  )
}

function Key({ color, children }: { color: string; children: string }) {
  return (
    <span className="figure-key">
      <i style={{ background: color }} aria-hidden="true" />
      {children}
    </span>
  )
}

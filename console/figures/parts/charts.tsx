// The days of the time as pictures; the table beside them says the same in words.

import { Chart } from '../../charts/chart.tsx'
import type { Plot } from '../../charts/picture.ts'
import type { DayRow } from '../daily.ts'
import { COLORS, countsPlot, sharesPlot } from '../day-plots.ts'
import { useFigureWords } from '../words.ts'

export function DayCharts({ rows }: { rows: readonly DayRow[] }) {
  const words = useFigureWords()
  return (
    <div className="figure-charts">
      <DayChart
        plot={countsPlot(rows, words)}
        label={words.alarms}
        nothing={words.noAlarms}
        keys={['emergencies', 'services']}
      />
      <DayChart
        plot={sharesPlot(rows, words)}
        label={words.answers}
        nothing={words.noAnswers}
        keys={['answered15', 'onSite45']}
      />
    </div>
  )
}

type Props = {
  plot: Plot | undefined
  /** What it is a picture of. */
  label: string
  /** Instead of a picture of nothing. */
  nothing: string
  keys: readonly (keyof typeof COLORS)[]
}

function DayChart({ plot, label, nothing, keys }: Props) {
  const words = useFigureWords()
  if (!plot) return <p className="figure-nothing">{nothing}</p>
  return (
    <figure>
      <figcaption>
        {keys.map(key => (
          <span key={key} className="figure-key">
            <i style={{ background: COLORS[key] }} aria-hidden="true" />
            {words[key]}
          </span>
        ))}
      </figcaption>
      <Chart plot={plot} label={words.chartOf(label)} height={12} />
    </figure>
  )
}

// The vital signs of an elder in the file of an alarm: a small chart for each that there are readings of, with the
// limits that count for them, and the same in words.

import { Button } from 'antd'
import { useMemo } from 'react'
import { duration } from '../../model/amounts.ts'
import type { VitalName } from '../../model/telemetry.ts'
import { useHttp } from '../shell/http-context.ts'
import { useWords } from '../shell/language.tsx'
import { Loading } from '../shell/loading.tsx'
import { useNow } from '../shell/now.tsx'
import { useStable } from '../shell/use-stable.ts'
import { Chart } from './chart.tsx'
import { freshnessOf, type Known } from './known.ts'
import { axisRange, limitsOf, reached } from './limits.ts'
import type { Plot } from './picture.ts'
import { CHARTS, columnsOf, shown, summaryOf } from './readings.ts'
import { useReadings } from './use-readings.ts'
import { useChartWords } from './words.ts'

type Props = {
  residentId: string
  /** When the alarm was raised: the hours around it are shown, up to now while it is open. Epoch ms. */
  at: number
  /** When it ended; undefined while it is open. */
  endedAt: number | undefined
}

export function Vitals(props: Props) {
  const words = useChartWords()
  return (
    <section className="card vitals" aria-label={words.vitals}>
      <Measured key={`${props.residentId} ${props.at}`} {...props} />
    </section>
  )
}

function Measured({ residentId, at, endedAt }: Props) {
  const words = useChartWords()
  const http = useHttp()
  const now = useNow()
  const readNow = useStable(() => now)
  const { known, refresh } = useReadings({ http, residentId, at, endedAt, now: readNow })
  if (known.status === 'loading') return <Loading text={words.loading} />
  if (known.status === 'failed') {
    const isKept = known.problem !== 'NO_HISTORY'
    return (
      <>
        <h3>{words.vitals}</h3>
        <p>{isKept ? words.failed : words.noHistory}</p>
        {isKept && <Button onClick={refresh}>{words.again}</Button>}
      </>
    )
  }
  return <Charts known={known} at={at} />
}

type Ready = Known & { status: 'known' }

function Charts({ known, at }: { known: Ready; at: number }) {
  const words = useChartWords()
  const { readings } = known
  const freshness = freshnessOf(known)
  const drawn = CHARTS.filter(names => names.some(name => (readings[name]?.length ?? 0) > 0))
  return (
    <>
      <h3>
        {words.vitals}
        <small role="status" className={freshness === 'stale' ? 'field-problem' : undefined}>
          {words[freshness]}
        </small>
      </h3>
      {drawn.length === 0 && (
        <p>
          <strong>{words.none}</strong> {words.noneLead}
        </p>
      )}
      <div className="vitals-charts">
        {drawn.map(names => (
          <VitalChart key={names[0]} names={names} known={known} at={at} />
        ))}
      </div>
      {known.hasHoles && <p className="faint">{words.holes}</p>}
    </>
  )
}

const COLOURS = { line: '#1d5566', second: '#5b3f8c', spread: 'rgba(29,85,102,0.16)' } as const

function VitalChart({ names, known, at }: { names: readonly VitalName[]; known: Ready; at: number }) {
  const words = useChartWords()
  const { explain } = useWords()
  const now = useNow()
  const [name = 'hr'] = names
  const plot = usePlot(names, known, at)
  const summaries = names.map(each => summaryOf(known.readings[each] ?? []))
  const [first] = summaries
  if (first === undefined) return null
  const text = (pick: 'last' | 'min' | 'max'): string =>
    names.flatMap((each, i) => (summaries[i] ? [shown(each, summaries[i][pick])] : [])).join('/')
  const age =
    now - first.lastAt < 60_000 ? words.now : words.ago(duration(now - first.lastAt, explain.amounts))
  const beyond = reached(first.last, limitsOf(name, known.thresholds))
  const range = words.range(text('min'), text('max'))
  const isOwn = name !== 'dbp' && known.thresholds?.[name] !== undefined
  return (
    <figure className="vital">
      <figcaption>
        <strong>{words.chart[name]}</strong>
        <b className={beyond ? `is-${beyond.severity}` : ''}>
          {text('last')} <small>{words.unit[name]}</small>
          {beyond && <span className="mark is-warn">{words.beyond[beyond.side]}</span>}
        </b>
        <small>
          {age} · {range}
          {isOwn && ` · ${words.ownLimits}`}
        </small>
      </figcaption>
      <Chart
        plot={plot}
        height={6.5}
        label={words.summary(words.chart[name], text('last'), words.unit[name], age, range)}
      />
    </figure>
  )
}

function usePlot(names: readonly VitalName[], known: Ready, at: number): Plot {
  const words = useChartWords()
  return useMemo(() => {
    const { readings, thresholds, everyMs, span } = known
    const buckets = names.map(name => readings[name] ?? [])
    const columns = columnsOf(buckets, everyMs)
    const limits = names.flatMap(name => limitsOf(name, thresholds))
    const values = buckets.flat().flatMap(({ min, max }) => [min, max])
    const [name = 'hr'] = names
    const spread = (label: string, edge: (number | null)[]) => ({
      label,
      values: edge,
      color: COLOURS.line,
      kind: 'edge' as const,
    })
    return {
      x: columns.x,
      series: [
        ...names.map((each, i) => ({
          label: words.chart[each],
          values: columns.mean[i] ?? [],
          color: i === 0 ? COLOURS.line : COLOURS.second,
          ...(i > 0 && { dash: [6, 3] }),
        })),
        spread('max', columns.max),
        spread('min', columns.min),
      ],
      bands: [{ high: names.length, low: names.length + 1, color: COLOURS.spread }],
      limits,
      marks: [{ at, label: words.alarm }],
      span,
      yRange: axisRange(values, limits),
      yText: value => shown(name, value),
    }
  }, [names, known, at, words])
}

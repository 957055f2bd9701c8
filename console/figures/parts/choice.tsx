// What is asked for: whose figures, of which time.

import { Button } from 'antd'
import type { Area } from '../../../model/area.ts'
import { asKind, type Chosen, moved, PERIOD_KINDS, type Period, todayIn } from '../period.ts'
import { useFigureWords } from '../words.ts'

type Props = {
  areas: readonly { area: Area; depth: number }[]
  areaId: string
  onArea(id: string): void
  chosen: Chosen
  onChosen(chosen: Chosen): void
  period: Period | undefined
  now: number
  timeZone: string
}

export function Choice({ areas, areaId, onArea, chosen, onChosen, period, now, timeZone }: Props) {
  const words = useFigureWords()
  const today = todayIn(now, timeZone)
  const isNewest = period?.goesOn ?? false
  return (
    <div className="filters figure-choice">
      <label>
        <span>{words.area}</span>
        <select value={areaId} onChange={event => onArea(event.target.value)}>
          {areas.map(({ area, depth }) => (
            <option key={area.id} value={area.id}>
              {'　'.repeat(depth)}
              {area.name}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="figure-kinds">
        <legend>{words.periodLabel}</legend>
        {PERIOD_KINDS.map(kind => (
          <label key={kind} className={chosen.kind === kind ? 'is-chosen' : undefined}>
            <input
              type="radio"
              name="period"
              checked={chosen.kind === kind}
              onChange={() => onChosen(asKind(chosen, kind, today))}
            />
            {words.period[kind]}
          </label>
        ))}
      </fieldset>
      <div className="figure-days">
        <Button aria-label={words.earlier} onClick={() => onChosen(moved(chosen, -1))}>
          ‹
        </Button>
        {chosen.kind === 'custom' ? (
          <>
            <Day
              label={words.first}
              day={chosen.first}
              max={today}
              onDay={first => onChosen({ ...chosen, first })}
            />
            <Day
              label={words.last}
              day={chosen.last}
              max={today}
              onDay={last => onChosen({ ...chosen, last })}
            />
          </>
        ) : (
          <Day label={words.date} day={chosen.day} max={today} onDay={day => onChosen({ ...chosen, day })} />
        )}
        <Button aria-label={words.later} disabled={isNewest} onClick={() => onChosen(moved(chosen, 1))}>
          ›
        </Button>
      </div>
    </div>
  )
}

type DayProps = { label: string; day: string; max: string; onDay(day: string): void }

const Day = ({ label, day, max, onDay }: DayProps) => (
  <label>
    <span>{label}</span>
    <input
      type="date"
      value={day}
      max={max}
      onChange={event => {
        // Half a date, as it is while it is typed, is none yet.
        if (event.target.value !== '') onDay(event.target.value)
      }}
    />
  </label>
)

// When a zone holds: always, or at some hours of some days of the week.

import type { Schedule } from '../../model/schedule.ts'
import { useMapWords } from './words.ts'
import { isTimeOfDay } from './zone-draft.ts'

type Props = { schedule: Schedule; onChange: (schedule: Schedule) => void }
type Period = Schedule[number]

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const
const USUAL: Period = { days: [...DAYS], from: '06:00', to: '20:00' }

export function ZoneSchedule({ schedule, onChange }: Props) {
  const { zone: words } = useMapWords()
  const isAlways = schedule.length === 0
  const change = (index: number, period: Period): void =>
    onChange(schedule.map((one, i) => (i === index ? period : one)))
  return (
    <fieldset className="zone-schedule">
      <legend>{words.schedule}</legend>
      <label>
        <input type="radio" checked={isAlways} onChange={() => onChange([])} /> {words.always}
      </label>
      <label>
        <input type="radio" checked={!isAlways} onChange={() => isAlways && onChange([USUAL])} />{' '}
        {words.periods}
      </label>
      {schedule.map((period, index) => (
        <PeriodRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a period has no name but its place in the order
          key={index}
          name={words.period(index + 1)}
          period={period}
          onChange={next => change(index, next)}
          onRemove={() => onChange(schedule.filter((_, i) => i !== index))}
        />
      ))}
      {!isAlways && (
        <button
          type="button"
          className="plain-button zone-add"
          onClick={() => onChange([...schedule, USUAL])}
        >
          {words.addPeriod}
        </button>
      )}
    </fieldset>
  )
}

type RowProps = { name: string; period: Period; onChange: (period: Period) => void; onRemove: () => void }

function PeriodRow({ name, period, onChange, onRemove }: RowProps) {
  const { zone: words } = useMapWords()
  const { days, from, to } = period
  const toggle = (day: number): void => {
    const next = days.includes(day) ? days.filter(one => one !== day) : [...days, day].sort()
    if (next.length > 0) onChange({ ...period, days: next })
  }
  return (
    <fieldset className="zone-period">
      <legend>{name}</legend>
      <span className="zone-days">
        {DAYS.map(day => (
          <label key={day} title={words.day(words.days[day - 1] ?? '')}>
            <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
            {words.days[day - 1]}
          </label>
        ))}
      </span>
      <TimeInput name={words.from} value={from} onChange={value => onChange({ ...period, from: value })} />
      <TimeInput name={words.to} value={to} onChange={value => onChange({ ...period, to: value })} />
      <button
        type="button"
        className="plain-button"
        aria-label={words.remove(name)}
        title={words.remove(name)}
        onClick={onRemove}
      >
        ×
      </button>
    </fieldset>
  )
}

/** A browser's clock has no 24:00, which is how the end of a day is written. */
function TimeInput({
  name,
  value,
  onChange,
}: {
  name: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <label>
      {name}{' '}
      <input
        type="text"
        inputMode="numeric"
        size={5}
        maxLength={5}
        value={value}
        aria-invalid={!isTimeOfDay(value)}
        onChange={event => onChange(event.target.value)}
      />
    </label>
  )
}

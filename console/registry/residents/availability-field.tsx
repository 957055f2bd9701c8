// A weekly schedule as people read and fill it in: days, from, to; none is "always".

import { Button, Checkbox, Input } from 'antd'
import type { Schedule } from '../../../model/schedule.ts'
import { useRegistryWords } from '../words.ts'

type Props = { id?: string; value?: Schedule; onChange?: (value: Schedule) => void }

const WEEK = [1, 2, 3, 4, 5, 6, 7]

export function AvailabilityField({ id, value = [], onChange }: Props) {
  const words = useRegistryWords()
  const said = words.contacts
  const put = (index: number, period: Schedule[number]) => onChange?.(value.with(index, period))
  return (
    <div className="registry-periods" id={id}>
      {value.length === 0 && <p className="faint">{said.always}</p>}
      {value.map((period, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: periods have nothing else to know them by
        <div key={index} className="registry-period">
          <Checkbox.Group
            options={WEEK.map(day => ({ value: day, label: said.days[day - 1] }))}
            value={period.days}
            onChange={days => put(index, { ...period, days: days.toSorted() })}
          />
          <Input
            type="time"
            aria-label={said.from}
            value={period.from}
            onChange={event => put(index, { ...period, from: event.target.value })}
          />
          <span aria-hidden>–</span>
          <Input
            type="time"
            aria-label={said.to}
            value={period.to === '24:00' ? '23:59' : period.to}
            onChange={event => put(index, { ...period, to: event.target.value })}
          />
          <Button
            size="small"
            aria-label={said.removePeriod(index + 1)}
            onClick={() => onChange?.(value.toSpliced(index, 1))}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => onChange?.([...value, { days: WEEK, from: '08:00', to: '20:00' }])}>
        {said.addPeriod}
      </Button>
    </div>
  )
}

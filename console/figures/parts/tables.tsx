// Every figure as a table: by day, by kind, by operator, and the lists of what went wrong.

import { duration } from '../../../model/amounts.ts'
import type { AlarmLoad, ChatteringDevices, Flood, StaleAlarms } from '../../../model/figures.ts'
import type { DayRow, KindRow } from '../daily.ts'
import { lengthOf, percent } from '../reading.ts'
import { useFigureWords } from '../words.ts'
import { Table } from './table.tsx'

type Zone = { timeZone: string }

function useMoment({ timeZone }: Zone): (at: number) => string {
  const { lang } = useFigureWords()
  const format = new Intl.DateTimeFormat(lang, {
    timeZone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return at => format.format(at)
}

export function DayTable({ rows }: { rows: readonly DayRow[] }) {
  const words = useFigureWords()
  return (
    <Table
      label={words.daily}
      rows={[...rows].reverse()}
      keyOf={({ day }) => day}
      columns={[
        { title: words.day, of: ({ day }) => day },
        { title: words.emergencies, of: row => row.emergencies, isNumber: true },
        { title: words.services, of: row => row.services, isNumber: true },
        { title: words.technical, of: row => row.technical, isNumber: true },
        {
          title: words.median,
          of: ({ medianMs }) => (medianMs === null ? undefined : words.length(lengthOf(medianMs))),
          isNumber: true,
        },
        { title: words.answered15, of: row => percent(row.answered15), isNumber: true },
        { title: words.answered60, of: row => percent(row.answered60), isNumber: true },
        { title: words.onSite45, of: row => percent(row.onSite45), isNumber: true },
        { title: words.falseShare, of: row => percent(row.falseShare), isNumber: true },
        { title: words.broughtHome, of: row => row.broughtHome, isNumber: true },
        { title: words.connectRate, of: row => percent(row.connectRate), isNumber: true },
      ]}
    />
  )
}

export function KindTable({ rows }: { rows: readonly KindRow[] }) {
  const words = useFigureWords()
  const undecided = (cls: KindRow['class']) => (cls === 'technical' ? words.endsItself : words.undecided)
  return (
    <Table
      label={words.kinds}
      rows={rows}
      keyOf={({ class: cls, kind }) => `${cls} ${kind}`}
      columns={[
        {
          title: words.kindName,
          of: row => (
            <>
              {words.kind[row.kind]} <small>{words.class[row.class]}</small>
            </>
          ),
        },
        { title: words.count, of: row => row.alarms, isNumber: true },
        {
          title: words.outcome,
          of: row => (
            <ul className="figure-outcomes">
              {row.dispositions.map(({ disposition, alarms }) => (
                <li key={disposition ?? 'none'}>
                  {disposition === null ? undecided(row.class) : words.disposition[disposition]}{' '}
                  <b>{alarms}</b>
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  )
}

export function LoadTable({ operators }: Pick<AlarmLoad, 'operators'>) {
  const words = useFigureWords()
  return (
    <Table
      label={words.load}
      rows={operators}
      keyOf={({ user }) => user.id}
      columns={[
        { title: words.operator, of: ({ user }) => user.name },
        { title: words.count, of: row => row.alarms, isNumber: true },
        { title: words.hours, of: row => row.hours, isNumber: true },
        { title: words.most, of: row => row.most, isNumber: true },
        { title: words.aboveAcceptable, of: row => row.hoursAboveAcceptable, isNumber: true },
        { title: words.aboveMaximum, of: row => row.hoursAboveMaximum, isNumber: true },
      ]}
    />
  )
}

export function FloodTable({ items, timeZone }: { items: readonly Flood[] } & Zone) {
  const words = useFigureWords()
  const moment = useMoment({ timeZone })
  return (
    <Table
      label={words.floods}
      rows={items}
      keyOf={({ from }) => String(from)}
      columns={[
        { title: words.from, of: ({ from }) => moment(from) },
        { title: words.to, of: ({ to }) => (to === null ? words.lasting : moment(to)) },
        { title: words.count, of: ({ alarms }) => alarms, isNumber: true },
        { title: words.fullest, of: ({ most }) => most, isNumber: true },
      ]}
    />
  )
}

export function ChatteringTable({ items, timeZone }: Pick<ChatteringDevices, 'items'> & Zone) {
  const words = useFigureWords()
  const moment = useMoment({ timeZone })
  return (
    <Table
      label={words.chattering}
      rows={items}
      keyOf={({ deviceId }) => deviceId}
      columns={[
        { title: words.device, of: ({ deviceId }) => <code>{deviceId}</code> },
        { title: words.findings, of: row => row.findings, isNumber: true },
        { title: words.chattered, of: row => row.chattered, isNumber: true },
        { title: words.lastAt, of: ({ lastAt }) => moment(lastAt) },
      ]}
    />
  )
}

export function StaleTable({ items }: Pick<StaleAlarms, 'items'>) {
  const words = useFigureWords()
  return (
    <Table
      label={words.stale}
      rows={items}
      keyOf={({ alarmId }) => alarmId}
      columns={[
        { title: words.subject, of: ({ subject }) => subject.name },
        { title: words.kindName, of: ({ kind }) => words.kind[kind] },
        { title: words.device, of: ({ deviceId }) => <code>{deviceId}</code> },
        { title: words.open, of: ({ openMs }) => duration(openMs, words.explain.amounts), isNumber: true },
      ]}
    />
  )
}

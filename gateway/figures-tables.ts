// Figures as tables, for CSV. Columns are named like the fields of the JSON; times are in ISO 8601 (UTC), spans of
// time in milliseconds.

import type {
  AlarmFigures,
  AlarmFloods,
  AlarmLoad,
  AnswerTimes,
  CallFigures,
  ChatteringDevices,
  DevicesOnline,
  OnSiteTimes,
  Spread,
  Spreads,
  StaleAlarms,
} from '../model/figures.ts'
import type { Cell, Table } from './csv.ts'

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const spreadColumns = (limitsMs: readonly number[]): string[] => [
  'count',
  'done',
  'medianMs',
  'p90Ms',
  ...limitsMs.flatMap(limitMs => {
    const seconds = limitMs / 1_000
    return [`within${seconds}s`, `of${seconds}s`, `share${seconds}s`]
  }),
]

const spreadCells = ({ count, done, medianMs, p90Ms, within }: Spread): Cell[] => [
  count,
  done,
  medianMs,
  p90Ms,
  ...within.flatMap(({ count, of, share }) => [count, of, share]),
]

const limitsOf = ({ total }: Spreads): number[] => total.within.map(({ limitMs }) => limitMs)

const spreadRows = ({ total, days }: Spreads): Cell[][] => [
  ...days.map(day => [day.day, ...spreadCells(day)]),
  ['total', ...spreadCells(total)],
]

export const answerTable = (times: AnswerTimes): Table => ({
  columns: ['day', ...spreadColumns(limitsOf(times))],
  rows: spreadRows(times),
})

export const onSiteTable = ({ fromDispatch, fromAlarm }: OnSiteTimes): Table => ({
  columns: ['since', 'day', ...spreadColumns(limitsOf(fromDispatch))],
  rows: [
    ...spreadRows(fromDispatch).map(row => ['dispatch', ...row]),
    ...spreadRows(fromAlarm).map(row => ['alarm', ...row]),
  ],
})

export const loadTable = ({ hours }: AlarmLoad): Table => ({
  columns: ['hour', 'userId', 'userName', 'alarms', 'band'],
  rows: hours.map(({ at, user, alarms, band }) => [timeOf(at), user.id, user.name, alarms, band]),
})

export const floodsTable = ({ items }: AlarmFloods): Table => ({
  columns: ['from', 'to', 'alarms', 'most'],
  rows: items.map(({ from, to, alarms, most }) => [timeOf(from), timeOf(to), alarms, most]),
})

export const alarmsTable = ({ items }: AlarmFigures): Table => ({
  columns: ['class', 'kind', 'disposition', 'alarms'],
  rows: items.map(item => [item.class, item.kind, item.disposition, item.alarms]),
})

export const callsTable = ({ total, days }: CallFigures): Table => ({
  columns: ['day', 'calls', 'connected', 'missed', 'connectRate'],
  rows: [...days, { day: 'total', ...total }].map(row => [
    row.day,
    row.calls,
    row.connected,
    row.missed,
    row.connectRate,
  ]),
})

export const devicesTable = ({ total, kinds }: DevicesOnline): Table => ({
  columns: ['kind', 'devices', 'silent', 'unheard', 'online', 'share'],
  rows: [...kinds, { kind: 'total', ...total }].map(row => [
    row.kind,
    row.devices,
    row.silent,
    row.unheard,
    row.online,
    row.share,
  ]),
})

export const chatteringTable = ({ items }: ChatteringDevices): Table => ({
  columns: ['deviceId', 'findings', 'chattered', 'lastAt'],
  rows: items.map(item => [item.deviceId, item.findings, item.chattered, timeOf(item.lastAt)]),
})

export const staleTable = ({ items }: StaleAlarms): Table => ({
  columns: [
    'deviceId',
    'alarmId',
    'class',
    'state',
    'severity',
    'kind',
    'subjectType',
    'subjectId',
    'subjectName',
    'raisedAt',
    'openMs',
  ],
  rows: items.map(({ subject, raisedAt, ...item }) => [
    item.deviceId,
    item.alarmId,
    item.class,
    item.state,
    item.severity,
    item.kind,
    subject.type,
    subject.id,
    subject.name,
    timeOf(raisedAt),
    item.openMs,
  ]),
})

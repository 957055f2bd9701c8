// What is asked of the hub for the figures of an area and a time, and where the same is to be had as CSV.

import type {
  AlarmFigures,
  AlarmFloods,
  AlarmLoad,
  AnswerTimes,
  CallFigures,
  ChatteringDevices,
  DevicesOnline,
  OnSiteTimes,
  StaleAlarms,
} from '../../model/figures.ts'
import type { Span } from './period.ts'

/** The answer of each figure. */
export type Figures = {
  'answer-times': AnswerTimes
  'on-site': OnSiteTimes
  alarms: AlarmFigures
  calls: CallFigures
  floods: AlarmFloods
  load: AlarmLoad
  chattering: ChatteringDevices
  devices: DevicesOnline
  stale: StaleAlarms
}
export type FigureName = keyof Figures

export type Asked = { areaId: string; span: Span; timeZone: string }

/** Figures that a time is compared in. */
export const COMPARED = ['answer-times', 'on-site', 'alarms', 'calls'] as const satisfies FigureName[]
export type Compared = (typeof COMPARED)[number]

export const ALL_FIGURES = [
  'alarms',
  'answer-times',
  'on-site',
  'calls',
  'devices',
  'floods',
  'load',
  'chattering',
  'stale',
] as const satisfies FigureName[]

/** One row an operator and hour: of a longer time the hub does not tell it. */
export const LOAD_DAYS_MAX = 31
/** They are as of now, whatever time is asked for. */
export const OF_NOW: ReadonlySet<FigureName> = new Set(['devices', 'stale'])

export const pathOf = (name: FigureName, { areaId, span, timeZone }: Asked): string =>
  `stats/${name}?${new URLSearchParams({
    area: areaId,
    from: String(span.from),
    to: String(span.to),
    timeZone,
  })}`

export const csvPath = (name: FigureName, asked: Asked): string => `/api/v1/${pathOf(name, asked)}&format=csv`

export const reportPath = (
  asked: Pick<Asked, 'areaId' | 'timeZone'>,
  date: string,
  lang: 'zh' | 'en',
): string =>
  `/api/v1/stats/daily?${new URLSearchParams({ area: asked.areaId, timeZone: asked.timeZone, date, lang })}`

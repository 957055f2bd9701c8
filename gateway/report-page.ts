// The report of a day as one page (pure): it loads nothing, runs nothing, and prints on white paper.

import { createHash } from 'node:crypto'
import type { Spread } from '../model/figures.ts'
import type { DailyReport } from './daily-report.ts'
import { REPORT_WORDS, type ReportLanguage, type ReportWords } from './report-words.ts'

const STYLE = `
body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif; color: #111; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 1.5rem 0 .3rem }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #bbb; padding: .2rem .5rem; text-align: start }
td.n { text-align: end; font-variant-numeric: tabular-nums } p { margin: .2rem 0; color: #444 }
@media print { body { margin: 0; max-width: none } h2, tr { break-inside: avoid; break-after: avoid-page } }
`

/** The page's own style alone: whatever a name may hold, nothing of it is loaded or run. */
export const REPORT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const LANG: Readonly<Record<ReportLanguage, string>> = { zh: 'zh-Hans', en: 'en' }

export function reportPage(report: DailyReport, language: ReportLanguage): string {
  const words = REPORT_WORDS[language]
  const title = `${words.title} ${report.day}`
  const made = `${report.day} · ${report.timeZone} · ${words.made} ${timeOf(report.at, report)}`
  return `<!doctype html>
<html lang="${LANG[language]}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(words.title)} · ${name(report.areaName)}</h1><p>${escaped(made)}</p>${gapOf(report, words)}
${sections(report, words).join('\n')}
</body></html>
`
}

const gapOf = (report: DailyReport, words: ReportWords): string =>
  report.incompleteBefore === null
    ? ''
    : note(`${words.incomplete} ${timeOf(report.incompleteBefore, report)}`)

const sections = (report: DailyReport, words: ReportWords): string[] => [
  section(words.answers, spreadTable({ '': report.answers }, words)),
  section(
    words.onSite,
    spreadTable({ [words.fromDispatch]: report.fromDispatch, [words.fromAlarm]: report.fromAlarm }, words),
  ),
  section(words.calls, callTable(report, words)),
  section(words.alarms, tallyTable(report, words), kindTable(report, words)),
  section(words.load, note(words.loadNote), loadTable(report, words)),
  section(words.floods, note(words.floodNote), floodTable(report, words)),
  section(words.devices, deviceTable(report, words)),
  section(words.chattering, chatterTable(report, words)),
  section(words.stale, staleTable(report, words)),
]

const section = (title: string, ...parts: string[]): string => `<h2>${escaped(title)}</h2>${parts.join('')}`
const note = (text: string): string => `<p>${escaped(text)}</p>`

type Cell = number | string | { html: string }

/** A table, or a word that there is nothing for it. */
function table(columns: readonly string[], rows: readonly (readonly Cell[])[], words: ReportWords): string {
  if (rows.length === 0) return note(words.none)
  const head = columns.map(column => `<th>${escaped(column)}</th>`).join('')
  const body = rows.map(row => `<tr>${row.map(cellOf).join('')}</tr>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') return `<td class="n">${cell}</td>`
  return `<td>${typeof cell === 'string' ? escaped(cell) : cell.html}</td>`
}

function spreadTable(spreads: Readonly<Record<string, Spread>>, words: ReportWords): string {
  const [first] = Object.values(spreads)
  const limits = first?.within ?? []
  const columns = ['', words.count, words.done, ...limits.map(l => words.within(spanOf(l.limitMs, words)))]
  const rows = Object.entries(spreads).map(([label, spread]) => [
    label,
    spread.count,
    spread.done,
    ...spread.within.map(({ share }) => percent(share)),
    spanOf(spread.medianMs, words),
    spanOf(spread.p90Ms, words),
  ])
  return table([...columns, words.median, words.p90], rows, words)
}

const callTable = ({ calls }: DailyReport, words: ReportWords): string =>
  table(
    [words.count, words.connected, words.missed, words.connectRate],
    [[calls.calls, calls.connected, calls.missed, percent(calls.connectRate)]],
    words,
  )

function tallyTable({ alarms: { total } }: DailyReport, words: ReportWords): string {
  const { emergencies, services, technical, falseAlarmShare, broughtHome } = words
  const row = [total.emergencies, total.services, total.technical, percent(total.falseAlarmShare)]
  return table(
    [emergencies, services, technical, falseAlarmShare, broughtHome],
    [[...row, total.broughtHome]],
    words,
  )
}

const kindTable = ({ alarms }: DailyReport, words: ReportWords): string =>
  table(
    [words.class, words.kind, words.disposition, words.count],
    alarms.items.map(item => [
      words.names.class[item.class],
      words.names.kind[item.kind],
      item.disposition === null ? words.undisposed : words.names.disposition[item.disposition],
      item.alarms,
    ]),
    words,
  )

const loadTable = ({ operators }: DailyReport, words: ReportWords): string =>
  table(
    [words.operator, words.alarms, words.hours, words.most, words.aboveAcceptable, words.aboveMaximum],
    operators.map(each => [
      { html: name(each.user.name) },
      each.alarms,
      each.hours,
      each.most,
      each.hoursAboveAcceptable,
      each.hoursAboveMaximum,
    ]),
    words,
  )

const floodTable = (report: DailyReport, words: ReportWords): string =>
  table(
    [words.from, words.to, words.alarms, words.fullest],
    report.floods.map(({ from, to, alarms, most }) => [
      timeOf(from, report),
      to === null ? words.lasting : timeOf(to, report),
      alarms,
      most,
    ]),
    words,
  )

const deviceTable = ({ devices }: DailyReport, words: ReportWords): string =>
  table(
    [words.count, words.online, words.silent, words.unheard, '%'],
    [[devices.devices, devices.online, devices.silent, devices.unheard, percent(devices.share)]],
    words,
  )

const chatterTable = ({ chattering }: DailyReport, words: ReportWords): string =>
  table(
    [words.device, words.findings, words.chattered],
    chattering.map(({ deviceId, findings, chattered }) => [deviceId, findings, chattered]),
    words,
  )

const staleTable = (report: DailyReport, words: ReportWords): string =>
  table(
    [words.device, words.subject, words.kind, words.since],
    report.stale.map(({ deviceId, subject, kind, raisedAt }) => [
      deviceId,
      { html: name(subject.name) },
      words.names.kind[kind],
      timeOf(raisedAt, report),
    ]),
    words,
  )

const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)

function spanOf(ms: number | null, words: ReportWords): string {
  if (ms === null) return '–'
  const seconds = Math.round(ms / 1_000)
  return seconds <= 180 ? words.seconds(seconds) : words.minutes(Math.round(seconds / 6) / 10)
}

const timeOf = (at: number, { timeZone }: DailyReport): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at)

/** In its own direction: what a name turns around stays within it. */
const name = (text: string): string => `<bdi>${escaped(text)}</bdi>`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Zero-width characters and those that turn the direction are left out: nobody sees them. */
const escaped = (text: string): string =>
  text
    .replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/[&<>"']/g, letter => ENTITIES[letter] ?? '')

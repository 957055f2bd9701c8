// The figures that a service is judged by, of an area and a time, as JSON or as CSV.

import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import {
  alarmFiguresSchema,
  answerTimesSchema,
  callFiguresSchema,
  chatteringSchema,
  devicesOnlineSchema,
  floodsSchema,
  loadSchema,
  onSiteSchema,
  staleSchema,
} from '../../model/figures.ts'
import { idSchema } from '../../model/id.ts'
import { INCIDENT_CLASSES } from '../../model/incident.ts'
import { DAY_MS, dayAt, spanOfDay, USUAL_TIME_ZONE } from '../../model/local-days.ts'
import type { RetentionClass } from '../../model/retention.ts'
import { timeZoneSchema } from '../../model/schedule.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { incompleteBefore } from '../../records/retention.ts'
import { areaOfScope, badField, requireArea } from '../../records/scope.ts'
import type { Asked } from '../../records/stats.ts'
import { alarmFigures } from '../../records/stats-alarms.ts'
import { connectRate } from '../../records/stats-calls.ts'
import { chatteringDevices, devicesOnline, staleAlarms } from '../../records/stats-devices.ts'
import { alarmFloods, alarmLoad } from '../../records/stats-load.ts'
import { answerTimes, onSiteTimes } from '../../records/stats-times.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { csvOf, type Table } from '../csv.ts'
import { dailyReport } from '../daily-report.ts'
import {
  alarmsTable,
  answerTable,
  callsTable,
  chatteringTable,
  devicesTable,
  floodsTable,
  loadTable,
  onSiteTable,
  staleTable,
} from '../figures-tables.ts'
import { REPORT_POLICY, reportPage } from '../report-page.ts'
import { REPORT_LANGUAGES } from '../report-words.ts'

/** The longest time that is counted at once. */
export const FIGURES_DAYS_MAX = 366
/** One row an operator and hour. */
export const LOAD_DAYS_MAX = 31

/** Figures of alarms lack what was let go of with these. */
const OF_ALARMS: readonly RetentionClass[] = ['incidents', 'technical']
const OF_CALLS: readonly RetentionClass[] = ['calls', 'incidents']

const instant = z.coerce.number().int().min(0).max(8.64e15)
const filter = {
  area: idSchema
    .optional()
    .meta({ description: 'This area and everything below it; the account’s own if left out' }),
  from: instant.optional().meta({ description: 'Epoch ms, included; the beginning of this day if left out' }),
  to: instant.optional().meta({ description: 'Epoch ms, not included; now if left out' }),
  timeZone: timeZoneSchema.default(USUAL_TIME_ZONE).meta({ description: 'Days are counted by its clocks' }),
  format: z.enum(['json', 'csv']).optional().meta({ description: '`Accept: text/csv` asks for CSV as well' }),
}
const query = z.strictObject(filter)
const answerQuery = z.strictObject({ ...filter, class: z.enum(INCIDENT_CLASSES).default('emergency') })
type Query = z.infer<typeof query>
type Period = { areaId: string; from: number; to: number; timeZone: string; incompleteBefore: number | null }

export function statsRoutes(
  app: App,
  { records, clock }: { records: Pick<Records, 'read' | 'figures'>; clock: Clock },
): void {
  const db = records.figures
  const tags = ['figures']
  const config = { access: 'stats:read' } as const

  async function askedBy(
    request: Parameters<typeof sessionOf>[0],
    { area, from, to, timeZone }: Query,
    { daysMax = FIGURES_DAYS_MAX, of = OF_ALARMS }: { daysMax?: number; of?: readonly RetentionClass[] } = {},
  ): Promise<Asked & { period: Period }> {
    const { scope } = sessionOf(request)
    const areaId = area ?? areaOfScope(scope)
    await requireArea(records.read, { scope, areaId, field: 'querystring.area' })
    const now = clock.now()
    const until = to ?? now
    const since = from ?? spanOfDay(dayAt(Math.min(now, until), timeZone), timeZone).from
    if (since >= until) throw badField('querystring.to', 'to has to be after from', 'ends_before_it_begins')
    if (until - since > daysMax * DAY_MS)
      throw badField('querystring.to', `to may be at most ${daysMax} days after from`, 'too_big')
    const asked = { areaId, from: since, to: until, timeZone }
    const gap = await incompleteBefore(db, { classes: of, from: since })
    return { scope, now, ...asked, period: { ...asked, incompleteBefore: gap } }
  }

  app.route({
    method: 'GET',
    url: '/stats/answer-times',
    config,
    schema: {
      tags,
      summary: 'How soon alarms are answered',
      querystring: answerQuery,
      response: answers({ 200: answerTimesSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query)
      const cls = request.query.class
      const told = { ...period, class: cls, ...(await answerTimes(db, asked, cls)) }
      return wantsCsv(request) ? sendCsv(reply, answerTable(told), 'answer-times', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/on-site',
    config,
    schema: {
      tags,
      summary: 'How soon somebody is there',
      querystring: query,
      response: answers({ 200: onSiteSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query)
      const told = { ...period, ...(await onSiteTimes(db, asked)) }
      return wantsCsv(request) ? sendCsv(reply, onSiteTable(told), 'on-site', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/load',
    config,
    schema: {
      tags,
      summary: 'Alarms by operator and hour',
      description: `At most ${LOAD_DAYS_MAX} days. ISA-18.2: 6 an hour are acceptable, 12 the most.`,
      querystring: query,
      response: answers({ 200: loadSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query, { daysMax: LOAD_DAYS_MAX })
      const told = { ...period, ...(await alarmLoad(db, asked)) }
      return wantsCsv(request) ? sendCsv(reply, loadTable(told), 'load', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/floods',
    config,
    schema: {
      tags,
      summary: 'Times in which alarms came faster than anybody can look at them',
      querystring: query,
      response: answers({ 200: floodsSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query)
      const told = { ...period, items: await alarmFloods(db, asked) }
      return wantsCsv(request) ? sendCsv(reply, floodsTable(told), 'floods', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/alarms',
    config,
    schema: {
      tags,
      summary: 'Alarms by kind and disposition, false alarms, elders brought home',
      querystring: query,
      response: answers({ 200: alarmFiguresSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query)
      const told = { ...period, ...(await alarmFigures(db, asked)) }
      return wantsCsv(request) ? sendCsv(reply, alarmsTable(told), 'alarms', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/calls',
    config,
    schema: {
      tags,
      summary: 'How many callers got through',
      querystring: query,
      response: answers({ 200: callFiguresSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query, { of: OF_CALLS })
      const told = { ...period, ...(await connectRate(db, asked)) }
      return wantsCsv(request) ? sendCsv(reply, callsTable(told), 'calls', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/devices',
    config,
    schema: {
      tags,
      summary: 'Devices that are online now',
      description: 'As of now, whatever `from` and `to` say.',
      querystring: query,
      response: answers({ 200: devicesOnlineSchema }),
    },
    handler: async (request, reply) => {
      const { areaId, now, scope } = await askedBy(request, request.query)
      const told = { areaId, at: now, ...(await devicesOnline(db, { scope, areaId })) }
      return wantsCsv(request) ? sendCsv(reply, devicesTable(told), 'devices') : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/chattering',
    config,
    schema: {
      tags,
      summary: 'Devices of which three findings came within a minute',
      querystring: query,
      response: answers({ 200: chatteringSchema }),
    },
    handler: async (request, reply) => {
      const { period, ...asked } = await askedBy(request, request.query)
      const told = { ...period, items: await chatteringDevices(db, asked) }
      return wantsCsv(request) ? sendCsv(reply, chatteringTable(told), 'chattering', told) : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/stale',
    config,
    schema: {
      tags,
      summary: 'Alarms that have been open for more than a day',
      description: 'As of now, whatever `from` and `to` say.',
      querystring: query,
      response: answers({ 200: staleSchema }),
    },
    handler: async (request, reply) => {
      const { areaId, now, scope } = await askedBy(request, request.query)
      const told = { areaId, at: now, items: await staleAlarms(db, { scope, areaId, now }) }
      return wantsCsv(request) ? sendCsv(reply, staleTable(told), 'stale') : told
    },
  })

  app.route({
    method: 'GET',
    url: '/stats/daily',
    config,
    schema: {
      tags,
      summary: 'The report of a day, as a page to read and to print',
      querystring: z.strictObject({
        area: filter.area,
        timeZone: filter.timeZone,
        date: z.iso.date().optional().meta({ description: '`YYYY-MM-DD`; today if left out' }),
        lang: z.enum(REPORT_LANGUAGES).default('zh'),
      }),
      response: answers({ 200: z.string().meta({ description: 'text/html' }) }),
    },
    handler: async (request, reply) => {
      const { area, timeZone, date, lang } = request.query
      const day = date ?? dayAt(clock.now(), timeZone)
      const { period: _, ...asked } = await askedBy(request, { area, timeZone, ...spanOfDay(day, timeZone) })
      const page = reportPage(await dailyReport(db, { ...asked, day }), lang)
      return reply
        .header('content-security-policy', REPORT_POLICY)
        .type('text/html; charset=utf-8')
        .send(page)
    },
  })
}

/** The query decides before the header does. */
function wantsCsv({
  query,
  headers,
}: {
  query: { format?: 'json' | 'csv' | undefined }
  headers: { accept?: string | undefined }
}): boolean {
  return query.format === undefined ? /\btext\/csv\b/.test(headers.accept ?? '') : query.format === 'csv'
}

/** A table of numbers has no place for a remark: what is missing of it stands in a header. */
function sendCsv(
  reply: FastifyReply,
  table: Table,
  name: string,
  { incompleteBefore: gap }: { incompleteBefore: number | null } = { incompleteBefore: null },
): FastifyReply {
  if (gap !== null) reply.header('x-incomplete-before', new Date(gap).toISOString())
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .send(csvOf(table))
}

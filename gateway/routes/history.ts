// An elder's past: charts of vital signs, the track on the map, and what was heard last.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import type { FieldReason } from '../../model/field-reason.ts'
import { chartSchema, latestSchema, METRICS, trackSchema } from '../../model/history.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { getResident } from '../../records/residents.ts'
import { badField, type Scope } from '../../records/scope.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { chartOf, latestOf, type Past, trackOf } from '../past.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The longest span of one answer. */
export const CHART_DAYS_MAX = 366
export const TRACK_DAYS_MAX = 31
/** More points than a wide screen has columns. */
export const BUCKETS_MAX = 2_000
/** What `every` aims at when it is left out. */
const BUCKETS_USUAL = 300
export const FIXES_MAX = 5_000

const UNITS_MS = { '': 1, ms: 1, s: 1_000, m: 60_000, h: HOUR_MS, d: DAY_MS } as const
const EVERY = /^(\d{1,9})(ms|s|m|h|d)?$/
/** Steps that a person can read off an axis. */
const STEPS_MS = [
  1_000,
  10_000,
  30_000,
  60_000,
  5 * 60_000,
  15 * 60_000,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
]

const tags = ['history']
const params = z.object({ id: idSchema })
const instant = z.coerce.number().int().min(0).max(8.64e15)
const span = {
  from: instant.meta({ description: 'Epoch ms; included' }),
  to: instant.meta({ description: 'Epoch ms; not included' }),
}

const chartQuery = z.strictObject({
  ...span,
  metric: z.enum(METRICS),
  every: z
    .string()
    .regex(EVERY, 'such as 60000, 30s, 5m, 1h or 1d')
    .optional()
    .meta({ description: 'Length of a stretch: milliseconds, or with a unit such as `5m`' }),
})

const trackQuery = z.strictObject({
  ...span,
  limit: z.coerce.number().int().min(1).max(FIXES_MAX).default(1_000),
})

export function historyRoutes(
  app: App,
  { records, clock, past }: { records: Records; clock: Clock; past: Past | undefined },
): void {
  const db = records.read

  /** @throws HubError NO_HISTORY or NOT_FOUND */
  async function require(residentId: string, scope: Scope): Promise<Past> {
    if (!(await getResident(db, { scope, id: residentId, archived: true })))
      throw new HubError('NOT_FOUND', `there is no resident ${residentId}`)
    if (past !== undefined) return past
    throw new HubError('NO_HISTORY', 'this hub keeps no history: it has no history database (INFLUX_URL)')
  }

  app.route({
    method: 'GET',
    url: '/residents/:id/history',
    config: { access: 'history:read', audit: true },
    schema: {
      tags,
      summary: 'A vital sign, steps or battery of an elder over time',
      description: `At most ${CHART_DAYS_MAX} days and ${BUCKETS_MAX} stretches; the first begins at \`from\`.`,
      params,
      querystring: chartQuery,
      response: answers({ 200: chartSchema }, ['NOT_FOUND', 'NO_HISTORY']),
    },
    handler: async request => {
      const { id: residentId } = request.params
      const { from, to, metric, every } = request.query
      requireSpan({ from, to, daysMax: CHART_DAYS_MAX })
      const everyMs = every === undefined ? usualStep(to - from) : msOf(every)
      if (everyMs < 1 || (to - from) / everyMs > BUCKETS_MAX)
        throw badQuery('every', `has to cut the span into at most ${BUCKETS_MAX} stretches`, 'too_small')
      const found = await require(residentId, sessionOf(request).scope)
      return chartOf({ db, past: found }, { residentId, from, to, metric, everyMs })
    },
  })

  app.route({
    method: 'GET',
    url: '/residents/:id/track',
    config: { access: 'history:read', audit: true },
    schema: {
      tags,
      summary: 'Where an elder was',
      description: `At most ${TRACK_DAYS_MAX} days. Where there is more, \`next\` is the \`from\` to go on with.`,
      params,
      querystring: trackQuery,
      response: answers({ 200: trackSchema }, ['NOT_FOUND', 'NO_HISTORY']),
    },
    handler: async request => {
      const { id: residentId } = request.params
      const { from, to, limit } = request.query
      requireSpan({ from, to, daysMax: TRACK_DAYS_MAX })
      const found = await require(residentId, sessionOf(request).scope)
      return trackOf({ db, past: found }, { residentId, from, to, limit })
    },
  })

  app.route({
    method: 'GET',
    url: '/residents/:id/latest',
    config: { access: 'history:read' },
    schema: {
      tags,
      summary: 'What was heard of an elder last',
      params,
      response: answers({ 200: latestSchema }, ['NOT_FOUND', 'NO_HISTORY']),
    },
    handler: async request => {
      const { id: residentId } = request.params
      const found = await require(residentId, sessionOf(request).scope)
      return latestOf({ db, past: found }, { residentId, now: clock.now() })
    },
  })
}

function requireSpan({ from, to, daysMax }: { from: number; to: number; daysMax: number }): void {
  if (from >= to) throw badQuery('to', 'has to be after from', 'ends_before_it_begins')
  if (to - from > daysMax * DAY_MS)
    throw badQuery('to', `may be at most ${daysMax} days after from`, 'too_big')
}

const badQuery = (field: string, message: string, reason: FieldReason): HubError =>
  badField(`querystring.${field}`, `${field} ${message}`, reason)

function msOf(every: string): number {
  const [, amount, unit = ''] = EVERY.exec(every) ?? []
  return Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS]
}

const usualStep = (spanMs: number): number =>
  STEPS_MS.find(step => spanMs / step <= BUCKETS_USUAL) ?? STEPS_MS.at(-1) ?? DAY_MS

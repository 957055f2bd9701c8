// The figures that a service is judged by, as the interface tells them; docs/figures.md says how each is counted.

import { z } from 'zod'
import { DEVICE_KINDS } from './device.ts'
import { FINDING_KINDS, SEVERITIES } from './finding.ts'
import { idSchema } from './id.ts'
import { DISPOSITIONS, INCIDENT_CLASSES, INCIDENT_STATES, ownerSchema, subjectSchema } from './incident.ts'

/** Answer times that centres publish: 90 % within 15 s, 95 % within 20 s, 97.5 % within 60 s, 99 % within 180 s. */
export const ANSWER_LIMITS_MS = [15_000, 20_000, 60_000, 180_000] as const
/** On-site times: some promise 30 minutes; 90 % within 45 minutes is published. */
export const ON_SITE_LIMITS_MS = [30 * 60_000, 45 * 60_000] as const

/** ISA-18.2: alarms that an operator can handle in an hour, and the most. */
export const LOAD_ACCEPTABLE = 6
export const LOAD_MAXIMUM = 12

/** ISA-18.2: a flood starts above ten alarms in ten minutes and ends below five. */
export const FLOOD_WITHIN_MS = 10 * 60_000
export const FLOOD_ABOVE = 10
export const FLOOD_BELOW = 5

/** ISA-18.2: an alarm that comes three times in a minute chatters. */
export const CHATTER_TIMES = 3
export const CHATTER_WITHIN_MS = 60_000

/** ISA-18.2: what is still there after a day is stale. */
export const STALE_AFTER_MS = 24 * 3_600_000

const count = z.number().int()
const share = z.number().nullable().meta({ description: '0 to 1; null where there is nothing to divide by' })
const epochMs = z.number().int()

const period = {
  areaId: idSchema,
  from: epochMs,
  to: epochMs,
  timeZone: z.string(),
  incompleteBefore: epochMs.nullable().meta({
    description: 'Of what is older some was let go of (retention), and is not counted; null: all is there',
  }),
}
const day = z.string().meta({ description: 'YYYY-MM-DD by `timeZone`' })

const spread = {
  count: count.meta({ description: 'All that were asked for, answered or not' }),
  done: count,
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
  within: z.array(
    z.object({
      limitMs: count,
      count: count.meta({ description: 'Done in that time' }),
      of: count.meta({ description: 'Done at all, or waited for longer than that' }),
      share,
    }),
  ),
}
export const spreadSchema = z.object(spread).meta({ id: 'Spread' })
const dailySpreadSchema = z.object({ day, ...spread }).meta({ id: 'DailySpread' })

export const answerTimesSchema = z
  .object({
    ...period,
    class: z.enum(INCIDENT_CLASSES),
    total: spreadSchema,
    days: z.array(dailySpreadSchema),
  })
  .meta({ id: 'AnswerTimes' })

const onSite = z.object({ total: spreadSchema, days: z.array(dailySpreadSchema) })
export const onSiteSchema = z
  .object({
    ...period,
    fromDispatch: onSite.meta({ description: 'From the first dispatch to the first arrival' }),
    fromAlarm: onSite.meta({ description: 'From when the alarm was raised to the first arrival' }),
  })
  .meta({ id: 'OnSiteTimes' })

export const LOAD_BANDS = ['acceptable', 'high', 'overloaded'] as const
export type LoadBand = (typeof LOAD_BANDS)[number]

export const loadSchema = z
  .object({
    ...period,
    operators: z.array(
      z.object({
        user: ownerSchema,
        alarms: count,
        hours: count.meta({ description: 'Hours in which they answered any' }),
        most: count.meta({ description: 'In their fullest hour' }),
        hoursAboveAcceptable: count,
        hoursAboveMaximum: count,
      }),
    ),
    hours: z.array(z.object({ at: epochMs, user: ownerSchema, alarms: count, band: z.enum(LOAD_BANDS) })),
  })
  .meta({ id: 'AlarmLoad' })

export const floodsSchema = z
  .object({
    ...period,
    items: z.array(
      z.object({
        from: epochMs,
        to: epochMs.nullable().meta({ description: 'Null while it lasts' }),
        alarms: count,
        most: count.meta({ description: 'In its fullest ten minutes' }),
      }),
    ),
  })
  .meta({ id: 'AlarmFloods' })

const tally = {
  alarms: count,
  emergencies: count,
  services: count,
  technical: count,
  judged: count.meta({ description: 'Emergencies with a disposition other than `test`' }),
  falseAlarms: count,
  falseAlarmShare: share,
  broughtHome: count,
}
export const tallySchema = z.object(tally).meta({ id: 'AlarmTally' })

export const alarmFiguresSchema = z
  .object({
    ...period,
    total: tallySchema,
    days: z.array(z.object({ day, ...tally })),
    items: z.array(
      z.object({
        class: z.enum(INCIDENT_CLASSES),
        kind: z.enum(FINDING_KINDS),
        disposition: z.enum(DISPOSITIONS).nullable(),
        alarms: count,
      }),
    ),
  })
  .meta({ id: 'AlarmFigures' })

const callTally = {
  calls: count,
  connected: count,
  missed: count.meta({ description: 'Over without an answer' }),
  connectRate: share,
}
export const callFiguresSchema = z
  .object({ ...period, total: z.object(callTally), days: z.array(z.object({ day, ...callTally })) })
  .meta({ id: 'CallFigures' })

const online = {
  devices: count,
  silent: count,
  unheard: count.meta({ description: 'Was never there yet: neither silent nor online' }),
  online: count,
  share,
}
export const devicesOnlineSchema = z
  .object({
    areaId: idSchema,
    at: epochMs,
    total: z.object(online),
    kinds: z.array(z.object({ kind: z.enum(DEVICE_KINDS), ...online })),
  })
  .meta({ id: 'DevicesOnline' })

export const chatteringSchema = z
  .object({
    ...period,
    items: z.array(
      z.object({
        deviceId: idSchema,
        findings: count,
        chattered: count.meta({ description: 'Findings that were at least the third within a minute' }),
        lastAt: epochMs,
      }),
    ),
  })
  .meta({ id: 'ChatteringDevices' })

export const staleSchema = z
  .object({
    areaId: idSchema,
    at: epochMs,
    items: z.array(
      z.object({
        deviceId: idSchema,
        alarmId: idSchema,
        class: z.enum(INCIDENT_CLASSES),
        state: z.enum(INCIDENT_STATES),
        severity: z.enum(SEVERITIES),
        kind: z.enum(FINDING_KINDS),
        subject: subjectSchema,
        raisedAt: epochMs,
        openMs: count,
      }),
    ),
  })
  .meta({ id: 'StaleAlarms' })

export type Spread = z.infer<typeof spreadSchema>
export type DailySpread = z.infer<typeof dailySpreadSchema>
export type Spreads = { total: Spread; days: DailySpread[] }
export type Tally = z.infer<typeof tallySchema>
export type AnswerTimes = z.infer<typeof answerTimesSchema>
export type OnSiteTimes = z.infer<typeof onSiteSchema>
export type AlarmLoad = z.infer<typeof loadSchema>
export type AlarmFloods = z.infer<typeof floodsSchema>
export type Flood = AlarmFloods['items'][number]
export type AlarmFigures = z.infer<typeof alarmFiguresSchema>
export type CallFigures = z.infer<typeof callFiguresSchema>
export type CallTally = CallFigures['total']
export type DevicesOnline = z.infer<typeof devicesOnlineSchema>
export type ChatteringDevices = z.infer<typeof chatteringSchema>
export type StaleAlarms = z.infer<typeof staleSchema>

// What the report of a day says: all figures of one area and one local day.

import type {
  AlarmFigures,
  AlarmLoad,
  CallTally,
  ChatteringDevices,
  DevicesOnline,
  Flood,
  Spread,
  StaleAlarms,
} from '../model/figures.ts'
import type { Db } from '../records/db.ts'
import { incompleteBefore } from '../records/retention.ts'
import type { Asked } from '../records/stats.ts'
import { alarmFigures } from '../records/stats-alarms.ts'
import { connectRate } from '../records/stats-calls.ts'
import { chatteringDevices, devicesOnline, staleAlarms } from '../records/stats-devices.ts'
import { alarmFloods, alarmLoad } from '../records/stats-load.ts'
import { answerTimes, onSiteTimes } from '../records/stats-times.ts'

/** Classes of data that the report counts. */
const COUNTED = ['incidents', 'technical', 'calls'] as const

export type DailyReport = {
  day: string
  areaName: string
  timeZone: string
  /** Of what is older some was let go of; null: all is there. Epoch ms. */
  incompleteBefore: number | null
  /** When it was made; epoch ms. */
  at: number
  answers: Spread
  fromDispatch: Spread
  fromAlarm: Spread
  calls: CallTally
  alarms: Pick<AlarmFigures, 'total' | 'items'>
  operators: AlarmLoad['operators']
  floods: readonly Flood[]
  /** As of `at`. */
  devices: DevicesOnline['total']
  chattering: ChatteringDevices['items']
  stale: StaleAlarms['items']
}

/** One after the other: a report can wait, and the lists of the desk are asked for in between. */
export async function dailyReport(db: Db, { day, ...asked }: Asked & { day: string }): Promise<DailyReport> {
  const { areaId, timeZone, now } = asked
  const area = await db.selectFrom('areas').select('name').where('id', '=', areaId).executeTakeFirst()
  const onSite = await onSiteTimes(db, asked)
  return {
    day,
    areaName: area?.name ?? areaId,
    timeZone,
    incompleteBefore: await incompleteBefore(db, { classes: COUNTED, from: asked.from }),
    at: now,
    answers: (await answerTimes(db, asked, 'emergency')).total,
    fromDispatch: onSite.fromDispatch.total,
    fromAlarm: onSite.fromAlarm.total,
    calls: (await connectRate(db, asked)).total,
    alarms: await alarmFigures(db, asked),
    operators: (await alarmLoad(db, asked)).operators,
    floods: await alarmFloods(db, asked),
    devices: (await devicesOnline(db, asked)).total,
    chattering: await chatteringDevices(db, asked),
    stale: await staleAlarms(db, asked),
  }
}

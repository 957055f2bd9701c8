// How many alarms there were, of what kind, and what became of them.

import { sql } from 'kysely'
import type { AlarmFigures, Tally } from '../model/figures.ts'
import type { Disposition } from '../model/incident.ts'
import { nameOfDay } from '../model/local-days.ts'
import type { Db } from './db.ts'
import { type Asked, deskOf, localDay, shareOf, within, words } from './stats.ts'

/** Nobody was in need. */
export const FALSE_ALARMS = [
  'false_alarm',
  'wearer_cancelled',
  'device_fault',
] as const satisfies readonly Disposition[]

type TallyRow = Record<'day' | 'alarms' | 'emergencies' | 'services' | 'technical', number> &
  Record<'judged' | 'falseAlarms' | 'broughtHome', number>

/** Of alarms that were raised in the time asked for. */
export async function alarmFigures(
  db: Db,
  asked: Asked,
): Promise<Pick<AlarmFigures, 'total' | 'days' | 'items'>> {
  const day = localDay('raised_at', asked)
  const raised = sql`${deskOf(asked)} i where ${within('raised_at', asked)}`
  const judged = sql`class = 'emergency' and disposition is not null and disposition <> 'test'`
  const { rows } = await sql<TallyRow>`
    select ${day} as day, count(*) as alarms,
      sum(case when class = 'emergency' then 1 else 0 end) as emergencies,
      sum(case when class = 'service' then 1 else 0 end) as services,
      sum(case when class = 'technical' then 1 else 0 end) as technical,
      sum(case when ${judged} then 1 else 0 end) as judged,
      sum(case when ${judged} and disposition in (${words(FALSE_ALARMS)}) then 1 else 0 end) as false_alarms,
      sum(case when disposition = 'brought_home' then 1 else 0 end) as brought_home
    from ${raised} group by ${day} order by 1`.execute(db)
  const { rows: items } = await sql<AlarmFigures['items'][number]>`
    select class, kind, disposition, count(*) as alarms from ${raised}
    group by class, kind, disposition
    order by class, kind, coalesce(disposition, '')`.execute(db)
  return {
    total: tallyOf(rows),
    days: rows.map(row => ({ day: nameOfDay(Number(row.day)), ...tallyOf([row]) })),
    items: items.map(item => ({ ...item, alarms: Number(item.alarms) })),
  }
}

function tallyOf(rows: readonly TallyRow[]): Tally {
  const sum = (of: keyof TallyRow): number => rows.reduce((total, row) => total + Number(row[of]), 0)
  const [judged, falseAlarms] = [sum('judged'), sum('falseAlarms')]
  return {
    alarms: sum('alarms'),
    emergencies: sum('emergencies'),
    services: sum('services'),
    technical: sum('technical'),
    judged,
    falseAlarms,
    falseAlarmShare: shareOf(falseAlarms, judged),
    broughtHome: sum('broughtHome'),
  }
}

// What the desk has to take: alarms by operator and hour, and floods of them.

import { sql } from 'kysely'
import {
  type AlarmLoad,
  FLOOD_WITHIN_MS,
  type Flood,
  LOAD_ACCEPTABLE,
  LOAD_MAXIMUM,
  type LoadBand,
} from '../model/figures.ts'
import { floodsIn } from '../model/flood.ts'
import { DAY_MS } from '../model/local-days.ts'
import type { Db } from './db.ts'
import { ANSWERS, type Asked, deskOf, within, words } from './stats.ts'
import { clocks } from './stats-clocks.ts'

const HOUR_MS = 3_600_000

type HourRow = { hour: number; userId: string; name: string | null; alarms: number }

/** Alarms and re-alerts that each operator answered, by hours of UTC. */
export async function alarmLoad(db: Db, asked: Asked): Promise<Pick<AlarmLoad, 'operators' | 'hours'>> {
  const { rows } = await sql<HourRow>`
    select t.at / ${sql.lit(HOUR_MS)} as hour, t.by_user_id as user_id, u.name, count(*) as alarms
    from timeline t inner join ${deskOf(asked)} i on i.id = t.incident_id
      left join users u on u.id = t.by_user_id
    where t.kind in (${words(ANSWERS)}) and t.by_user_id is not null and ${within('t.at', asked)}
    group by t.at / ${sql.lit(HOUR_MS)}, t.by_user_id, u.name
    order by 1, 2`.execute(db)
  const hours = rows.map(({ hour, userId, name, alarms }) => ({
    at: Number(hour) * HOUR_MS,
    user: { id: userId, name: name ?? userId },
    alarms: Number(alarms),
    band: bandOf(Number(alarms)),
  }))
  return { operators: byOperator(hours), hours }
}

function bandOf(alarms: number): LoadBand {
  if (alarms <= LOAD_ACCEPTABLE) return 'acceptable'
  return alarms <= LOAD_MAXIMUM ? 'high' : 'overloaded'
}

function byOperator(hours: AlarmLoad['hours']): AlarmLoad['operators'] {
  return [...Map.groupBy(hours, ({ user }) => user.id).values()].flatMap(theirs => {
    const [first] = theirs
    if (!first) return []
    const alarms = theirs.map(hour => hour.alarms)
    return {
      user: first.user,
      alarms: alarms.reduce((sum, each) => sum + each, 0),
      hours: theirs.length,
      most: Math.max(...alarms),
      hoursAboveAcceptable: alarms.filter(each => each > LOAD_ACCEPTABLE).length,
      hoursAboveMaximum: alarms.filter(each => each > LOAD_MAXIMUM).length,
    }
  })
}

/** Floods that began in the time asked for. What rings is counted: emergencies and service, and their re-alerts. */
export async function alarmFloods(db: Db, asked: Asked): Promise<Flood[]> {
  // One that began before may still last, and one that begins last goes on after it.
  const around = { ...asked, from: asked.from - DAY_MS, to: Math.min(asked.to + DAY_MS, asked.now + 1) }
  if (around.from >= around.to) return []
  const rang = clocks(db, around, { classes: ['emergency', 'service'], starts: true })
  const { rows } = await sql<{ at: number }>`select at from (${rang}) rang order by at`.execute(db)
  const known = Math.min(around.to + FLOOD_WITHIN_MS, asked.now)
  const floods = floodsIn(
    rows.map(({ at }) => Number(at)),
    known,
  )
  return floods.filter(({ from }) => from >= asked.from && from < asked.to)
}

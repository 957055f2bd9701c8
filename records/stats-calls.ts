// How many of those who called got through.

import { sql } from 'kysely'
import type { CallFigures, CallTally } from '../model/figures.ts'
import { nameOfDay } from '../model/local-days.ts'
import type { Db } from './db.ts'
import { type Asked, localDay, shareOf, whereAsked, within } from './stats.ts'

type DayRow = Record<'day' | 'calls' | 'connected' | 'missed', number>

/** Incoming calls that began in the time asked for. One that still rings is neither connected nor missed. */
export async function connectRate(db: Db, asked: Asked): Promise<Pick<CallFigures, 'total' | 'days'>> {
  const day = localDay('started_at', asked)
  // A call has changed when it began or later: that finds it by the index.
  const { rows } = await sql<DayRow>`
    select ${day} as day, count(*) as calls,
      sum(case when answered_at is not null then 1 else 0 end) as connected,
      sum(case when answered_at is null and (missed_at is not null or ended_at is not null)
        then 1 else 0 end) as missed
    from calls
    where direction = 'in' and changed_at >= ${sql.lit(asked.from)} and ${within('started_at', asked)}
      and ${whereAsked(asked, 'area_id')}
    group by ${day} order by 1`.execute(db)
  return {
    total: tallyOf(rows),
    days: rows.map(row => ({ day: nameOfDay(Number(row.day)), ...tallyOf([row]) })),
  }
}

function tallyOf(rows: readonly DayRow[]): CallTally {
  const sum = (of: keyof DayRow): number => rows.reduce((total, row) => total + Number(row[of]), 0)
  const [connected, missed] = [sum('connected'), sum('missed')]
  return { calls: sum('calls'), connected, missed, connectRate: shareOf(connected, connected + missed) }
}

// How soon somebody answers, and how soon somebody is there.

import { type RawBuilder, sql } from 'kysely'
import { ANSWER_LIMITS_MS, ON_SITE_LIMITS_MS, type Spreads } from '../model/figures.ts'
import { type IncidentClass, OPEN_STATES } from '../model/incident.ts'
import type { Db } from './db.ts'
import { type Asked, deskOf, isOneOf, localDay, spreadOf, within, words } from './stats.ts'
import { clocks } from './stats-clocks.ts'

/** Answer times of the clocks that started in the time asked for. */
export const answerTimes = (db: Db, asked: Asked, cls: IncidentClass): Promise<Spreads> =>
  spreadOf(db, clocks(db, asked, { classes: [cls] }), ANSWER_LIMITS_MS)

/** Of emergencies for which help was first sent in the time asked for. */
export async function onSiteTimes(
  db: Db,
  asked: Asked,
): Promise<{ fromDispatch: Spreads; fromAlarm: Spreads }> {
  return {
    fromDispatch: await spreadOf(db, visits(asked, 'sent_at'), ON_SITE_LIMITS_MS),
    fromAlarm: await spreadOf(db, visits(asked, 'raised_at'), ON_SITE_LIMITS_MS),
  }
}

/** Nobody waits any more for help that was sent to an alarm which is over. */
function visits(asked: Asked, start: 'sent_at' | 'raised_at'): RawBuilder<unknown> {
  const from = sql.ref(start)
  return sql`
    select ${localDay('sent_at', asked)} as day,
      case when there_at is null then null when there_at > ${from} then there_at - ${from} else 0 end as took_ms,
      case when there_at is null and state in (${words(OPEN_STATES)}) then ${sql.lit(asked.now)} - ${from}
        end as waited_ms
    from (
      select i.id, i.raised_at, i.state,
        min(case when t.kind = 'dispatched' then t.at end) as sent_at,
        min(case when t.kind = 'arrived' then t.at end) as there_at
      from ${deskOf(asked, ['emergency'])} i inner join timeline t on t.incident_id = i.id
      where ${isOneOf('t.kind', ['dispatched', 'arrived'])} and i.id in (
        select incident_id from timeline where kind = 'dispatched' and ${within('at', asked)})
      group by i.id, i.raised_at, i.state) visits
    where ${within('sent_at', asked)}`
}

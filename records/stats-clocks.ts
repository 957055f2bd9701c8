// Answer clocks, read off the timelines. One starts with the first finding of an alarm, anew with one that raises the
// severity, and anew with a critical one after somebody had answered; it ends when somebody says that they have it. A
// clock that was replaced before anybody answered is none: the one that replaced it runs.

import { type RawBuilder, sql } from 'kysely'
import type { IncidentClass } from '../model/incident.ts'
import type { Db } from './db.ts'
import { ANSWERS, type Asked, deskOf, isOneOf, jsonText, localDay, within, words } from './stats.ts'

// What changes hands with a shift while it rings is not answered by that.

/** What ends a clock without an answer. */
const ENDS = ['resolved', 'closed'] as const
/** After these an alarm is nobody's; what is critical then rings on, and no new clock starts. */
const LETS_GO = ['released', 'lapsed'] as const
/** What findings did (alerts/raise.ts); all others start no clock. */
const ALERTS = ['first', 'worsened', 'realert'] as const

const MARKS = ['finding', ...ANSWERS, ...LETS_GO, ...ENDS]

/**
 * A query of `at`, `day`, `took_ms` and `waited_ms`: the clocks that started in the time asked for. `starts` alone
 * counts those that were replaced, too: each of them rang.
 */
export function clocks(
  db: Db,
  asked: Asked,
  { classes, starts = false }: { classes: readonly IncidentClass[]; starts?: boolean },
): RawBuilder<unknown> {
  const replaced = starts ? sql`1 = 1` : sql`coalesce(next_starts, 0) = 0`
  return sql`
    with touched as (
      select distinct t.incident_id from timeline t
        inner join ${deskOf(asked, classes)} i on i.id = t.incident_id
        where t.kind = 'finding' and ${within('t.at', asked)}),
    marks as (
      select incident_id, seq, at, kind,
        case when kind = 'finding' then ${jsonText(db, 'detail_json', 'reason')} end as reason
      from timeline where incident_id in (select incident_id from touched) and ${isOneOf('kind', MARKS)}
        and (kind <> 'handed_on' or ${jsonText(db, 'detail_json', 'isRinging')} is null)),
    said as (
      select incident_id, seq, at, kind, reason,
        lag(kind) over (partition by incident_id order by seq) as before
      from marks where kind <> 'finding' or reason in (${words(ALERTS)})),
    turns as (
      select incident_id, seq, at, kind,
        case when kind = 'finding' and (reason <> 'realert' or before in (${words(ANSWERS)}))
          then 1 else 0 end as starts
      from said),
    spans as (
      select at, starts,
        lead(kind) over ends as next_kind, lead(at) over ends as next_at, lead(starts) over ends as next_starts
      from turns where starts = 1 or kind in (${words([...ANSWERS, ...ENDS])})
      window ends as (partition by incident_id order by seq)),
    mine as (select * from spans where starts = 1 and ${within('at', asked)} and ${replaced})
    select at, ${localDay('at', asked)} as day,
      case when next_kind in (${words(ANSWERS)}) then ${sinceStart(sql.ref('next_at'))} end as took_ms,
      case when next_kind in (${words(ANSWERS)}) then null
        else ${sinceStart(sql`coalesce(next_at, ${sql.lit(asked.now)})`)} end as waited_ms
    from mine`
}

/** However the clocks stand, an answer is not before its alert. */
const sinceStart = (at: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`case when ${at} > at then ${at} - at else 0 end`

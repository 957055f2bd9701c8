// Devices that work, devices that cry out too often, and alarms that nobody ends.

import { sql } from 'kysely'
import {
  CHATTER_TIMES,
  CHATTER_WITHIN_MS,
  type ChatteringDevices,
  type DevicesOnline,
  STALE_AFTER_MS,
  type StaleAlarms,
} from '../model/figures.ts'
import { OPEN_STATES } from '../model/incident.ts'
import type { Db } from './db.ts'
import type { Row } from './schema.ts'
import { type Asked, deskOf, jsonText, shareOf, type Whose, whereAsked, within, words } from './stats.ts'

/** Rows of a list by device; the worst come first. */
const LISTED_MAX = 1_000

type KindRow = {
  kind: DevicesOnline['kinds'][number]['kind']
  devices: number
  silent: number
  unheard: number
}

/**
 * Devices of the asked subtree now: a device is where its wearer is. One is silent when it has missed two of its
 * reports (workers/rules/silent.ts), until it is heard again; one that was never there is neither.
 */
export async function devicesOnline(db: Db, whose: Whose): Promise<Pick<DevicesOnline, 'total' | 'kinds'>> {
  const { rows } = await sql<KindRow>`
    select kind, count(*) as devices, sum(is_silent) as silent,
      sum(case when was_there = 0 and is_silent = 0 then 1 else 0 end) as unheard from (
      select d.kind, coalesce(r.area_id, d.area_id) as area_id,
        case when s.device_id is not null and s.heard_at is null then 1 else 0 end as is_silent,
        case when d.heard_at is null and s.device_id is null then 0 else 1 end as was_there
      from devices d
        left join assignments a on a.device_id = d.id and a.to_at is null
        left join residents r on r.id = a.resident_id
        left join silences s on s.device_id = d.id
      where d.archived_at is null) found
    where ${whereAsked(whose, 'found.area_id')}
    group by kind order by kind`.execute(db)
  const tally = (some: readonly KindRow[]) => {
    const sum = (of: 'devices' | 'silent' | 'unheard'): number =>
      some.reduce((total, row) => total + Number(row[of]), 0)
    const [devices, silent, unheard] = [sum('devices'), sum('silent'), sum('unheard')]
    const online = devices - silent - unheard
    return { devices, silent, unheard, online, share: shareOf(online, devices) }
  }
  return { total: tally(rows), kinds: rows.map(row => ({ kind: row.kind, ...tally([row]) })) }
}

/** Devices of which three findings or more came within a minute, the worst first. */
export async function chatteringDevices(db: Db, asked: Asked): Promise<ChatteringDevices['items']> {
  const { rows } = await sql<ChatteringDevices['items'][number]>`
    with found as (
      select t.seq, t.at, ${jsonText(db, 't.detailJson', 'deviceId')} as device_id,
        coalesce(cast(${jsonText(db, 't.detailJson', 'count')} as integer), 1) as times
      from timeline t inner join ${deskOf(asked)} i on i.id = t.incident_id
      where t.kind = 'finding' and ${within('t.at', asked)}),
    paced as (
      select device_id, at, times,
        lag(at, ${sql.lit(CHATTER_TIMES - 1)}) over (partition by device_id order by at, seq) as earlier
      from found where device_id is not null)
    select device_id, sum(times) as findings, max(at) as last_at,
      sum(case when times >= ${sql.lit(CHATTER_TIMES)}
        or at - earlier <= ${sql.lit(CHATTER_WITHIN_MS)} then 1 else 0 end) as chattered
    from paced group by device_id
    having sum(case when times >= ${sql.lit(CHATTER_TIMES)}
      or at - earlier <= ${sql.lit(CHATTER_WITHIN_MS)} then 1 else 0 end) > 0
    order by 4 desc, 1 limit ${sql.lit(LISTED_MAX)}`.execute(db)
  return rows.map(({ deviceId, findings, chattered, lastAt }) => ({
    deviceId,
    findings: Number(findings),
    chattered: Number(chattered),
    lastAt: Number(lastAt),
  }))
}

/** Alarms that have been open for more than a day, by device, the oldest of each first. */
export async function staleAlarms(
  db: Db,
  { now, ...whose }: Whose & { now: number },
): Promise<StaleAlarms['items']> {
  const { rows } = await sql<Row<'incidents'>>`
    select * from ${deskOf(whose)} i
    where state in (${words(OPEN_STATES)}) and raised_at < ${sql.lit(now - STALE_AFTER_MS)}
    order by device_id, raised_at, id limit ${sql.lit(LISTED_MAX)}`.execute(db)
  return rows.map(row => ({
    deviceId: row.deviceId,
    alarmId: row.id,
    class: row.class,
    state: row.state,
    severity: row.severity,
    kind: row.kind,
    subject: { type: row.subjectType, id: row.subjectId, name: row.subjectName },
    raisedAt: Number(row.raisedAt),
    openMs: now - Number(row.raisedAt),
  }))
}

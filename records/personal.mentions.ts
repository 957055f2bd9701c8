// Erases what the timelines of others say of an elder: their name where another one is about the same device or the same
// outage, and what a device told of them when nobody was known to wear it. An open alarm keeps what it has until it is
// over: no erasure takes anything from somebody who is being helped.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { OPEN_STATES } from '../model/incident.ts'
import { type Db, lastSeq, type Records, writeDesk } from './db.ts'
import { isPostgres } from './engine.ts'
import { type Detail, erasedDetail, readDetail, withoutName } from './personal.timeline.ts'
import type { Whose } from './personal.ts'
import { slicesOf } from './slices.ts'

/** Entries that are looked through at a time: some milliseconds of the readers' connection. */
const LOOKED_AT_ONCE = 5_000
const WRITTEN_AT_ONCE = 20

type Found = {
  seq: number
  detailJson: string
  subjectType: string
  subjectId: string
  state: string
}

export type Mentions = {
  /** Up to here nothing is left to be looked at again. */
  scannedSeq: number
  /** Entries of open alarms that have to wait. */
  waiting: number
}

/** Looks through all entries behind `after`. */
export async function eraseMentions(
  records: Records,
  { whose, after }: { whose: Whose; after: number },
): Promise<Mentions> {
  const upTo = await lastSeq(records.read, 'feed')
  let firstWaiting: number | undefined
  let waiting = 0
  for (let from = after; from < upTo; from += LOOKED_AT_ONCE) {
    const found = await mentionsIn(records.read, { whose, from, to: Math.min(from + LOOKED_AT_ONCE, upTo) })
    const due = found.filter(row => changeOf(row, whose) !== undefined)
    for (const row of due.filter(isOpen)) {
      firstWaiting = Math.min(firstWaiting ?? row.seq, row.seq)
      waiting++
    }
    await write(
      records,
      due.filter(row => !isOpen(row)),
      whose,
    )
  }
  return { scannedSeq: firstWaiting === undefined ? Math.max(after, upTo) : firstWaiting - 1, waiting }
}

const isOpen = ({ state }: Found): boolean => OPEN_STATES.some(open => open === state)

async function mentionsIn(
  db: Db,
  { whose, from, to }: { whose: Whose; from: number; to: number },
): Promise<Found[]> {
  const { residentId, spans } = whose
  const ids = [residentId, ...new Set(spans.map(({ deviceId }) => deviceId))]
  const named = sql.join(
    ids.map(id => holds(db, id)),
    sql` or `,
  )
  const { rows } = await sql<Found>`select t.seq, t.detail_json, i.subject_type, i.subject_id, i.state
    from timeline t inner join incidents i on i.id = t.incident_id
    where t.seq > ${from} and t.seq <= ${to} and (${named}) order by t.seq`.execute(db)
  return rows.filter(({ subjectType, subjectId }) => subjectType !== 'resident' || subjectId !== residentId)
}

const holds = (db: Db, id: string): RawBuilder<SqlBool> =>
  isPostgres(db) ? sql`strpos(t.detail_json, ${id}) > 0` : sql`instr(t.detail_json, ${id}) > 0`

type Change = { detailJson: string; eventId?: null; bytesHash?: null }

/** What the entry becomes; of an alarm of another elder all but the name is theirs. */
function changeOf({ detailJson, subjectType }: Found, whose: Whose): Change | undefined {
  const detail = readDetail(detailJson)
  if (detail === undefined) return undefined
  const nameless = withoutName(detail, whose.residentId) as Detail
  const isTheirs = subjectType !== 'resident' && (isWornThen(detail, whose) || isMember(detail, whose))
  const left = JSON.stringify(isTheirs ? erasedDetail(nameless) : nameless)
  if (left === detailJson || (!isTheirs && nameless === detail)) return undefined
  return isTheirs ? { detailJson: left, eventId: null, bytesHash: null } : { detailJson: left }
}

const isWornThen = ({ deviceId, at }: Detail, { spans }: Whose): boolean =>
  spans.some(span => span.deviceId === deviceId && Number(at) >= span.from && Number(at) < span.to)

const isMember = ({ member }: Detail, { residentId }: Whose): boolean =>
  (member as { id?: unknown } | undefined)?.id === residentId

async function write(records: Records, rows: readonly Found[], whose: Whose): Promise<void> {
  for (const slice of slicesOf(rows, WRITTEN_AT_ONCE)) {
    await writeDesk(records, async tx => {
      for (const row of slice)
        await tx
          .updateTable('timeline')
          .set(changeOf(row, whose) ?? {})
          .where('seq', '=', row.seq)
          .execute()
    })
  }
}

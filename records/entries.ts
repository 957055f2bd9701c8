// What happened in each incident: entries are appended in commit order and never changed.

import type { EntryKind, TimelineEntry } from '../model/incident.ts'
import { storable } from '../model/text.ts'
import { type Db, type Tx, takeSeq } from './db.ts'
import type { NewRow, Row } from './schema.ts'
import { readSlices, slicesOf } from './slices.ts'

/** An entry to be written; it gets its `seq` with the commit. */
export type NewEntry = {
  incidentId: string
  kind: EntryKind
  /** When the hub received or did it, epoch ms. When a finding happened stands in its detail. */
  at: number
  findingId?: string | undefined
  eventId?: string | undefined
  bytesHash?: string | undefined
  /** User id of whoever did it; absent when the hub did. */
  by?: string | undefined
  detail: Record<string, unknown>
}

/**
 * Appends entries, in order, and notes the newest of each incident on its row. It takes places of the feed, so
 * it comes last in the transaction (`takeSeq`). Nudge `feed` once that is committed.
 */
export async function appendTimeline(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return
  const first = await takeSeq(tx, 'feed', entries.length)
  const rows = entries.map((entry, index) => toRow(entry, first + index))
  for (const slice of slicesOf(rows)) await tx.insertInto('timeline').values(slice).execute()
  const incidentIds = [...new Set(entries.map(entry => entry.incidentId))]
  for (const slice of slicesOf(incidentIds)) await noteNewest(tx, slice)
}

async function noteNewest(tx: Tx, incidentIds: readonly string[]): Promise<void> {
  await tx
    .updateTable('incidents')
    .set(e => ({
      seq: e
        .selectFrom('timeline')
        .select(t => t.fn.max('timeline.seq').as('newest'))
        .whereRef('timeline.incidentId', '=', 'incidents.id')
        .$asScalar()
        .$notNull(),
    }))
    .where('id', 'in', incidentIds)
    .execute()
}

/** When the same bytes were last taken for a new finding: by incident and hash. */
export async function lastPresses(
  db: Db,
  { incidentIds, hashes }: { incidentIds: readonly string[]; hashes: readonly string[] },
): Promise<{ incidentId: string; bytesHash: string; at: number }[]> {
  const rows = await readSlices(incidentIds, ids =>
    readSlices(hashes, some =>
      db
        .selectFrom('timeline')
        .select(e => ['incidentId', 'bytesHash', e.fn.max('at').as('at')])
        .where('incidentId', 'in', ids)
        .where('bytesHash', 'in', some)
        .where('kind', '=', 'finding')
        .groupBy(['incidentId', 'bytesHash'])
        .$narrowType<{ bytesHash: string }>()
        .execute(),
    ),
  )
  return rows.map(({ incidentId, bytesHash, at }) => ({ incidentId, bytesHash, at: Number(at) }))
}

/** Those of these finding ids that stand on a timeline already. */
export async function knownFindings(db: Db, findingIds: readonly string[]): Promise<Set<string>> {
  const rows = await readSlices(findingIds, slice =>
    db
      .selectFrom('timeline')
      .select('findingId')
      .where('findingId', 'in', slice)
      .$narrowType<{ findingId: string }>()
      .execute(),
  )
  return new Set(rows.map(row => row.findingId))
}

/** The newest entry of an incident that says a finding joined; 0 when there is none. */
export async function lastFindingSeq(db: Db, incidentId: string): Promise<number> {
  const { seq } = await db
    .selectFrom('timeline')
    .select(e => e.fn.max('seq').as('seq'))
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'finding')
    .executeTakeFirstOrThrow()
  return Number(seq ?? 0)
}

/** What only somebody does who has the alarm on the screen as it stands. A note may be typed while a finding joins. */
const SHOWS_THAT_SEEN: readonly EntryKind[] = ['accepted', 'taken_over', 'seen']

/**
 * What a user must have seen of an incident when they do not say it: up to their newest entry that shows it. An
 * incident that was resolved was seen by whoever resolved it, and nothing joins it afterwards.
 */
export async function lastSeenSeq(
  db: Db,
  { incidentId, userId }: { incidentId: string; userId: string },
): Promise<number> {
  const { seq } = await db
    .selectFrom('timeline')
    .select(e => e.fn.max('seq').as('seq'))
    .where('incidentId', '=', incidentId)
    .where(e =>
      e.or([
        e.and([e('byUserId', '=', userId), e('kind', 'in', SHOWS_THAT_SEEN)]),
        e('kind', '=', 'resolved'),
      ]),
    )
    .executeTakeFirstOrThrow()
  return Number(seq ?? 0)
}

export function toEntry(row: Row<'timeline'> & { byName: string | null }): TimelineEntry {
  return {
    seq: row.seq,
    kind: row.kind,
    at: row.at,
    ...(row.findingId !== null && { findingId: row.findingId }),
    ...(row.eventId !== null && { eventId: row.eventId }),
    ...(row.byUserId !== null && { by: row.byUserId }),
    ...(row.byName !== null && { byName: row.byName }),
    detail: JSON.parse(row.detailJson),
  }
}

/** What a device wrote is kept, whatever its letters. */
const withStorableText = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? storable(value) : value

function toRow(entry: NewEntry, seq: number): NewRow<'timeline'> {
  return {
    seq,
    incidentId: entry.incidentId,
    kind: entry.kind,
    at: entry.at,
    findingId: entry.findingId ?? null,
    eventId: entry.eventId ?? null,
    bytesHash: entry.bytesHash ?? null,
    byUserId: entry.by ?? null,
    detailJson: JSON.stringify(entry.detail, withStorableText),
  }
}

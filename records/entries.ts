// What happened in each incident: entries are appended in commit order and never changed.

import type { FindingKind } from '../model/finding.ts'
import type { EntryKind, TimelineEntry } from '../model/incident.ts'
import { storable } from '../model/text.ts'
import { type Db, type Tx, takingSeq } from './db.ts'
import type { Row } from './schema.ts'
import { readSlices, slicesOf } from './slices.ts'
import { storedFacts } from './stored.ts'
import { runEach, type Statement } from './whole.ts'

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
export const appendTimeline = (tx: Tx, entries: readonly NewEntry[]): Promise<void> =>
  runEach(tx, timelineStatements(tx, entries))

/** The statements of `appendTimeline`. */
export function timelineStatements(db: Db, entries: readonly NewEntry[]): Statement[] {
  if (entries.length === 0) return []
  const taken = takingSeq(db, 'feed', entries.length).compile()
  const rows = entries.map((entry, index) => toRow(entry, placeOf(db, entries.length - 1 - index)))
  const inserts = slicesOf(rows).map(slice => db.insertInto('timeline').values(slice).compile())
  const incidentIds = [...new Set(entries.map(entry => entry.incidentId))]
  const notes = slicesOf(incidentIds).map(slice => noteNewest(db, slice).compile())
  return [taken, ...inserts, ...notes].map(query => ({ query }))
}

/** The place that lies `back` before the last that this transaction has taken. */
const placeOf = (db: Db, back: number) =>
  db
    .selectFrom('counters')
    .select(e => e('value', '-', back).as('seq'))
    .where('name', '=', 'feed')

function noteNewest(db: Db, incidentIds: readonly string[]) {
  return db
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
const SHOWS_THAT_SEEN: readonly EntryKind[] = ['accepted', 'taken_over', 'handed_on', 'seen']

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
    detail: storedFacts(row.detailJson),
  }
}

/** What a device wrote is kept, whatever its letters. */
const withStorableText = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? storable(value) : value

function toRow(entry: NewEntry, seq: ReturnType<typeof placeOf>) {
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

/** The facts of the newest finding of a kind that joined an incident. */
export async function lastFinding(
  db: Db,
  { incidentId, kind }: { incidentId: string; kind: FindingKind },
): Promise<Record<string, unknown> | undefined> {
  const rows = await db
    .selectFrom('timeline')
    .select('detailJson')
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'finding')
    .orderBy('seq', 'desc')
    .limit(LOOKED_THROUGH)
    .execute()
  const details = rows.map(({ detailJson }) => storedFacts(detailJson))
  return details.find(detail => detail.kind === kind) ?? details[0]
}

/** Above this an alarm has been told for long. */
const LOOKED_THROUGH = 20

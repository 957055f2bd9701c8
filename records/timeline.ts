// The feed: timeline entries in commit order, each with its alarm, and the note that a person saw them.

import { type Alarm, type EntryKind, OPEN_STATES, type TimelineEntry } from '../model/incident.ts'
import { type Db, lastSeq, type Records, writeDesk } from './db.ts'
import { appendTimeline, toEntry } from './entries.ts'
import { newestFeedGap } from './feed-floor.ts'
import { alarmsById } from './incidents.ts'
import { inScope } from './scope.ts'
import { unindexed } from './unindexed.ts'

/** How many entries a "displayed" reaches back. What a console skipped beyond that stays unproven, not wrong. */
export const SEEN_REACH = 2_000

/** One message of the feed. `alarm` is as it is now, which may be newer than the entry. */
export type FeedRow = {
  entry: TimelineEntry
  alarm: Alarm
  /** Where the alarm is now. */
  areaPath: string
  /** Entries that say that an alarm moved: where it was before. */
  formerPath: string | null
}

type Page = { seq: number; limit: number }

/** Entries after `seq`, oldest first, at most `limit`, of all areas: `areaPath` says who may see them. */
export async function feedAfter(db: Db, page: Page): Promise<FeedRow[]> {
  const [rows, alarms] = await Promise.all([entriesAfter(db, page), alarmsAfter(db, page)])
  await readLater(db, { rows, alarms })
  const found = rows.map(row => ({ row, entry: toEntry(row) }))
  const paths = await pathsOf(
    db,
    found.flatMap(({ entry }) => formerArea(entry) ?? []),
  )
  return found.flatMap(({ row, entry }) => {
    const alarm = alarms.get(row.incidentId)
    if (alarm === undefined) return [] // let go of between the two questions: it ended long ago
    const formerPath = paths.get(formerArea(entry) ?? '') ?? null
    return { entry, alarm, areaPath: row.areaPath, formerPath }
  })
}

const entriesAfter = (db: Db, { seq, limit }: Page) =>
  db
    .selectFrom('timeline')
    .innerJoin('incidents', 'incidents.id', 'timeline.incidentId')
    .innerJoin('areas', 'areas.id', 'incidents.areaId')
    .leftJoin('users', 'users.id', 'timeline.byUserId')
    .selectAll('timeline')
    .select(['areas.path as areaPath', 'users.name as byName'])
    .where('timeline.seq', '>', seq)
    .orderBy('timeline.seq')
    .limit(limit)
    .execute()

/** The alarms of these entries, asked for together with them: whoever follows the feed waits for one answer. */
const alarmsAfter = (db: Db, { seq, limit }: Page): Promise<Map<string, Alarm>> =>
  alarmsById(
    db,
    db
      .selectFrom('timeline')
      .select('incidentId')
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .$asScalar(),
  )

/** Alarms that were read before an entry of theirs was committed are read again: none may be older than its entry. */
async function readLater(
  db: Db,
  { rows, alarms }: { rows: readonly { incidentId: string; seq: number }[]; alarms: Map<string, Alarm> },
): Promise<void> {
  const isOlder = (row: { incidentId: string; seq: number }): boolean =>
    (alarms.get(row.incidentId)?.seq ?? -1) < row.seq
  const older = [...new Set(rows.filter(isOlder).map(({ incidentId }) => incidentId))]
  if (older.length === 0) return
  for (const [id, alarm] of await alarmsById(db, older)) alarms.set(id, alarm)
}

const formerArea = ({ kind, detail }: TimelineEntry): string | undefined =>
  kind === 'moved' ? String(detail.fromAreaId) : undefined

async function pathsOf(db: Db, areaIds: readonly string[]): Promise<Map<string, string>> {
  if (areaIds.length === 0) return new Map()
  const rows = await db.selectFrom('areas').select(['id', 'path']).where('id', 'in', areaIds).execute()
  return new Map(rows.map(({ id, path }) => [id, path]))
}

/**
 * The oldest place from which on nothing is missing; one after the newest when there is nothing yet. Entries of an alarm
 * that has been open for very long may be older: they are on its timeline, and no longer in the feed.
 */
export async function oldestSeq(db: Db): Promise<number> {
  const { oldest } = await db
    .selectFrom('timeline')
    .select(e => e.fn.min('seq').as('oldest'))
    .executeTakeFirstOrThrow()
  if (oldest === null) return (await lastSeq(db, 'feed')) + 1
  return Math.max(Number(oldest), (await newestFeedGap(db)) + 1)
}

/** What was displayed: everything up to a place, or some incidents, each up to its own. */
type UpTo = number | ReadonlyMap<string, number>

/**
 * Notes what `userId` has displayed: one `seen` entry for each open emergency or service incident of their areas
 * whose newest finding they had not been noted to have seen. Saying it again notes nothing, and `seen` entries
 * themselves ask for none.
 */
export async function markSeen(
  records: Records,
  { userId, upTo, at }: { userId: string; upTo: UpTo; at: number },
): Promise<void> {
  const area = await records.read
    .selectFrom('users')
    .innerJoin('areas', 'areas.id', 'users.areaId')
    .select('areas.path')
    .where('users.id', '=', userId)
    .executeTakeFirst()
  if (!area) return
  const unseen = (db: Db) => newestUnseen(db, { userId, upTo, scope: area })
  // Most of the time nothing is new: find that out without keeping a writer busy.
  if ((await unseen(records.read)).length === 0) return
  const noted = await writeDesk(records, async tx => {
    // Nobody else writes: no finding can slip in between what was displayed and its note.
    const findings = await unseen(tx)
    await appendTimeline(
      tx,
      findings.map(({ incidentId, seq }) => ({
        incidentId,
        kind: 'seen' as const,
        at,
        by: userId,
        detail: { seq },
      })),
    )
    return findings.length
  })
  if (noted > 0) records.nudge.publish('feed')
}

/** Findings that were displayed, after which their incident has no newer finding and no `seen` of this user. */
async function newestUnseen(
  db: Db,
  { userId, upTo, scope }: { userId: string; upTo: UpTo; scope: { path: string } },
): Promise<{ incidentId: string; seq: number }[]> {
  const unseen = await db
    .selectFrom('timeline as entry')
    .innerJoin('incidents', 'incidents.id', 'entry.incidentId')
    .select(['entry.incidentId', 'entry.seq'])
    .where(unindexed<EntryKind>('entry.kind'), '=', 'finding')
    .where(e =>
      typeof upTo === 'number'
        ? e.and([e('entry.seq', '<=', upTo), e('entry.seq', '>', upTo - SEEN_REACH)])
        : e('entry.incidentId', 'in', [...upTo.keys()]),
    )
    .where('incidents.class', 'in', ['emergency', 'service'])
    .where('incidents.state', 'in', OPEN_STATES)
    .where(inScope(scope, 'incidents.areaId'))
    .where(e =>
      e.not(
        e.exists(
          e
            .selectFrom('timeline as later')
            .select('later.seq')
            .whereRef('later.incidentId', '=', 'entry.incidentId')
            .whereRef('later.seq', '>', 'entry.seq')
            .where(l =>
              l.or([
                l('later.kind', '=', 'finding'),
                l.and([l('later.kind', '=', 'seen'), l('later.byUserId', '=', userId)]),
              ]),
            ),
        ),
      ),
    )
    .orderBy('entry.seq')
    .execute()
  if (typeof upTo === 'number') return unseen
  return unseen.filter(({ incidentId, seq }) => Number(seq) <= (upTo.get(incidentId) ?? 0))
}

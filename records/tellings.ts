// How far people outside of the desk have been told of each alarm, and up to where the timeline was looked through for
// alerts that nobody outside of the desk knows of yet.

import { OPEN_STATES } from '../model/incident.ts'
import { fromRow, type Incident } from './casework.ts'
import type { Db, Tx } from './db.ts'
import type { Row } from './schema.ts'
import { readSlices, slicesOf } from './slices.ts'
import { storedFacts } from './stored.ts'
import { unindexed } from './unindexed.ts'
import type { Statement } from './whole.ts'

export type Telling = Row<'tellings'>

const KEY = 'told_up_to'

export async function tellingsOf(db: Db, incidentIds: readonly string[]): Promise<Telling[]> {
  const rows = await readSlices(incidentIds, slice =>
    db.selectFrom('tellings').selectAll().where('incidentId', 'in', slice).execute(),
  )
  return rows.map(numbers)
}

/** `before` is how it was read; undefined when there was none. */
export type TellingChange = { before: Telling | undefined; telling: Telling }

/**
 * Writes changes, each if nobody was faster. When somebody was with one, the transaction fails with what `otherwise`
 * makes.
 */
export function tellingStatements(
  db: Db,
  changes: readonly TellingChange[],
  otherwise: () => Error,
): Statement[] {
  const fresh = changes.filter(({ before }) => before === undefined).map(({ telling }) => telling)
  const inserts = slicesOf(fresh).map(slice => ({
    query: db
      .insertInto('tellings')
      .values(slice)
      .onConflict(conflict => conflict.doNothing())
      .compile(),
    must: { change: slice.length, otherwise },
  }))
  const updates = changes.flatMap(({ before, telling }) =>
    before ? { query: updating(db, before, telling).compile(), must: { change: 1, otherwise } } : [],
  )
  return [...inserts, ...updates]
}

const updating = (db: Db, before: Telling, { incidentId, ...columns }: Telling) =>
  db
    .updateTable('tellings')
    .set(columns)
    .where('incidentId', '=', incidentId)
    .where('alertedAt', '=', before.alertedAt)
    .where('round', '=', before.round)
    .where('step', '=', before.step)
    .where('clockAt', 'is not distinct from', before.clockAt)
    .where('stoppedAt', 'is not distinct from', before.stoppedAt)

/** From this alert on no other contact is told. */
export async function stopTelling(
  tx: Tx,
  { incidentId, at }: { incidentId: string; at: number },
): Promise<void> {
  await tx
    .updateTable('tellings')
    .set({ stoppedAt: at })
    .where('incidentId', '=', incidentId)
    .where('stoppedAt', 'is', null)
    .execute()
}

/**
 * Open alarms with an entry after `after`, up to `upTo`, of which an alert was not told yet, or whose clock was set by
 * the usual ladder since it was looked at. The oldest first.
 */
export async function untoldIncidents(
  db: Db,
  {
    after,
    upTo,
    behind,
    limit,
  }: {
    after: number
    upTo: number
    /** The last one that was looked at. */
    behind: Pick<Incident, 'id' | 'alertedAt'> | undefined
    limit: number
  },
): Promise<Incident[]> {
  let untold = db
    .selectFrom('incidents')
    .leftJoin('tellings', 'tellings.incidentId', 'incidents.id')
    .selectAll('incidents')
    .where('incidents.id', 'in', e =>
      e
        .selectFrom('timeline')
        .select('timeline.incidentId')
        .where('seq', '>', after)
        .where('seq', '<=', upTo),
    )
    .where('incidents.class', 'in', ['emergency', 'service'])
    .where('incidents.state', 'in', OPEN_STATES)
    .where(e =>
      e.or([
        e('tellings.alertedAt', 'is distinct from', e.ref('incidents.alertedAt')),
        e.and([
          e('incidents.escalation', '=', 0),
          e('tellings.clockAt', 'is distinct from', e.ref('incidents.escalateAt')),
        ]),
      ]),
    )
    .orderBy('incidents.alertedAt')
    .orderBy('incidents.id')
    .limit(limit)
  if (behind !== undefined)
    untold = untold.where(e =>
      e.or([
        e('incidents.alertedAt', '>', behind.alertedAt),
        e.and([e('incidents.alertedAt', '=', behind.alertedAt), e('incidents.id', '>', behind.id)]),
      ]),
    )
  return (await untold.execute()).map(fromRow)
}

/** Up to where the timeline was looked through, by whatever process. */
export async function toldUpTo(db: Db): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst()
  return Number(row?.value ?? 0)
}

/** Whoever is behind another process looks at what that has told already, which changes nothing. */
export async function noteToldUpTo(db: Db, seq: number): Promise<void> {
  const value = String(seq)
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

const numbers = (row: Telling): Telling => ({
  ...row,
  alertedAt: Number(row.alertedAt),
  clockAt: row.clockAt === null ? null : Number(row.clockAt),
  stoppedAt: row.stoppedAt === null ? null : Number(row.stoppedAt),
})

/** Who, as the timeline of an alarm says, was not told, and why; `contactId` is null where it names none. */
export type Passed = { incidentId: string; contactId: string | null; reason: string }

export async function passedContacts(db: Db, incidentIds: readonly string[]): Promise<Passed[]> {
  const rows = await readSlices(incidentIds, slice =>
    db
      .selectFrom('timeline')
      .select(['incidentId', 'detailJson'])
      .where('incidentId', 'in', slice)
      .where(unindexed('timeline.kind'), '=', 'untold')
      .execute(),
  )
  return rows.flatMap(({ incidentId, detailJson }) => {
    const { reason, recipient } = storedFacts(detailJson) as UntoldDetail
    return reason ? { incidentId, contactId: recipient?.id ?? null, reason } : []
  })
}

type UntoldDetail = { reason?: string; recipient?: { id: string } }

// How far people outside of the desk have been told of each alarm, and up to where the timeline was looked through for
// alerts that nobody outside of the desk knows of yet.

import { OPEN_STATES } from '../model/incident.ts'
import { fromRow, type Incident } from './casework.ts'
import type { Db, Tx } from './db.ts'
import type { Row } from './schema.ts'
import { storedFacts } from './stored.ts'

export type Telling = Row<'tellings'>

const KEY = 'told_up_to'

export async function tellingOf(db: Db, incidentId: string): Promise<Telling | undefined> {
  const row = await db
    .selectFrom('tellings')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .executeTakeFirst()
  return row && numbers(row)
}

export async function keepTelling(tx: Tx, telling: Telling): Promise<void> {
  const { incidentId: _, ...columns } = telling
  await tx
    .insertInto('tellings')
    .values(telling)
    .onConflict(conflict => conflict.column('incidentId').doUpdateSet(columns))
    .execute()
}

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

/** Contacts of whom the timeline says that the hub has no way to them. */
export async function untoldContacts(db: Db, incidentId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('timeline')
    .select('detailJson')
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'untold')
    .execute()
  const details = rows.map(({ detailJson }) => storedFacts(detailJson) as UntoldDetail)
  return new Set(details.flatMap(({ reason, recipient }) => (reason === 'no_channel' && recipient?.id) || []))
}

type UntoldDetail = { reason?: string; recipient?: { id: string } }

// Open alarms go where their subject goes. The desk of the new area has the file and hears every further press;
// the desk of the old one is told to let the alarm go; an owner who cannot see it any more holds it no longer.

import { type RawBuilder, sql } from 'kysely'
import { OPEN_STATES, type Subject } from '../model/incident.ts'
import { type Tx, takeTurn } from './db.ts'
import type { NewEntry } from './entries.ts'
import { ownerSees } from './leases.ts'
import type { Note } from './registry.ts'

/** Who moved something, and when. */
export type Move = {
  at: number
  /** User id. */
  by?: string | undefined
  /** The database's clock: leases are compared on it. */
  now: RawBuilder<number>
  note: Note
}

type Moved = { id: string; fromAreaId: string; toAreaId: string }

/** Takes the open alarms of these subjects to `areaId`. */
export async function moveAlarms(
  tx: Tx,
  subjects: { type: Subject['type']; ids: readonly string[]; areaId: string },
  move: Move,
): Promise<void> {
  const { type, ids, areaId } = subjects
  if (ids.length === 0) return
  await takeTurn(tx, 'feed')
  const open = await tx
    .selectFrom('incidents')
    .select(['id', 'areaId'])
    .where('subjectType', '=', type)
    .where('subjectId', 'in', ids)
    .where('state', 'in', OPEN_STATES)
    .where('areaId', '!=', areaId)
    .orderBy('id')
    .execute()
  for (const { id } of open) await tx.updateTable('incidents').set({ areaId }).where('id', '=', id).execute()
  await tell(
    tx,
    open.map(({ id, areaId: fromAreaId }) => ({ id, fromAreaId, toAreaId: areaId })),
    move,
  )
}

/** The open alarms of a subtree that now hangs on another area: they keep their area and change their desk. */
export async function moveAlarmsBelow(
  tx: Tx,
  tree: { path: string; fromAreaId: string; toAreaId: string },
  move: Move,
): Promise<void> {
  const { path, fromAreaId, toAreaId } = tree
  await takeTurn(tx, 'feed')
  const open = await tx
    .selectFrom('incidents')
    .innerJoin('areas', 'areas.id', 'incidents.areaId')
    .select('incidents.id')
    .where(sql<boolean>`substr(areas.path, 1, ${path.length}) = ${path}`)
    .where('incidents.state', 'in', OPEN_STATES)
    .orderBy('incidents.id')
    .execute()
  await tell(
    tx,
    open.map(({ id }) => ({ id, fromAreaId, toAreaId })),
    move,
  )
}

async function tell(tx: Tx, moved: readonly Moved[], { at, by, now, note }: Move): Promise<void> {
  for (const { id, fromAreaId, toAreaId } of moved) {
    await tx
      .updateTable('incidents')
      .set({ leaseUntil: now })
      .where('id', '=', id)
      .where('leaseUntil', 'is not', null)
      .where(e => e.not(ownerSees()))
      .execute()
    note(movedEntry({ incidentId: id, fromAreaId, toAreaId, at, by }))
  }
}

/** The entry by which the desks of both areas hear of it. */
export const movedEntry = ({
  incidentId,
  fromAreaId,
  toAreaId,
  at,
  by,
}: {
  incidentId: string
  fromAreaId: string
  toAreaId: string
  at: number
  by?: string | undefined
}): NewEntry => ({ incidentId, kind: 'moved', at, by, detail: { fromAreaId, toAreaId } })

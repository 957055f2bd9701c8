// All messages of one alarm, as the tests look at them: whole rows, in the order in which they were asked for.

import type { Db } from '../../records/db.ts'
import { type DeliveryRow, deliveriesByIds } from '../../records/deliveries.ts'

export async function deliveriesOf(db: Db, incidentId: string): Promise<DeliveryRow[]> {
  const ids = await db
    .selectFrom('deliveries')
    .select('id')
    .where('incidentId', '=', incidentId)
    .orderBy('queuedAt')
    .orderBy('round')
    .orderBy('step')
    .orderBy('recipientType')
    .orderBy('id')
    .execute()
  const rows = await deliveriesByIds(
    db,
    ids.map(({ id }) => id),
  )
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(({ id }) => byId.get(id) ?? [])
}

// Messages that were not understood: the newest few of each device, for whoever looks into it.

import { storable } from '../model/text.ts'
import type { Db } from './db.ts'
import type { NewRow, Row } from './schema.ts'

/** Kept of each device. */
export const REJECTS_PER_DEVICE = 20

/** Keeps messages; one that is kept already is left as it is. */
export async function keepRejects(db: Db, rejects: readonly NewRow<'rejects'>[]): Promise<void> {
  if (rejects.length === 0) return
  await db.transaction().execute(async tx => {
    await tx
      .insertInto('rejects')
      .values(rejects.map(reject => ({ ...reject, raw: storable(reject.raw) })))
      .onConflict(conflict => conflict.column('receiptId').doNothing())
      .execute()
    for (const deviceId of new Set(rejects.map(reject => reject.deviceId))) {
      const oldest = tx
        .selectFrom('rejects')
        .select('receiptId')
        .where('deviceId', '=', deviceId)
        .orderBy('receivedAt', 'desc')
        .orderBy('receiptId', 'desc')
        .limit(REJECTS_PER_DEVICE)
      await tx
        .deleteFrom('rejects')
        .where('deviceId', '=', deviceId)
        .where('receiptId', 'not in', oldest)
        .execute()
    }
  })
}

/** What is kept of a device, newest first. */
export function listRejects(db: Db, deviceId: string): Promise<Row<'rejects'>[]> {
  return db
    .selectFrom('rejects')
    .selectAll()
    .where('deviceId', '=', deviceId)
    .orderBy('receivedAt', 'desc')
    .execute()
}

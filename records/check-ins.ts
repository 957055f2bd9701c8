// The last day on which an elder said "I'm well", by any of their devices. Each device expects it by itself; the desk
// knows that it was given by another one.

import type { Tx } from './db.ts'
import { readSlices, slicesOf } from './slices.ts'

/** Days, `YYYY-MM-DD`, by resident. */
export async function readCheckIns(tx: Tx, residentIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await readSlices(residentIds, slice =>
    tx.selectFrom('checkIns').selectAll().where('residentId', 'in', slice).execute(),
  )
  return new Map(rows.map(({ residentId, day }) => [residentId, day]))
}

export async function writeCheckIns(tx: Tx, days: ReadonlyMap<string, string>): Promise<void> {
  const rows = [...days].map(([residentId, day]) => ({ residentId, day }))
  for (const slice of slicesOf(rows)) {
    await tx
      .insertInto('checkIns')
      .values([...slice])
      .onConflict(conflict =>
        conflict.column('residentId').doUpdateSet(e => ({ day: e.ref('excluded.day') })),
      )
      .execute()
  }
}

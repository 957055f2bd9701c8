// Which devices somebody wore, and when: what a device said is about whoever wore it then.

import type { Db } from './db.ts'
import { readSlices } from './slices.ts'

/** A device on somebody's wrist; `from` is in, `to` is not. */
export type Worn = { deviceId: string; from: number; to: number }

/** What `residentId` wore within the span, cut to it, in the order in which it was put on. */
export async function wornBy(
  db: Db,
  { residentId, from, to }: { residentId: string; from: number; to: number },
): Promise<Worn[]> {
  return (await wornByEach(db, { residentIds: [residentId], from, to })).get(residentId) ?? []
}

/** The same of many, by whom. */
export async function wornByEach(
  db: Db,
  { residentIds, from, to }: { residentIds: readonly string[]; from: number; to: number },
): Promise<Map<string, Worn[]>> {
  const rows = await readSlices(residentIds, slice =>
    db
      .selectFrom('assignments')
      .select(['residentId', 'deviceId', 'fromAt', 'toAt'])
      .where('residentId', 'in', slice)
      .where('fromAt', '<', to)
      .where(e => e.or([e('toAt', 'is', null), e('toAt', '>', from)]))
      .orderBy('fromAt')
      .orderBy('id')
      .execute(),
  )
  const worn = new Map<string, Worn[]>(residentIds.map(id => [id, []]))
  for (const { residentId, deviceId, fromAt, toAt } of rows) {
    const span = {
      deviceId,
      from: Math.max(from, Number(fromAt)),
      to: Math.min(to, toAt === null ? to : Number(toAt)),
    }
    if (span.from < span.to) worn.get(residentId)?.push(span)
  }
  return worn
}

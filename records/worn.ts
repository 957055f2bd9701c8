// Which devices somebody wore, and when: what a device said is about whoever wore it then.

import type { Db } from './db.ts'

/** A device on somebody's wrist; `from` is in, `to` is not. */
export type Worn = { deviceId: string; from: number; to: number }

/** What `residentId` wore within the span, cut to it, in the order in which it was put on. */
export async function wornBy(
  db: Db,
  { residentId, from, to }: { residentId: string; from: number; to: number },
): Promise<Worn[]> {
  const rows = await db
    .selectFrom('assignments')
    .select(['deviceId', 'fromAt', 'toAt'])
    .where('residentId', '=', residentId)
    .where('fromAt', '<', to)
    .where(e => e.or([e('toAt', 'is', null), e('toAt', '>', from)]))
    .orderBy('fromAt')
    .orderBy('id')
    .execute()
  return rows
    .map(({ deviceId, fromAt, toAt }) => ({
      deviceId,
      from: Math.max(from, Number(fromAt)),
      to: Math.min(to, toAt === null ? to : Number(toAt)),
    }))
    .filter(worn => worn.from < worn.to)
}

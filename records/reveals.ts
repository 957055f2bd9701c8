// That somebody was shown what is hidden of an elder because they have accepted their alarm: once for each accept.

import { appendAudit } from './audit.ts'
import type { Db, Records } from './db.ts'

export type Opening = {
  userId: string
  residentId: string
  alarmId: string
  /** When they accepted it, or were sent to it: each time is written down once. */
  since: number
  at: number
}

/** Writes it down unless it is. Two that come at once may both do it: once too often is no fault. */
export async function noteOpening(records: Pick<Records, 'db' | 'read'>, opening: Opening): Promise<void> {
  if (await isNoted(records.read, opening)) return
  const { userId: actorId, residentId: targetId, at } = opening
  await records.db.transaction().execute(tx =>
    appendAudit(tx, {
      at,
      actorId,
      action: 'reveal',
      targetType: 'resident',
      targetId,
      reason: reasonOf(opening),
    }),
  )
}

const reasonOf = ({ alarmId, since }: Opening): string => `incident:${alarmId}:${since}`

const isNoted = async (db: Db, opening: Opening): Promise<boolean> =>
  (await db
    .selectFrom('audit')
    .select('seq')
    .where('targetId', '=', opening.residentId)
    .where('actorId', '=', opening.userId)
    .where('reason', '=', reasonOf(opening))
    .limit(1)
    .executeTakeFirst()) !== undefined

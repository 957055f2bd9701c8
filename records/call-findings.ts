// What an alarm was told of about the time of a call: which key was pressed, on which device.

import type { Db } from './db.ts'

export type PressedKey = { kind: string; deviceId: unknown; at: number }

/** Findings that joined an incident between two times (epoch ms, both included). */
export async function findingsBetween(
  db: Db,
  { incidentId, from, to }: { incidentId: string; from: number; to: number },
): Promise<PressedKey[]> {
  const rows = await db
    .selectFrom('timeline')
    .select(['at', 'detailJson'])
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'finding')
    .where('at', '>=', from)
    .where('at', '<=', to)
    .execute()
  return rows.map(({ at, detailJson }) => {
    const detail: Record<string, unknown> = JSON.parse(detailJson)
    return { kind: String(detail.kind), deviceId: detail.deviceId, at }
  })
}

/** The incident on whose timeline a finding stands. */
export async function incidentOfFinding(db: Db, findingId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('timeline')
    .select('incidentId')
    .where('findingId', '=', findingId)
    .orderBy('seq')
    .executeTakeFirst()
  return row?.incidentId
}

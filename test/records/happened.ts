// Timelines put straight into the records, for figures that are counted from them.

import type { Spread } from '../../model/figures.ts'
import type { Disposition, EntryKind } from '../../model/incident.ts'
import type { Records } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import type { Asked } from '../../records/stats.ts'
import { DAY, HOUR, NOON } from '../alerts/desk.ts'

export const NOW = NOON + DAY
/** From midnight to midnight in Beijing. */
export const ASKED: Asked = {
  scope: WHOLE_HUB,
  areaId: 'root',
  from: NOON - 12 * HOUR,
  to: NOON + 12 * HOUR,
  timeZone: 'Asia/Shanghai',
  now: NOW,
}

export type Mark = {
  kind: EntryKind
  at: number
  reason?: string
  by?: string
  deviceId?: string
  count?: number
}
export type Story = {
  areaId?: string
  class?: 'emergency' | 'service' | 'technical'
  state?: 'raised' | 'accepted' | 'dispatched' | 'arrived' | 'resolved' | 'closed'
  disposition?: Disposition
  kind?: 'sos' | 'fall' | 'zone_exit'
  raisedAt?: number
  marks: readonly Mark[]
}

let seq = 0

export async function happened({ db }: Pick<Records, 'db'>, ...stories: readonly Story[]): Promise<void> {
  for (const [index, story] of stories.entries()) {
    const id = `i-${index}-${seq}`
    const raisedAt = story.raisedAt ?? story.marks[0]?.at ?? NOON
    await db
      .insertInto('incidents')
      .values({
        id,
        class: story.class ?? 'emergency',
        state: story.state ?? 'resolved',
        severity: 'critical',
        kind: story.kind ?? 'sos',
        subjectType: 'resident',
        subjectId: id,
        subjectName: '李',
        areaId: story.areaId ?? 'wh-1',
        deviceId: 'b-li',
        raisedAt,
        alertedAt: raisedAt,
        lateMs: 0,
        acceptedAt: null,
        ownerId: null,
        leaseUntil: null,
        escalation: -1,
        escalateAt: null,
        conditionsJson: '[]',
        disposition: story.disposition ?? null,
        resolvedAt: null,
        previousId: null,
        findings: 1,
        seq: 0,
      })
      .execute()
    if (story.marks.length > 0)
      await db
        .insertInto('timeline')
        .values(
          story.marks.map(({ kind, at, by, reason, deviceId = 'b-li', count }) => ({
            seq: ++seq,
            incidentId: id,
            kind,
            at,
            findingId: null,
            eventId: null,
            bytesHash: null,
            byUserId: by ?? null,
            detailJson: JSON.stringify(kind === 'finding' ? { reason, deviceId, count } : {}),
          })),
        )
        .execute()
  }
}

export const first = (at: number): Mark => ({ kind: 'finding', reason: 'first', at })
export const accepted = (at: number, by = 'chen'): Mark => ({ kind: 'accepted', by, at })
export const shares = ({ within }: Spread) => within.map(({ count, of }) => `${count}/${of}`)

/** All that was put there is gone. */
export async function nothingHappened({ db }: Pick<Records, 'db'>): Promise<void> {
  await db.deleteFrom('timeline').execute()
  await db.deleteFrom('incidents').execute()
  await db.deleteFrom('silences').execute()
}

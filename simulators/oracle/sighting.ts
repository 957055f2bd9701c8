// From an entry of the feed or of a timeline to what the oracle counts.

import { z } from 'zod'
import { findingSchema } from '../../model/finding.ts'
import { alarmSchema, entrySchema } from '../../model/incident.ts'
import type { Sighting } from './judge.ts'

/** An entry may be of a kind that came after this program. */
export const entryShownSchema = z.object({ ...entrySchema.shape, kind: z.string() })
export const alarmShownSchema = alarmSchema.pick({ id: true, deviceId: true, kind: true, severity: true })

/** An incident joins findings of several devices and kinds: the entry's own facts come before the alarm's. */
const detailSchema = z.object({
  ...findingSchema.pick({ deviceId: true, kind: true, severity: true }).shape,
  evidence: z.object({ metric: z.string().optional() }),
})

export type Shown = { entry: z.infer<typeof entryShownSchema>; alarm: z.infer<typeof alarmShownSchema> }

/** Undefined for entries that are no finding, such as an acceptance or a recognised re-send. */
export function sightingOf({ entry, alarm }: Shown, seenAt: number): Sighting | undefined {
  if (entry.kind !== 'finding' && entry.kind !== 'cancelled') return undefined
  const told = detailSchema.safeParse(entry.detail)
  const own = told.success ? told.data : undefined
  const sighting: Sighting = {
    seq: entry.seq,
    deviceId: own?.deviceId ?? alarm.deviceId,
    kind: own?.kind ?? (entry.kind === 'cancelled' ? 'cancel' : alarm.kind),
    severity: own?.severity ?? alarm.severity,
    seenAt,
  }
  if (entry.eventId !== undefined) sighting.eventId = entry.eventId
  if (own?.evidence.metric !== undefined) sighting.metric = own.evidence.metric
  return sighting
}

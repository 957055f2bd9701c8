// Who of the desk is there: what people say of themselves, and what the hub knows by itself.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { textSchema } from './text.ts'

/** What one says of oneself. That one is busy shows by the alarms that one owns. */
export const PRESENCE_STATUSES = ['ready', 'pause'] as const
export const PRESENCE_STATES = ['ready', 'busy', 'pause', 'away'] as const

export const presenceChangeSchema = z
  .discriminatedUnion('status', [
    z.strictObject({ status: z.literal('ready') }),
    z.strictObject({ status: z.literal('pause'), reason: textSchema(200).trim().min(1) }),
  ])
  .meta({ id: 'PresenceChange' })

export const presenceSchema = z
  .object({
    user: z.object({ id: idSchema, name: z.string(), role: z.string() }),
    state: z.enum(PRESENCE_STATES),
    /** Of a pause. */
    reason: z.string().nullable(),
    /** When the pause began, or when an absent one was last there; null where that is not known. Epoch ms. */
    since: z.number().nullable(),
    /** Open alarms that they own. */
    alarms: z.number().int(),
  })
  .meta({ id: 'Presence' })

export type PresenceStatus = (typeof PRESENCE_STATUSES)[number]
export type PresenceState = (typeof PRESENCE_STATES)[number]
export type PresenceChange = z.infer<typeof presenceChangeSchema>
export type Presence = z.infer<typeof presenceSchema>

/** Whoever has no live connection is away, whatever they said; who is in a pause stays so with an alarm in hand. */
export function presenceStateOf({
  isLive,
  status,
  alarms,
}: {
  isLive: boolean
  status: PresenceStatus
  alarms: number
}): PresenceState {
  if (!isLive) return 'away'
  if (status === 'pause') return 'pause'
  return alarms > 0 ? 'busy' : 'ready'
}

// One message to one person or system about an alarm, and how far it got.

import { z } from 'zod'
import { channelKindSchema } from './channel.ts'
import { idSchema } from './id.ts'

export const DELIVERY_STATES = ['queued', 'sent', 'delivered', 'seen', 'accepted', 'failed'] as const
export const RECIPIENT_TYPES = ['contact', 'user', 'channel'] as const

export type DeliveryState = (typeof DELIVERY_STATES)[number]
export type RecipientType = (typeof RECIPIENT_TYPES)[number]

/** From which states each may be reached: they move forward only. `queued` comes back by a person's word alone. */
export const DELIVERY_FROM = {
  queued: ['failed'],
  sent: ['queued'],
  failed: ['queued', 'sent'],
  // A receipt that comes late proves more than a try that gave up.
  delivered: ['queued', 'sent', 'failed'],
  seen: ['queued', 'sent', 'failed', 'delivered'],
  accepted: ['queued', 'sent', 'failed', 'delivered', 'seen'],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>

const time = z.number().nullable()

/** Times are epoch ms. */
export const deliverySchema = z
  .object({
    id: idSchema,
    alarmId: idSchema,
    /** How often the ladder had been begun or repeated, and the step of it that sent this. */
    round: z.number().int(),
    step: z.number().int(),
    recipient: z.object({ type: z.enum(RECIPIENT_TYPES), id: idSchema, name: z.string() }),
    channel: z.object({ id: idSchema, kind: channelKindSchema }),
    urgent: z.boolean(),
    state: z.enum(DELIVERY_STATES),
    /** Why the last try did not get through, or why it failed for good. */
    reason: z.string().nullable(),
    attempts: z.number().int(),
    /** 1, and one more each time that a person has it sent again: what stands behind the dot in its key. */
    sending: z.number().int(),
    /** Until about when it waits, because its channel takes no more for now (`perMinute`). */
    heldUntil: time,
    queuedAt: z.number(),
    triedAt: time,
    sentAt: time,
    deliveredAt: time,
    seenAt: time,
    acceptedAt: time,
    failedAt: time,
  })
  .meta({ id: 'Delivery' })

export type Delivery = z.infer<typeof deliverySchema>

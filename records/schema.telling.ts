// The tables of what people outside of the desk are told; schema.ts says how columns are written.

import type { ChannelKind } from '../model/channel.ts'
import type { DeliveryState, RecipientType } from '../model/delivery.ts'
import type { Severity } from '../model/finding.ts'
import type { IncidentClass } from '../model/incident.ts'
import type { Because } from '../model/ladder.ts'

export type TellingTables = {
  /** Who is told when nobody answers, where an area has its own table; `severity` null is for every severity. */
  ladders: {
    id: string
    areaId: string
    class: IncidentClass
    severity: Severity | null
    because: Because
    /** `[{afterMs, audience, breached, contacts}]` */
    stepsJson: string
    repeatMs: number
    changedAt: number
    archivedAt: number | null
  }
  /** How far people outside of the desk have been told of an alarm. */
  tellings: {
    incidentId: string
    /** Of the alert that was told. */
    alertedAt: number
    /** Counts how often the ladder was begun or its last step repeated: what a step sends is sent once a round. */
    round: number
    step: number
    /** The next step's time, as the area's own ladder has it. */
    clockAt: number | null
    /** When a contact said that they go: from then on no other contact is told of this alert. */
    stoppedAt: number | null
  }
  /** How many messages have lately begun on a channel, by the time: `[[from, count]]`, epoch ms. */
  allowances: { channelId: string; begunJson: string }
  /** One message to one recipient by one channel. A queue carries it; this is what is true of it. */
  deliveries: {
    id: string
    incidentId: string
    round: number
    step: number
    recipientType: RecipientType
    recipientId: string
    recipientName: string
    channelId: string
    channelKind: ChannelKind
    urgent: number
    state: DeliveryState
    /** Why the last try did not get through, or why it failed for good. */
    reason: string | null
    attempts: number
    /** 1, and one more each time that a person has it sent again: part of its idempotency key. */
    sending: number
    /** When its job is put into the queue, again if need be; null when nothing is left to do. */
    enqueueAt: number | null
    enqueued: number
    /** Until about when it waits for room on its channel; of a message that is queued alone. */
    heldUntil: number | null
    providerId: string | null
    /** Of the link by which a contact answers, and until when it holds. */
    code: string | null
    codeUntil: number | null
    queuedAt: number
    triedAt: number | null
    sentAt: number | null
    deliveredAt: number | null
    seenAt: number | null
    acceptedAt: number | null
    failedAt: number | null
  }
}

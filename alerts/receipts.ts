// What is heard of messages after they have left, and what people do about those that did not: receipts of vendors,
// and sending again.

import type { DeliveryState } from '../model/delivery.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { incidentInScope } from '../records/casework.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import { type DeliveryChange, type DeliveryRow, deliveryById, moveDelivery } from '../records/deliveries.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { type Scope, WHOLE_HUB } from '../records/scope.ts'
import { runEach } from '../records/whole.ts'
import { entryOf } from './notify-settle.ts'
import type { Way } from './recipients.ts'
import { LINK_MS, tellNextContact } from './tell.ts'
import { readTellDesk } from './tell-desk.ts'

export const RECEIPTS = ['delivered', 'seen', 'failed'] as const
export type Receipt = {
  state: (typeof RECEIPTS)[number]
  reason?: string | undefined
  /** Of which sending it is; undefined when whoever reports does not say. */
  sending?: number | undefined
}

/** From where a receipt of an earlier sending leads on: it proves more than a later one that gave up, and no more. */
const FROM_EARLIER: Readonly<Record<Receipt['state'], readonly DeliveryState[]>> = {
  delivered: ['failed'],
  seen: ['failed'],
  failed: [],
}

/** `state`: it is not in a state from which this can be done. */
export type Heard =
  | { ok: true; delivery: DeliveryRow }
  | { ok: false; code: 'NOT_FOUND' }
  | { ok: false; code: 'CONFLICT'; delivery: DeliveryRow }

/** `defaults` are the channels that the environment sets up: the next contact may have no other way. */
export type ReceiptDesk = { records: Records; clock: Clock; log?: Log; defaults?: readonly Way[] }
type Desk = Pick<ReceiptDesk, 'records' | 'clock'>
type Asked = { id: string; scope: Scope }

/**
 * A vendor or receiver says what became of a message. A receipt that is older than what is known changes nothing, nor
 * does a failure of a sending that a person has had sent again since.
 */
export async function noteReceipt(desk: ReceiptDesk, asked: Asked & Receipt): Promise<Heard> {
  const { defaults = [], log } = desk
  return change(desk, asked, async (tx, delivery, now) => {
    const { state, reason = 'reported' } = asked
    const times: Record<Receipt['state'], DeliveryChange> = {
      delivered: { deliveredAt: now, enqueueAt: null, reason: null },
      seen: { seenAt: now, enqueueAt: null, reason: null },
      failed: { failedAt: now, enqueueAt: null, reason },
    }
    const { id, sending } = delivery
    const reported = sendingOf(delivery, asked)
    if (reported > sending) return undefined
    const from = reported < sending ? { from: FROM_EARLIER[state] } : {}
    if (!(await moveDelivery(tx, { id, sending, state, ...from, change: times[state] }))) return undefined
    if (state !== 'failed') return []
    const untold = entryOf(delivery, 'untold', now, { reason })
    const incident = await incidentInScope(tx, { id: delivery.incidentId, scope: WHOLE_HUB })
    if (!incident || incident.escalateAt === null || delivery.recipientType !== 'contact') return [untold]
    const telling = await readTellDesk(tx, [{ incident, audiences: [] }], defaults)
    const next = tellNextContact(telling, { incident, failed: delivery, now, log })
    await runEach(tx, telling.statements(tx))
    return [untold, ...next]
  })
}

/** Of what has not left yet nobody can have heard: where no number is told, it is of the sending before. */
function sendingOf({ sending, state }: DeliveryRow, { sending: told }: Receipt): number {
  const leftLast = state === 'queued' && sending > 1 ? sending - 1 : sending
  return told ?? leftLast
}

/** A person has a message that failed sent once more, under a fresh key. */
export async function sendAgain(desk: Desk, asked: Asked & { by: string }): Promise<Heard> {
  return change(desk, asked, async (tx, delivery, now) => {
    const { id, sending, code } = delivery
    const anew: DeliveryChange = {
      sending: sending + 1,
      enqueueAt: now,
      enqueued: 0,
      heldUntil: null,
      failedAt: null,
      reason: null,
    }
    const link = code === null ? {} : { codeUntil: now + LINK_MS }
    if (!(await moveDelivery(tx, { id, sending, state: 'queued', change: { ...anew, ...link } })))
      return undefined
    return [{ ...entryOf(delivery, 'told_again', now, {}), by: asked.by }]
  })
}

/** `work` returns what goes on the timeline; undefined when it could not be done. */
async function change(
  { records, clock }: Desk,
  { id, scope }: Asked,
  work: (tx: Tx, delivery: DeliveryRow, now: number) => Promise<NewEntry[] | undefined>,
): Promise<Heard> {
  const heard = await writeDesk(records, async (tx): Promise<Heard> => {
    const delivery = await deliveryById(tx, id)
    const alarm = delivery && (await incidentInScope(tx, { id: delivery.incidentId, scope }))
    if (!delivery || !alarm) return { ok: false, code: 'NOT_FOUND' }
    const entries = await work(tx, delivery, clock.now())
    if (entries === undefined) return { ok: false, code: 'CONFLICT', delivery }
    await appendTimeline(tx, entries)
    return { ok: true, delivery: (await deliveryById(tx, id)) ?? delivery }
  })
  // Also without an entry: whoever sends looks at the rows then.
  if (heard.ok) records.nudge.publish('feed')
  return heard
}

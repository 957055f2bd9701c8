// "I'm going", by whatever way a contact says it: it stands on the timeline, and no other contact is told of this alert.
// The desk still has to answer the alarm.

import type { ChannelKind } from '../model/channel.ts'
import { HubError } from '../model/error.ts'
import { type IncidentState, OPEN_STATES } from '../model/incident.ts'
import type { Clock } from '../model/time.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import { moveDelivery, openDeliveryTo, withdrawFromContacts } from '../records/deliveries.ts'
import { appendTimeline } from '../records/entries.ts'
import { familyAlarm, goingOf } from '../records/family.ts'
import { stopTelling } from '../records/tellings.ts'

export type Goer = {
  incidentId: string
  contact: { id: string; name: string }
  /** The message that they answer, and by what it came; none when they answer without one. */
  delivery: { id: string; channel: ChannelKind } | null
}

/** Notes it, in the caller's transaction; nudge `feed` once that is committed. */
export async function noteGoing(tx: Tx, { incidentId, contact, delivery }: Goer, at: number): Promise<void> {
  await stopTelling(tx, { incidentId, at })
  await withdrawFromContacts(tx, { incidentId, reason: 'somebody_goes', at })
  const by = delivery ? { deliveryId: delivery.id, channel: delivery.channel } : { channel: 'page' }
  const detail = { contactId: contact.id, name: contact.name, ...by }
  await appendTimeline(tx, [{ incidentId, kind: 'contact_going', at, detail }])
}

/** `since`: when they said so of what happened last. */
export type Gone = { ok: true; since: number } | { ok: false; state: IncidentState }

/**
 * A family says on its page that it goes. Said twice of one alert it is one; a new alert asks anew. An alarm that is
 * over is refused. @throws HubError NOT_FOUND for an alarm of somebody whom the account does not look after.
 */
export async function goByAccount(
  { records, clock }: { records: Records; clock: Clock },
  { userId, alarmId }: { userId: string; alarmId: string },
): Promise<Gone> {
  const at = clock.now()
  let isNew = false
  const gone = await writeDesk(records, async (tx): Promise<Gone> => {
    const found = await familyAlarm(tx, { userId, alarmId })
    if (!found) throw new HubError('NOT_FOUND', `there is no alarm ${alarmId}`)
    const { incident, elder } = found
    const { contact } = elder
    if (!OPEN_STATES.some(state => state === incident.state)) return { ok: false, state: incident.state }
    // Before the ladder has begun there is nothing to stop: then others are told as well, which harms nobody.
    const said = await goingOf(tx, { incident, contactId: contact.id })
    if (said !== null) return { ok: true, since: said }
    const delivery = await openDeliveryTo(tx, { incidentId: alarmId, recipientId: contact.id })
    if (delivery) {
      const change = { acceptedAt: at, enqueueAt: null, reason: null }
      await moveDelivery(tx, { id: delivery.id, state: 'accepted', change })
    }
    const by = delivery && { id: delivery.id, channel: delivery.channelKind }
    await noteGoing(tx, { incidentId: alarmId, contact, delivery: by ?? null }, at)
    isNew = true
    return { ok: true, since: at }
  })
  if (isNew) records.nudge.publish('feed')
  return gone
}

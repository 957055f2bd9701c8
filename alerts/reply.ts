// A contact answers "I'm going": looked at by whoever opens the link, done by who presses its button, once. It stops
// only the contacts' ladder; the desk still has to answer the alarm.

import type { Language } from '../model/channel.ts'
import { OPEN_STATES } from '../model/incident.ts'
import type { Clock } from '../model/time.ts'
import { type Incident, incidentInScope } from '../records/casework.ts'
import { getContact } from '../records/contacts.ts'
import { type Db, type Records, writeDesk } from '../records/db.ts'
import { type DeliveryRow, deliveryByCode, moveDelivery } from '../records/deliveries.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { noteGoing } from './going.ts'
import { toldOf } from './notify-message.ts'
import { codeIn, isSigned } from './reply-link.ts'
import { alarmWords } from './templates/alarm.ts'

/** `over`: somebody has taken care of it. `unknown`: no such link, or not one of ours. */
export const REPLY_STATES = ['open', 'unknown', 'expired', 'used', 'over'] as const
export type ReplyState = (typeof REPLY_STATES)[number]

export type Reply = {
  state: ReplyState
  language: Language
  /** What the page says happened; empty when the link does not hold: it is for whoever was meant. */
  title: string
}

type Desk = { records: Records; clock: Clock; key: string }

/** What a link is about. Changes nothing: messengers open links by themselves. */
export async function lookAtReply({ records, clock, key }: Desk, token: string): Promise<Reply> {
  const { reply, incident } = await find(records.feed, { token, key, now: clock.now() })
  if (reply.state !== 'open' || !incident) return reply
  const { title } = alarmWords(await toldOf(records.feed, incident, reply.language), { link: null })
  return { ...reply, title }
}

/** "I'm going", whatever is to be said of the alarm. The answer is what it was before: `open` means that it is accepted. */
export async function acceptReply({ records, clock, key }: Desk, token: string): Promise<Reply> {
  const now = clock.now()
  const reply = await writeDesk(records, async (tx): Promise<Reply> => {
    const found = await find(tx, { token, key, now })
    if (found.reply.state !== 'open' || !found.delivery) return found.reply
    const { id, incidentId, recipientId, recipientName, channelKind: channel } = found.delivery
    const change = { acceptedAt: now, enqueueAt: null, reason: null }
    if (!(await moveDelivery(tx, { id, state: 'accepted', change }))) return { ...found.reply, state: 'used' }
    const contact = { id: recipientId, name: recipientName }
    await noteGoing(tx, { incidentId, contact, delivery: { id, channel } }, now)
    return found.reply
  })
  if (reply.state === 'open') records.nudge.publish('feed')
  return reply
}

type Found = { reply: Reply; delivery?: DeliveryRow; incident?: Incident | undefined }

async function find(
  db: Db,
  { token, key, now }: { token: string; key: string; now: number },
): Promise<Found> {
  const code = codeIn(token)
  const delivery = code === undefined ? undefined : await deliveryByCode(db, code)
  const codeUntil = delivery?.codeUntil ?? null
  if (!code || !delivery || codeUntil === null || !isSigned(key, { token, code }))
    return { reply: { state: 'unknown', language: 'zh', title: '' } }
  const contact = await getContact(db, { scope: WHOLE_HUB, id: delivery.recipientId })
  const language = contact?.language ?? 'zh'
  const incident = await incidentInScope(db, { id: delivery.incidentId, scope: WHOLE_HUB })
  const state = stateOf(delivery, { incident, isKnown: contact !== undefined, now })
  return { reply: { state, language, title: '' }, delivery, incident }
}

function stateOf(
  { acceptedAt, codeUntil }: DeliveryRow,
  { incident, isKnown, now }: { incident: Incident | undefined; isKnown: boolean; now: number },
): ReplyState {
  if (acceptedAt !== null) return 'used'
  if (!isKnown || codeUntil === null || now >= codeUntil) return 'expired'
  return incident && OPEN_STATES.some(state => state === incident.state) ? 'open' : 'over'
}

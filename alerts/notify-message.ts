// The message of a delivery row, made when it leaves: of the alarm as it is then, in the receiver's language. What is not
// needed any more, or goes to nobody, is refused by name.

import type { Language } from '../model/channel.ts'
import type { Explained } from '../model/explain.ts'
import { OPEN_STATES } from '../model/incident.ts'
import { type Location, locationSchema } from '../model/telemetry.ts'
import { epochMs } from '../model/units.ts'
import { type Incident, incidentInScope } from '../records/casework.ts'
import { isWithdrawn } from '../records/consents.ts'
import { getContact } from '../records/contacts.ts'
import type { Db } from '../records/db.ts'
import type { DeliveryRow } from '../records/deliveries.ts'
import { lastFinding } from '../records/entries.ts'
import { subscriptionsOf } from '../records/push-subscriptions.ts'
import { personTold } from '../records/reach.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import type { Message } from './channels/channel.ts'
import type { ReplyLinks } from './reply-link.ts'
import { alarmWords, type Told, type Words, waitingWords } from './templates/alarm.ts'

/** Staff and groups are written to in this language: accounts have none of their own. */
const DESK_LANGUAGE: Language = 'zh'

/** Why nothing is sent. `over`: the alarm is. */
export type NotSent = 'over' | 'recipient_gone' | 'no_address'

/** One message for each address of the receiver: who has several browsers is told on all. */
export type Written = { messages: readonly Message[] } | { refused: NotSent }

export async function writeMessage(
  db: Db,
  delivery: DeliveryRow,
  { links, now }: { links: ReplyLinks; now: number },
): Promise<Written> {
  const [incident, receiver] = await Promise.all([
    incidentInScope(db, { id: delivery.incidentId, scope: WHOLE_HUB }),
    receiverOf(db, delivery),
  ])
  if (!incident || !OPEN_STATES.some(state => state === incident.state)) return { refused: 'over' }
  if (receiver === undefined) return { refused: 'recipient_gone' }
  if (receiver.addresses.length === 0) return { refused: 'no_address' }
  const [whole, isWithheld] = await Promise.all([
    toldOf(db, incident, receiver.language),
    isPlaceWithheld(db, { incident, delivery }),
  ])
  const told = isWithheld ? withoutPlace(whole) : whole
  const link = delivery.recipientType === 'contact' ? links.of(delivery) : null
  const words = wordsFor(delivery, { told, link, waitedMs: Math.max(0, now - incident.alertedAt) })
  return {
    messages: receiver.addresses.map(to => ({
      ...words,
      to,
      key: keyOf(delivery),
      urgent: delivery.urgent === 1,
    })),
  }
}

/** The elder does not want family to know where they are: they are told that something happened, and whom to ask. */
async function isPlaceWithheld(
  db: Db,
  {
    incident: { subjectType, subjectId },
    delivery,
  }: { incident: Incident; delivery: Pick<DeliveryRow, 'recipientType'> },
): Promise<boolean> {
  if (delivery.recipientType !== 'contact' || subjectType !== 'resident') return false
  return isWithdrawn(db, { residentId: subjectId, purpose: 'family_sharing' })
}

/** What a zone is called says where they are. */
const withoutPlace = ({ location: _, resident, finding, ...told }: Told): Told => ({
  ...told,
  finding: { ...finding, evidence: { ...finding.evidence, zoneName: undefined } },
  resident: resident && { ...resident, address: null },
  isPlaceWithheld: true,
})

/** The same for every try of one sending: whoever gets it twice knows it again. */
export const keyOf = ({ id, sending }: Pick<DeliveryRow, 'id' | 'sending'>): string => `${id}.${sending}`

function wordsFor(
  { recipientType }: DeliveryRow,
  { told, link, waitedMs }: { told: Told; link: string | null; waitedMs: number },
): Words {
  if (recipientType === 'contact') return alarmWords(told, { link })
  return waitingWords(told, { waitedMs, link: null })
}

type Receiver = { addresses: readonly string[]; language: Language }

async function receiverOf(db: Db, delivery: DeliveryRow): Promise<Receiver | undefined> {
  const { recipientType, recipientId, channelKind, channelId } = delivery
  if (recipientType === 'channel') return { addresses: [''], language: DESK_LANGUAGE }
  if (recipientType === 'user')
    return { addresses: await browsersOf(db, recipientId, channelId), language: DESK_LANGUAGE }
  const contact = await getContact(db, { scope: WHOLE_HUB, id: recipientId })
  if (!contact) return undefined
  const { language, phone, email, userId } = contact
  if (channelKind === 'smtp') return { addresses: email === null ? [] : [email], language }
  if (channelKind === 'web_push')
    return { addresses: userId === null ? [] : await browsersOf(db, userId, channelId), language }
  return { addresses: phone.trim() === '' ? [] : [phone], language }
}

const browsersOf = async (db: Db, userId: string, channelId: string): Promise<string[]> =>
  (await subscriptionsOf(db, { userId, channelId })).map(({ subscription }) => subscription)

/** What the newest finding says that alerted; of an alarm that has none any more, its kind alone. */
export async function toldOf(db: Db, incident: Incident, language: Language): Promise<Told> {
  const { subjectType, subjectId, kind, raisedAt } = incident
  const resident = subjectType === 'resident' ? await personTold(db, subjectId) : undefined
  const detail = (await lastFinding(db, { incidentId: incident.id, kind })) ?? {}
  const finding: Explained = { kind, evidence: (detail.evidence as Explained['evidence']) ?? {} }
  const at = epochMs(typeof detail.at === 'number' ? detail.at : raisedAt)
  return { resident: resident ?? null, finding, at, location: locationIn(detail.evidence), language }
}

/** Evidence has it in WGS-84 degrees, with `accuracyM` and `source` where the device gave them. */
export function locationIn(evidence: unknown): Location | undefined {
  const { position } = (evidence ?? {}) as { position?: Record<string, unknown> }
  if (position === undefined) return undefined
  const { lat, lon, accuracyM: acc, source: src } = position
  return locationSchema.safeParse({ lat, lon, acc, src, datum: 'wgs84' }).data
}

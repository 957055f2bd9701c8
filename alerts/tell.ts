// What a step of the escalation tells outside of the desk: delivery rows, written in the transaction that takes the step.
// What cannot be told is said by name on the timeline; nothing is sent from here.

import { newId, newSecret } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import type { Incident } from '../records/casework.ts'
import type { Tx } from '../records/db.ts'
import {
  addDeliveries,
  contactDeliveries,
  type DeliveryRow,
  type NewDelivery,
} from '../records/deliveries.ts'
import type { NewEntry } from '../records/entries.ts'
import { keepTelling, type Telling, tellingOf, untoldContacts } from '../records/tellings.ts'
import { isAnswered, type NextStep } from './escalate.ts'
import { chooseContacts, isOwnAddress, type Reachable, type Way } from './recipients.ts'
import type { Ground } from './tell-ground.ts'
import { tellSafely } from './tell-safely.ts'

/** A contact who is told late still knows what to do; one who finds the message tomorrow does not. */
export const LINK_MS = 12 * 3_600_000
const CODE_LENGTH = 12

export type TakenStep = Pick<NextStep, 'step' | 'audience' | 'contacts' | 'because'>

type Told = { telling: Telling; entries: NewEntry[] }
type Given = { incident: Incident; step: TakenStep; ground: Ground; now: number; log: Log | undefined }

/**
 * Writes what a step tells. Called with each step once, in its transaction; the entries go on the timeline with it.
 * A round begins with each alert and with each step that is taken again: within one, nobody is told the same twice.
 */
export async function tellStep(tx: Tx, given: Given): Promise<Told> {
  const { incident, step } = given
  const telling = nextTelling(await tellingOf(tx, incident.id), incident, step)
  await keepTelling(tx, telling)
  await addDeliveries(tx, [
    ...(await toStaff({ ...given, telling })),
    ...(await toChannels({ ...given, telling })),
  ])
  return { telling, entries: await tellSafely(tx, given, () => tellContacts(tx, { ...given, telling })) }
}

function nextTelling(
  before: Telling | undefined,
  { id: incidentId, alertedAt }: Incident,
  { step }: TakenStep,
): Telling {
  const round = before?.round ?? 0
  if (!before || before.alertedAt !== alertedAt)
    return { incidentId, alertedAt, round: round + 1, step, clockAt: null, stoppedAt: null }
  return { ...before, round: step <= before.step ? round + 1 : round, step }
}

type InRound = Given & { telling: Telling }

async function tellContacts(tx: Tx, given: InRound): Promise<NewEntry[]> {
  const { incident, step, ground, now, telling } = given
  // An alert to somebody who has the alarm is theirs to acknowledge: family is told when they do not.
  const isOwners = step.step === 0 && incident.ownerId !== null
  if (step.contacts === 'none' || telling.stoppedAt !== null || isOwners) return []
  const contacts = await ground.contacts(incident, now)
  if (contacts.length === 0) return []
  const { told, unreachable } = chooseContacts(contacts, step.contacts, await triedIn(tx, telling))
  const place = { incident, step: step.step, round: telling.round, now }
  await addDeliveries(
    tx,
    told.flatMap(one => rowsFor(one, place)),
  )
  return unreachableEntries(tx, { incident, unreachable, now })
}

async function triedIn(tx: Tx, { incidentId, round }: Telling): Promise<Set<string>> {
  const rows = await contactDeliveries(tx, { incidentId, round })
  return new Set(rows.map(({ recipientId }) => recipientId))
}

/** Said once an alarm: the step that is repeated for hours would fill its timeline. */
async function unreachableEntries(
  tx: Tx,
  { incident, unreachable, now }: { incident: Incident; unreachable: readonly Reachable[]; now: number },
): Promise<NewEntry[]> {
  if (unreachable.length === 0) return []
  const said = await untoldContacts(tx, incident.id)
  return unreachable
    .filter(({ contact }) => !said.has(contact.id))
    .map(({ contact: { id, name } }) => ({
      incidentId: incident.id,
      kind: 'untold' as const,
      at: now,
      detail: { reason: 'no_channel', recipient: { type: 'contact', id, name } },
    }))
}

type Place = { incident: Incident; step: number; round: number; now: number }

const rowsFor = ({ contact, ways }: Reachable, place: Place): NewDelivery[] =>
  ways.map(way => ({
    ...newRow(place, way, { type: 'contact', id: contact.id, name: contact.name }),
    code: newSecret().slice(0, CODE_LENGTH),
    codeUntil: place.now + LINK_MS,
  }))

async function toStaff({ incident, step, ground, now, telling }: InRound): Promise<NewDelivery[]> {
  const staff = await ground.staff(step.audience, incident.areaId)
  const place = { incident, step: step.step, round: telling.round, now }
  return staff.map(({ userId, name, channelId }) =>
    newRow(place, { id: channelId, kind: 'web_push' }, { type: 'user', id: userId, name }),
  )
}

/** A group of staff, or another system: told of every step, and they know themselves what it means for them. */
async function toChannels({ incident, step, ground, now, telling }: InRound): Promise<NewDelivery[]> {
  const ways = (await ground.ways(incident.areaId)).filter(isOwnAddress)
  const place = { incident, step: step.step, round: telling.round, now }
  return ways.map(way => newRow(place, way, { type: 'channel', id: way.id, name: way.kind }))
}

/** What may not wait behind anything: the red key, a fall, and whatever else is critical. */
const isUrgent = ({ class: cls, severity }: Incident): boolean =>
  cls === 'emergency' && severity === 'critical'

function newRow(
  { incident, step, round, now }: Place,
  way: Way,
  recipient: { type: DeliveryRow['recipientType']; id: string; name: string },
): NewDelivery {
  return {
    id: newId('dlv'),
    incidentId: incident.id,
    round,
    step,
    recipientType: recipient.type,
    recipientId: recipient.id,
    recipientName: recipient.name,
    channelId: way.id,
    channelKind: way.kind,
    urgent: Number(isUrgent(incident)),
    state: 'queued',
    reason: null,
    attempts: 0,
    sending: 1,
    enqueueAt: now,
    enqueued: 0,
    providerId: null,
    code: null,
    codeUntil: null,
    queuedAt: now,
    triedAt: null,
    sentAt: null,
    deliveredAt: null,
    seenAt: null,
    acceptedAt: null,
    failedAt: null,
  }
}

/**
 * A message to a contact has failed for good: the next one is tried at once, unless another message still is on its way
 * to them, somebody answers the alarm, or a contact goes there. When nobody is left, that is said.
 */
export const tellNextContact = (tx: Tx, given: Failed): Promise<NewEntry[]> =>
  tellSafely(tx, given, () => tellNext(tx, given))

type Failed = Omit<Given, 'step'> & { failed: DeliveryRow }

async function tellNext(tx: Tx, { incident, failed, ground, now }: Failed): Promise<NewEntry[]> {
  const telling = await tellingOf(tx, incident.id)
  if (!telling || telling.stoppedAt !== null || telling.round !== failed.round || isAnswered(incident))
    return []
  const rows = await contactDeliveries(tx, telling)
  const hopeful = rows.filter(({ state }) => state !== 'failed')
  if (hopeful.some(({ recipientId }) => recipientId === failed.recipientId)) return []
  const tried = new Set(rows.map(({ recipientId }) => recipientId))
  const contacts = await ground.contacts(incident, now)
  const left = contacts.filter(({ contact }) => !tried.has(contact.id))
  const { told, unreachable } = chooseContacts(left, 'first', tried)
  const place = { incident, step: failed.step, round: failed.round, now }
  await addDeliveries(
    tx,
    told.flatMap(one => rowsFor(one, place)),
  )
  const entries = await unreachableEntries(tx, { incident, unreachable, now })
  if (told.length > 0 || hopeful.length > 0) return entries
  const detail = { reason: 'nobody_left', round: failed.round, step: failed.step }
  return [...entries, { incidentId: incident.id, kind: 'untold', at: now, detail }]
}

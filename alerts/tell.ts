// What a step of the escalation tells outside of the desk (pure): delivery rows, written with the step.
// What cannot be told is said by name on the timeline; nothing is sent from here.

import { newId, newSecret } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import type { Incident } from '../records/casework.ts'
import type { DeliveryRow, NewDelivery } from '../records/deliveries.ts'
import type { NewEntry } from '../records/entries.ts'
import type { Telling } from '../records/tellings.ts'
import { isAnswered, type NextStep } from './escalate.ts'
import { chooseContacts, isOwnAddress, type PassedOver, type Reachable, type Way } from './recipients.ts'
import type { TellDesk } from './tell-desk.ts'
import { tellSafely } from './tell-safely.ts'

/** A contact who is told late still knows what to do; one who finds the message tomorrow does not. */
export const LINK_MS = 12 * 3_600_000
const CODE_LENGTH = 12

export type TakenStep = Pick<NextStep, 'step' | 'audience' | 'contacts' | 'because'>

/** `refused`: the database does not take what the contacts were to be sent; it is done without them. */
export type At = { now: number; log: Log | undefined; refused?: unknown }
type Given = At & { incident: Incident; step: TakenStep }

/**
 * Writes on the desk what a step tells, and returns what goes on the timeline. Called with each step once. A round begins
 * with each alert and with each step that is taken again: within one, nobody is told the same twice.
 */
export function tellStep(desk: TellDesk, given: Given): NewEntry[] {
  const { incident, step } = given
  const telling = nextTelling(desk.tellingOf(incident.id), incident, step)
  desk.keep(telling)
  const inRound = { ...given, telling }
  desk.add([...toStaff(desk, inRound), ...toChannels(desk, inRound)])
  return tellSafely(given, () => tellContacts(desk, inRound))
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

function tellContacts(desk: TellDesk, { incident, step, now, telling }: InRound): NewEntry[] {
  // An alert to somebody who has the alarm is theirs to acknowledge: family is told when they do not.
  const isOwners = step.step === 0 && incident.ownerId !== null
  if (step.contacts === 'none' || telling.stoppedAt !== null || isOwners) return []
  const contacts = desk.ground.contacts(incident, now)
  if (contacts.length === 0) return noContactsEntries(desk, { incident, now })
  const tried = new Set(desk.toContacts(telling).map(({ recipientId }) => recipientId))
  const { told, passed } = chooseContacts(contacts, step.contacts, tried)
  const place = { incident, step: step.step, round: telling.round, now }
  desk.add(told.flatMap(one => rowsFor(one, place)))
  return passedOverEntries(desk, { incident, passed, now })
}

/** Whoever sits at the desk counts on family who are told, unless it says that there are none. Said once an alarm. */
function noContactsEntries(
  desk: TellDesk,
  { incident: { id: incidentId, subjectType }, now }: { incident: Incident; now: number },
): NewEntry[] {
  const reason = 'no_contacts'
  if (subjectType !== 'resident' || desk.isSaid(incidentId, { contactId: null, reason })) return []
  return [{ incidentId, kind: 'untold', at: now, detail: { reason } }]
}

/** Said once an alarm: the step that is repeated for hours would fill its timeline. */
function passedOverEntries(
  desk: TellDesk,
  { incident, passed, now }: { incident: Incident; passed: readonly PassedOver[]; now: number },
): NewEntry[] {
  return passed
    .filter(({ contact, reason }) => !desk.isSaid(incident.id, { contactId: contact.id, reason }))
    .map(({ contact: { id, name }, reason }) => ({
      incidentId: incident.id,
      kind: 'untold' as const,
      at: now,
      detail: { reason, recipient: { type: 'contact', id, name } },
    }))
}

type Place = { incident: Incident; step: number; round: number; now: number }

const rowsFor = ({ contact, ways }: Reachable, place: Place): NewDelivery[] =>
  ways.map(way => ({
    ...newRow(place, way, { type: 'contact', id: contact.id, name: contact.name }),
    code: newSecret().slice(0, CODE_LENGTH),
    codeUntil: place.now + LINK_MS,
  }))

function toStaff({ ground }: TellDesk, { incident, step, now, telling }: InRound): NewDelivery[] {
  const staff = ground.staff(step.audience, incident.areaId)
  const place = { incident, step: step.step, round: telling.round, now }
  return staff.map(({ userId, name, channelId }) =>
    newRow(place, { id: channelId, kind: 'web_push' }, { type: 'user', id: userId, name }),
  )
}

/** A group of staff, or another system: told of every step, and they know themselves what it means for them. */
function toChannels({ ground }: TellDesk, { incident, step, now, telling }: InRound): NewDelivery[] {
  const ways = ground.ways(incident.areaId).filter(isOwnAddress)
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
    heldUntil: null,
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
export const tellNextContact = (desk: TellDesk, given: Failed): NewEntry[] =>
  tellSafely(given, () => tellNext(desk, given))

type Failed = At & { incident: Incident; failed: DeliveryRow }

function tellNext(desk: TellDesk, { incident, failed, now }: Failed): NewEntry[] {
  const telling = desk.tellingOf(incident.id)
  if (!telling || telling.stoppedAt !== null || telling.round !== failed.round || isAnswered(incident))
    return []
  const rows = desk.toContacts(telling)
  const hopeful = rows.filter(({ state }) => state !== 'failed')
  if (hopeful.some(({ recipientId }) => recipientId === failed.recipientId)) return []
  const tried = new Set(rows.map(({ recipientId }) => recipientId))
  const left = desk.ground.contacts(incident, now).filter(({ contact }) => !tried.has(contact.id))
  const { told, passed } = chooseContacts(left, 'first', tried)
  desk.add(told.flatMap(one => rowsFor(one, { incident, step: failed.step, round: failed.round, now })))
  const entries = passedOverEntries(desk, { incident, passed, now })
  if (told.length > 0 || hopeful.length > 0) return entries
  const detail = { reason: 'nobody_left', round: failed.round, step: failed.step }
  return [...entries, { incidentId: incident.id, kind: 'untold', at: now, detail }]
}

// Whom a step tells outside of the desk (pure): contacts in calling order, by whether they can be called now and by
// which ways they can be reached at all.

import type { ChannelKind } from '../model/channel.ts'
import type { ContactsTold } from '../model/ladder.ts'
import type { Contact } from '../model/resident.ts'
import { epochMs } from '../model/units.ts'
import { holdsAt } from '../workers/rules/schedule.ts'

/** A channel that serves an area. */
export type Way = { id: string; kind: ChannelKind }

/** A contact as they can be told: no ways means that the hub cannot. */
export type Reachable = { contact: Contact; isAvailable: boolean; ways: readonly Way[] }

/** The kinds that need an address of the receiver; the others are an address themselves. */
const ADDRESSED: ReadonlySet<ChannelKind> = new Set(['aliyun_sms', 'smtp', 'web_push'])

/** Channels that tell whoever stands behind them, such as a group of staff. */
export const isOwnAddress = ({ kind }: Way): boolean => !ADDRESSED.has(kind)

/**
 * How a contact can be told now. `ways` are of the elder's area, the nearest first; `pushes` are the channels by which
 * the contact's account has a browser.
 */
export function reachable(
  contact: Contact,
  {
    ways,
    pushes,
    now,
    timeZone,
  }: { ways: readonly Way[]; pushes: readonly string[]; now: number; timeZone: string },
): Reachable {
  const usable = ways.filter(way => hasAddress(contact, way, pushes))
  // One message of a kind: the nearest channel that has it.
  const nearest = usable.filter((way, place) => usable.findIndex(({ kind }) => kind === way.kind) === place)
  const hours = { schedule: contact.availability, timeZone: null }
  return { contact, isAvailable: holdsAt(hours, epochMs(now), timeZone), ways: nearest }
}

function hasAddress(contact: Contact, { id, kind }: Way, pushes: readonly string[]): boolean {
  switch (kind) {
    case 'aliyun_sms':
      return contact.phone.trim() !== ''
    case 'smtp':
      return contact.email !== null
    case 'web_push':
      return pushes.includes(id)
    default:
      return false
  }
}

/** `passed` were to be told, and are not: that is said by name. */
export type Chosen = { told: readonly Reachable[]; passed: readonly PassedOver[] }
/** `no_channel`: the hub has no way to them. `not_available`: by the hours that are kept of them; others are told. */
export type PassedOver = { contact: Contact; reason: 'no_channel' | 'not_available' }

/**
 * Chooses among contacts in calling order. `first` and `next` go by availability — where nobody is available, somebody
 * is called all the same — and pass over whom the hub cannot reach; `all` is everybody. `tried`: contacts that have been
 * told in this round.
 */
export function chooseContacts(
  contacts: readonly Reachable[],
  told: ContactsTold,
  tried: ReadonlySet<string>,
): Chosen {
  const canBeTold = contacts.filter(({ ways }) => ways.length > 0)
  if (told === 'none') return { told: [], passed: [] }
  if (told === 'all') return { told: canBeTold, passed: passedOver(contacts.filter(hasNoWay), undefined) }
  const asked = told === 'first' ? contacts : contacts.filter(({ contact }) => !tried.has(contact.id))
  const one = firstOf(asked) ?? (told === 'next' ? firstOf(contacts) : undefined)
  return { told: one ? [one] : [], passed: passedOver(asked, one) }
}

const hasNoWay = ({ ways }: Reachable): boolean => ways.length === 0

const firstOf = (contacts: readonly Reachable[]): Reachable | undefined => {
  const canBeTold = contacts.filter(({ ways }) => ways.length > 0)
  return canBeTold.find(({ isAvailable }) => isAvailable) ?? canBeTold[0]
}

/** Those whose turn it was before. */
function passedOver(contacts: readonly Reachable[], one: Reachable | undefined): PassedOver[] {
  const until = one ? contacts.indexOf(one) : contacts.length
  return contacts
    .slice(0, Math.max(0, until))
    .map(({ contact, ways }) => ({ contact, reason: ways.length === 0 ? 'no_channel' : 'not_available' }))
}

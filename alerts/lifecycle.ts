// What may be done with an incident, by whom, and what it is then (pure): the table of docs/alarms.md.
// A finding that joins and an escalation step change no state and are not listed.

import {
  type Action,
  type IncidentClass,
  type IncidentState,
  OPEN_STATES,
  type Work,
} from '../model/incident.ts'
import type { Role } from '../model/user.ts'

/**
 * What the hub does: an owner's lease lapses, a technical condition ends, an area is heard again, the last who was sent
 * is not coming.
 */
export const HUB_ACTIONS = ['lapse', 'condition_end', 'outage_end', 'nobody_comes'] as const

export type HubAction = (typeof HUB_ACTIONS)[number]

/** What is done with an alarm by way of something else: its owner's shift is taken. */
export type ByWay = 'shift'

/** Everything that the table knows. */
export type Deed = Action | Work | ByWay | HubAction

/** A role, the incident's present owner whatever the role, or the hub itself. */
export type Who = 'operator' | 'supervisor' | 'responder' | 'owner' | 'hub'

export type Transition = {
  from: readonly IncidentState[]
  action: Deed
  to: IncidentState | 'same'
  who: readonly Who[]
  owner: 'actor' | 'nobody' | 'same'
  /** Only while nobody owns it. */
  unowned?: true
  /** Only incidents of this class. */
  class?: IncidentClass
}

const ON_IT = ['accepted', 'dispatched', 'arrived'] as const
const UNDER_WAY = ['dispatched', 'arrived'] as const
const DESK = ['operator', 'supervisor'] as const

// biome-ignore format: a table reads in columns
export const TRANSITIONS: readonly Transition[] = [
  { from: ['raised'],     action: 'accept',        to: 'accepted',   who: DESK,                    owner: 'actor', unowned: true },
  { from: UNDER_WAY,      action: 'accept',        to: 'same',       who: DESK,                    owner: 'actor', unowned: true },
  // Accepting again is no mistake: it acknowledges what has joined since.
  { from: ON_IT,          action: 'accept',        to: 'same',       who: ['owner'],               owner: 'same' },
  // What is raised belongs to nobody: to take it over is to accept it.
  { from: ['raised'],     action: 'takeover',      to: 'accepted',   who: ['supervisor'],          owner: 'actor' },
  { from: ON_IT,          action: 'takeover',      to: 'same',       who: ['supervisor'],          owner: 'actor' },
  { from: ['accepted'],   action: 'release',       to: 'raised',     who: ['owner'],               owner: 'nobody' },
  { from: UNDER_WAY,      action: 'release',       to: 'same',       who: ['owner'],               owner: 'nobody' },
  { from: ['accepted'],   action: 'lapse',         to: 'raised',     who: ['hub'],                 owner: 'nobody' },
  { from: UNDER_WAY,      action: 'lapse',         to: 'same',       who: ['hub'],                 owner: 'nobody' },
  { from: ['accepted'],   action: 'dispatch',      to: 'dispatched', who: ['owner'],               owner: 'same' },
  // One more is sent.
  { from: UNDER_WAY,      action: 'dispatch',      to: 'same',       who: ['owner'],               owner: 'same' },
  { from: ['dispatched'], action: 'nobody_comes',  to: 'raised',     who: ['hub'],                 owner: 'same', unowned: true },
  { from: ['dispatched'], action: 'nobody_comes',  to: 'accepted',   who: ['hub'],                 owner: 'same' },
  { from: ['dispatched'], action: 'arrive',        to: 'arrived',    who: ['owner', 'responder'],  owner: 'same' },
  { from: ON_IT,          action: 'resolve',       to: 'resolved',   who: ['owner', 'supervisor'], owner: 'same' },
  { from: ['resolved'],   action: 'reopen',        to: 'accepted',   who: DESK,                    owner: 'actor' },
  { from: ['resolved'],   action: 'close',         to: 'closed',     who: DESK,                    owner: 'same' },
  { from: OPEN_STATES,    action: 'note',          to: 'same',       who: ['owner'],               owner: 'same' },
  { from: ON_IT,          action: 'hand_over',     to: 'same',       who: ['owner'],               owner: 'same' },
  { from: ON_IT,          action: 'call',          to: 'same',       who: ['owner'],               owner: 'same' },
  // The follow-up that reached nobody is written down, too.
  { from: ['resolved'],   action: 'call',          to: 'same',       who: DESK,                    owner: 'same' },
  { from: ON_IT,          action: 'tick',          to: 'same',       who: ['owner'],               owner: 'same' },
  { from: ON_IT,          action: 'untick',        to: 'same',       who: ['owner'],               owner: 'same' },
  // Asked for by shift.ts alone, for an alarm that its owner hands on, or held when they handed it on.
  { from: ['raised'],     action: 'shift',         to: 'accepted',   who: DESK,                    owner: 'actor', unowned: true },
  { from: ON_IT,          action: 'shift',         to: 'same',       who: DESK,                    owner: 'actor' },
  { from: ['raised'],     action: 'condition_end', to: 'closed',     who: ['hub'],                 owner: 'same', class: 'technical' },
  // Asked for by outages.ts alone, for an alarm that is about nothing but the outage.
  { from: ['raised'],     action: 'outage_end',    to: 'closed',     who: ['hub'],                 owner: 'same', class: 'emergency' },
]

/** What the table looks at. */
export type Standing = { state: IncidentState; class: IncidentClass; ownerId: string | null }

export type Actor = { userId: string; role: Role }
export const HUB = 'hub'

/**
 * Why not. `role`: no account of this role may do it. `taken`: somebody else owns it. `state`: it cannot be
 * done with an incident that is as it is now.
 */
export type Refusal = 'role' | 'taken' | 'state'

export type Allowed = { state: IncidentState; ownerId: string | null }

/** What the incident becomes, or why not. */
export function transition(
  incident: Standing,
  action: Deed,
  actor: Actor | typeof HUB,
): Allowed | { refused: Refusal } {
  const rows = TRANSITIONS.filter(row => row.action === action)
  if (!rows.some(row => row.who.some(who => couldBe(who, actor)))) return { refused: 'role' }
  const here = rows.filter(row => row.from.includes(incident.state) && fits(row, incident.class))
  const row = here.find(row => isFree(row, incident) && row.who.some(who => is(who, actor, incident)))
  if (row)
    return { state: row.to === 'same' ? incident.state : row.to, ownerId: ownerAfter(row, incident, actor) }
  const isOthers = actor !== HUB && incident.ownerId !== null && incident.ownerId !== actor.userId
  return { refused: here.length > 0 && isOthers ? 'taken' : 'state' }
}

const fits = (row: Transition, cls: IncidentClass): boolean => row.class === undefined || row.class === cls
const isFree = (row: Transition, { ownerId }: Standing): boolean => !row.unowned || ownerId === null

/** An owner is always somebody of the desk. */
function couldBe(who: Who, actor: Actor | typeof HUB): boolean {
  if (actor === HUB || who === HUB) return who === actor
  const role = deskRole(actor.role)
  return who === 'owner' ? role === 'operator' || role === 'supervisor' : who === role
}

function is(who: Who, actor: Actor | typeof HUB, { ownerId }: Standing): boolean {
  if (who !== 'owner') return couldBe(who, actor)
  return actor !== HUB && actor.userId === ownerId
}

/** An administrator may do what a supervisor may. */
const deskRole = (role: Role): Role => (role === 'admin' ? 'supervisor' : role)

function ownerAfter(row: Transition, { ownerId }: Standing, actor: Actor | typeof HUB): string | null {
  if (row.owner === 'same') return ownerId
  return row.owner === 'actor' && actor !== HUB ? actor.userId : null
}

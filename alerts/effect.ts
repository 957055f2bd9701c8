// What an allowed action writes (pure): the columns that change, and the timeline entry that says so.

import type { RawBuilder } from 'kysely'
import { type Action, type Disposition, type EntryKind, OPEN_STATES, type Work } from '../model/incident.ts'
import type { Incident, IncidentChange } from '../records/casework.ts'
import type { NewEntry } from '../records/entries.ts'
import { closeIfOver } from './conditions.ts'
import { type EscalationClock, isAnswered, startClock } from './escalate.ts'
import type { Allowed } from './lifecycle.ts'

export type Deed = Step & { action: Action | Work; disposition: Disposition | null }

/** Somebody does something with an incident. */
export type Step = {
  /** User id of whoever does it. */
  by: string
  /** As it was read, and what the lifecycle allows it to become. */
  incident: Incident
  allowed: Allowed
  now: number
  /** The end of a lease that starts now, on the database's clock. */
  leaseUntil: RawBuilder<number>
}

/** Without an entry the action is allowed, and nothing happened that anybody would have to know. */
export type Effect = {
  change: IncidentChange
  entry: Entry | null
  /** The hub closes it because of that. */
  closed?: NewEntry
}
export type Entry = { kind: EntryKind; detail: Record<string, unknown> }

export const effectOf = (deed: Deed): Effect => EFFECTS[deed.action](deed)

const EFFECTS: Record<Action | Work, (deed: Deed) => Effect> = {
  accept: deed => (isMine(deed) ? acknowledge(deed) : own(deed, { kind: 'accepted', detail: {} })),
  takeover: deed =>
    isMine(deed)
      ? acknowledge(deed)
      : own(deed, { kind: 'taken_over', detail: { from: deed.incident.ownerId } }),
  release,
  dispatch: deed => progress(deed, 'dispatched'),
  arrive: deed => progress(deed, 'arrived'),
  note: deed => progress(deed, 'noted'),
  hand_over: deed => progress(deed, 'handed_over'),
  call: deed => progress(deed, 'called'),
  tick: deed => progress(deed, 'ticked'),
  untick: deed => progress(deed, 'unticked'),
  resolve: ({ allowed, disposition, now }) => ({
    change: { ...allowed, disposition, resolvedAt: now, leaseUntil: null, escalateAt: null },
    entry: { kind: 'resolved', detail: { disposition } },
  }),
  reopen(deed) {
    const { change, entry } = own(deed, { kind: 'reopened', detail: {} })
    return { change: { ...change, disposition: null, resolvedAt: null }, entry }
  },
  close: ({ allowed }) => ({ change: allowed, entry: { kind: 'closed', detail: {} } }),
}

const isMine = ({ incident, by }: Step): boolean => incident.ownerId === by

/** The owner says again that they are on it. Only after a re-alert is that news. */
function acknowledge(deed: Deed): Effect {
  if (isAnswered(deed.incident)) return { change: { leaseUntil: deed.leaseUntil }, entry: null }
  return own(deed, { kind: 'accepted', detail: { again: true } })
}

/** It is theirs from now on, and all that was alerted is answered. */
export function own({ incident, allowed, now, leaseUntil }: Step, entry: Entry): Effect {
  // However the clocks stand, this accept is after the alert that it answers.
  const acceptedAt = Math.max(now, incident.alertedAt)
  const clock = startClock({ ...incident, ...allowed, acceptedAt }, now)
  return { change: { ...allowed, acceptedAt, leaseUntil, ...clock }, entry }
}

/** Back in the queue, where it has waited since its alert; the ladder starts anew. */
function release({ incident, allowed, now }: Deed): Effect {
  const { change, closed } = disown(incident, { allowed, clock: released => startClock(released, now), now })
  return { change, entry: { kind: 'released', detail: {} }, ...(closed && { closed }) }
}

/** Nobody has it any more. What needs nobody either is closed at once: its conditions ended meanwhile. */
export function disown(
  incident: Incident,
  { allowed, clock, now }: { allowed: Allowed; clock: (unowned: Incident) => EscalationClock; now: number },
): Pick<Effect, 'change' | 'closed'> {
  const unowned = { ...allowed, acceptedAt: null, leaseUntil: null }
  const after = { ...incident, ...unowned }
  const closing = closeIfOver(after, now)
  if (!closing) return { change: { ...unowned, ...clock(after) } }
  return { change: { ...unowned, ...closing.change }, closed: closing.entry }
}

/** Something was done. It renews what its owner holds; it does not answer a re-alert, only an accept does. */
export function progress(deed: Step, kind: EntryKind): Effect {
  const { incident, allowed, now, leaseUntil } = deed
  // Of what is over, neither a lease nor a clock runs.
  if (!isOpen(allowed)) return { change: allowed, entry: { kind, detail: {} } }
  const lease = isMine(deed) ? { leaseUntil } : {}
  const clock = isAnswered(incident) ? startClock(incident, now) : {}
  return { change: { ...allowed, ...lease, ...clock }, entry: { kind, detail: {} } }
}

const isOpen = ({ state }: Allowed): boolean => OPEN_STATES.some(open => open === state)

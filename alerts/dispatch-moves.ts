// What may become of a dispatch, and by whom (pure): a literal table, as of the alarm itself.

import { type DispatchAction, type DispatchState, PENDING_DISPATCH } from '../model/dispatch.ts'
import type { EntryKind } from '../model/incident.ts'
import type { StoredDispatch } from '../records/dispatches.ts'

/** Whoever was sent, the owner of the alarm — who writes down what they hear — and the supervisor. */
export type Reporter = 'responder' | 'owner' | 'supervisor'

export type DispatchMove = {
  from: readonly DispatchState[]
  action: DispatchAction
  to: DispatchState
  who: readonly Reporter[]
  /** What the timeline calls it, and where its time is kept. */
  entry: EntryKind
  time: keyof Pick<StoredDispatch, 'acceptedAt' | 'declinedAt' | 'onTheWayAt' | 'arrivedAt' | 'calledOffAt'>
}

const BOTH = ['responder', 'owner'] as const
const CALLERS = ['owner', 'supervisor'] as const

// biome-ignore format: a table reads in columns
export const DISPATCH_MOVES: readonly DispatchMove[] = [
  { from: ['asked'],             action: 'accept',     to: 'accepted',   who: BOTH,    entry: 'dispatch_accepted', time: 'acceptedAt' },
  // Also on the way: a bicycle breaks.
  { from: PENDING_DISPATCH,      action: 'decline',    to: 'declined',   who: BOTH,    entry: 'dispatch_declined', time: 'declinedAt' },
  { from: ['asked', 'accepted'], action: 'on_the_way', to: 'on_the_way', who: BOTH,    entry: 'on_the_way',        time: 'onTheWayAt' },
  { from: PENDING_DISPATCH,      action: 'arrive',     to: 'arrived',    who: BOTH,    entry: 'arrived',           time: 'arrivedAt' },
  { from: PENDING_DISPATCH,      action: 'call_off',   to: 'called_off', who: CALLERS, entry: 'called_off',        time: 'calledOffAt' },
]

/** `same`: it is so already, and a report that comes twice over a bad line is no mistake. */
export function moveOf(
  state: DispatchState,
  action: DispatchAction,
  who: readonly Reporter[],
): DispatchMove | 'same' | { refused: 'role' | 'state' } {
  const moves = DISPATCH_MOVES.filter(move => move.action === action)
  const allowed = moves.filter(move => move.who.some(may => who.includes(may)))
  if (allowed.length === 0) return { refused: 'role' }
  if (allowed.some(({ to }) => to === state)) return 'same'
  return allowed.find(({ from }) => from.includes(state)) ?? { refused: 'state' }
}

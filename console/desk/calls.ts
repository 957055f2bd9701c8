// Telephone calls as this desk shows them. A pure reducer beside the board: the hub tells those that go on anew on
// every connection, and whatever becomes of them.

import type { SeenCall } from '../../model/call.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { DeskEvent } from './desk.ts'

export type Calls = {
  shown: ReadonlyMap<string, SeenCall>
  /** Put away by this desk: what becomes of them is not shown any more. */
  dismissed: ReadonlySet<string>
}

export const NO_CALLS: Calls = { shown: new Map(), dismissed: new Set() }

/** As many dismissed ones are remembered. */
const DISMISSED_KEPT = 200

export function callsAfter(calls: Calls, event: DeskEvent): Calls {
  switch (event.type) {
    case 'message':
      return event.message.type === 'call' ? withCall(calls, event.message) : calls
    case 'callTaken':
      return withCall(calls, event.seen)
    case 'callDismissed':
      return dismissed(calls, event.id)
    case 'link':
      return event.link.state === 'live' ? withoutRunning(calls) : calls
    default:
      return calls
  }
}

const isOver = ({ call }: SeenCall): boolean => call.state === 'ended' || call.state === 'missed'

function withCall(calls: Calls, seen: SeenCall): Calls {
  const { id } = seen.call
  if (calls.dismissed.has(id)) return calls
  // One that was never shown and is over has nothing to say, unless nobody answered it.
  if (seen.call.state === 'ended' && !calls.shown.has(id)) return calls
  const { call, candidates } = seen
  return { ...calls, shown: new Map(calls.shown).set(id, { call, candidates }) }
}

/** What goes on follows the greeting. */
function withoutRunning(calls: Calls): Calls {
  const over = [...calls.shown].filter(([, seen]) => isOver(seen))
  return over.length === calls.shown.size ? calls : { ...calls, shown: new Map(over) }
}

function dismissed(calls: Calls, id: string): Calls {
  const shown = new Map(calls.shown)
  shown.delete(id)
  const kept = [...calls.dismissed, id].slice(-DISMISSED_KEPT)
  return { shown, dismissed: new Set(kept) }
}

/**
 * The calls that pop up at the desk of `myId`, the most pressing first: what rings, then what I speak on, then what I
 * missed or have ended. What somebody else has answered is theirs.
 */
export function poppedUp({ shown }: Calls, myId: string): SeenCall[] {
  return [...shown.values()]
    .filter(({ call }) => call.owner === undefined || call.owner.id === myId)
    .filter(seen => !(seen.call.state === 'ended' && seen.call.owner === undefined))
    .sort((a, b) => PRESSING[a.call.state] - PRESSING[b.call.state] || a.call.startedAt - b.call.startedAt)
}

const PRESSING = { ringing: 0, answered: 1, missed: 2, ended: 3 } as const

export type CallMessage = Extract<FeedMessage, { type: 'call' }>

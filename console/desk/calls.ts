// Telephone calls as this desk shows them. A pure reducer beside the board: the hub tells those that go on anew on
// every connection, and whatever becomes of them.

import type { Call, SeenCall } from '../../model/call.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { DeskEvent } from './desk.ts'

export type Calls = {
  shown: ReadonlyMap<string, SeenCall>
  /** Put away by this desk, and as what: what becomes of them is not shown any more, but that nobody answered. */
  dismissed: ReadonlyMap<string, Call['state']>
}

export const NO_CALLS: Calls = { shown: new Map(), dismissed: new Map() }

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
  if (staysAway(calls.dismissed.get(id), seen.call.state)) return calls
  // One that was never shown and is over has nothing to say, unless nobody answered it.
  if (seen.call.state === 'ended' && !calls.shown.has(id)) return calls
  const { call, candidates } = seen
  return { ...calls, shown: new Map(calls.shown).set(id, { call, candidates }) }
}

/** Somebody who put away what rang has not said that they know nobody answered it. */
const staysAway = (putAwayAs: Call['state'] | undefined, state: Call['state']): boolean =>
  putAwayAs !== undefined && (state !== 'missed' || putAwayAs === 'missed')

/** What goes on follows the greeting. */
function withoutRunning(calls: Calls): Calls {
  const over = [...calls.shown].filter(([, seen]) => isOver(seen))
  return over.length === calls.shown.size ? calls : { ...calls, shown: new Map(over) }
}

function dismissed(calls: Calls, id: string): Calls {
  const putAway = calls.shown.get(id)
  if (!putAway) return calls
  const shown = new Map(calls.shown)
  shown.delete(id)
  const kept = [...calls.dismissed].filter(([known]) => known !== id).slice(1 - DISMISSED_KEPT)
  return { shown, dismissed: new Map([...kept, [id, putAway.call.state]]) }
}

/**
 * The calls that pop up at the desk of `myId`: what I speak on keeps its place before all others, then what rings, then
 * what was missed or has ended. What somebody else has answered is theirs.
 */
export function poppedUp({ shown }: Calls, myId: string): SeenCall[] {
  const rank = (seen: SeenCall) => (isMineNow(seen, myId) ? 0 : PRESSING[seen.call.state])
  return [...shown.values()]
    .filter(({ call }) => call.owner === undefined || call.owner.id === myId)
    .filter(seen => !(seen.call.state === 'ended' && seen.call.owner === undefined))
    .sort((a, b) => rank(a) - rank(b) || a.call.startedAt - b.call.startedAt)
}

const PRESSING = { ringing: 1, answered: 2, missed: 3, ended: 4 } as const

/** I have taken it, and it goes on. */
const isMineNow = (seen: SeenCall, myId: string): boolean => seen.call.owner?.id === myId && !isOver(seen)

/** Which of the calls on the screen the keys mean. */
export type CallKeys = {
  /** The key that takes a call. */
  takesId: string | undefined
  /** All the others: they stay with the call that I speak on, whatever rings meanwhile. */
  othersId: string | undefined
}

/** The keys among `popped`, the calls that can be seen, in their order. */
export function callKeys(popped: readonly SeenCall[], myId: string): CallKeys {
  const taken = popped.find(({ call }) => call.owner?.id !== myId && call.state !== 'ended')
  return { takesId: taken?.call.id, othersId: popped[0]?.call.id }
}

export type CallMessage = Extract<FeedMessage, { type: 'call' }>

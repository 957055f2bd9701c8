// Follows the feed for the wall: a list, then the socket from the list's place; whatever breaks begins anew with the list.
// The hub is also asked whether it is there every few seconds, so that a cut cable is no quiet evening.
//
//   list ─► socket from its place ─► hello: live ─► closed, silent, or no answer to a probe: broken ─► wait ─► list

import type { FeedMessage } from '../../model/feed.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Answer } from '../shell/http.ts'
import { startProbe } from '../shell/probe.ts'
import type { Socket, SocketHandlers } from '../shell/socket.ts'
import type { BoardEvent } from './board.ts'

/** Heartbeats come every 15 s; two missed ones mean that nobody is there. */
export const SILENT_AFTER_MS = 35_000
const HELLO_WITHIN_MS = 6_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5_000
/** The session has ended, or its role may not follow the feed any more. */
const NO_MORE: ReadonlySet<number> = new Set([4401, 4403])

export type OpenList = { alarms: Alarm[]; seq: number }

export type WallFeedParts = {
  loadOpen(): Promise<Answer<OpenList>>
  /** False when the hub does not answer within some seconds. */
  probe(): Promise<boolean>
  openSocket(path: string, handlers: SocketHandlers): Socket
  happened(event: BoardEvent): void
  now(): number
  after(ms: number, callback: () => void): () => void
}

export type WallFeed = {
  retryNow(): void
  /** The browser says that its network is gone. */
  lost(): void
  stop(): void
}

export function startWallFeed(parts: WallFeedParts): WallFeed {
  const { happened, now, after } = parts
  let socket: Socket | undefined
  let isLive = false
  let heardAt = now()
  let stopped = false
  let attempt = 0
  // Whatever is awaited belongs to one round; a later round makes it void.
  let round = 0
  let callOff: () => void = () => undefined

  const wait = (ms: number, callback: () => void): void => {
    callOff()
    callOff = after(ms, callback)
  }

  async function begin(): Promise<void> {
    const mine = ++round
    const list = await parts.loadOpen()
    if (stopped || mine !== round) return
    if (!list.ok) return broken()
    happened({ type: 'loaded', alarms: list.value.alarms })
    const guard = (act: () => void) => {
      if (!stopped && mine === round) act()
    }
    socket = parts.openSocket(`/ws/console?since=${list.value.seq}`, {
      onText: text => guard(() => hear(text)),
      onClose: code => guard(() => (NO_MORE.has(code) ? gone() : broken())),
    })
    wait(HELLO_WITHIN_MS, broken)
  }

  function hear(text: string): void {
    const message = parsed(text)
    if (!message) return
    heardAt = now()
    wait(SILENT_AFTER_MS, broken)
    if (message.type === 'reset') {
      broken()
      return
    }
    if (message.type === 'hello') {
      isLive = true
      attempt = 0
      happened({ type: 'link', link: { state: 'live' } })
    }
    if (message.type === 'ping') socket?.send(JSON.stringify({ type: 'pong' }))
    happened({ type: 'message', message, now: heardAt })
  }

  function broken(): void {
    drop()
    attempt++
    happened({ type: 'link', link: { state: 'broken', since: now() } })
    wait(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)), () => void begin())
  }

  /** Nothing comes back by itself: the page asks to sign in again, and what is there is marked as old. */
  function gone(): void {
    drop()
    happened({ type: 'link', link: { state: 'broken', since: now() } })
    wait(LONGEST_RETRY_MS, () => void begin())
  }

  function drop(): void {
    round++
    isLive = false
    callOff()
    socket?.close()
    socket = undefined
  }

  const stopProbe = startProbe({
    ask: parts.probe,
    heardAt: () => (isLive ? heardAt : undefined),
    onAway: broken,
    now,
    after,
  })
  void begin()
  return {
    retryNow() {
      if (!stopped && !isLive) {
        drop()
        void begin()
      }
    },
    lost() {
      if (!stopped) broken()
    },
    stop() {
      stopped = true
      stopProbe()
      drop()
    },
  }
}

function parsed(text: string): FeedMessage | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && 'type' in json ? (json as FeedMessage) : undefined
  } catch {
    return undefined // a cut frame says nothing; silence is noticed by its own clock
  }
}

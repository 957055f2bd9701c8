// Keeps the desk connected: list, then socket from the list's place, and again from the last place heard
// whenever it breaks. Nothing is polled but whether the hub is there at all. Socket, timers and chance are passed in.
//
//   load ─► connect ─► hello: live ─► closed or away: broken ─► wait ─► (signed in?) ─► connect
//    ▲                   │ reset                                            │ nothing loaded yet
//    └───────────────────┴──────────────────────────────────────────────────┘
//
// A hub that is there without its lists has lost its database: it is connected to all the same, for the emergencies
// that it tells without one, and the list is asked for again meanwhile.

import type { ClientMessage, FeedMessage } from '../../model/feed.ts'
import type { Answer, Problem } from '../shell/http.ts'
import { startProbe } from '../shell/probe.ts'
import type { Socket, SocketHandlers } from '../shell/socket.ts'
import type { Alarms, FirstOpen, OpenAlarms } from './alarms.ts'
import type { BrokenReason, DeskEvent } from './desk.ts'

/** Heartbeats come every 15 s; two missed ones and some seconds mean that nobody is there. */
export const SILENT_AFTER_MS = 35_000
/** A socket that does not greet within this is given up. */
export const HELLO_WITHIN_MS = 10_000
/** The hub closes with this when the session has ended. */
export const SIGNED_OUT = 4401
export const FIRST_RETRY_MS = 500
export const LONGEST_RETRY_MS = 15_000
/** A list that the hub could not give is asked for again after this. */
export const LIST_AGAIN_MS = 3_000

export type FeedParts = {
  loadOpen: Alarms['open']
  loadFirst: Alarms['firstOpen']
  loadOthers: Alarms['otherOpen']
  loadLastAlert: Alarms['lastAlert']
  /** Asks whether the session still stands; a refused WebSocket does not say why. */
  checkSession(): Promise<Answer<unknown>>
  /** False when the hub does not answer within some seconds. */
  probe(): Promise<boolean>
  openSocket(path: string, handlers: SocketHandlers): Socket
  happened(event: DeskEvent): void
  onSignedOut(): void
  now(): number
  /** Calls back after `ms`; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void
  /** 0 to 1, for jitter: a hundred desks must not come back in the same instant. */
  chance(): number
}

export type Feed = {
  /** Tells the hub that these alarms were displayed on a screen as of `seq`; false while it cannot be told. */
  seen(seq: number, alarmIds: readonly string[]): boolean
  /** The machine woke up or the network came back: do not wait any longer. */
  retryNow(): void
  /** The browser says that its network is gone. */
  lost(): void
  stop(): void
}

/** How long to wait before attempt `attempt` (1 first): doubling, and between half and all of it. */
export function retryDelayMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1))
  return Math.round(full * (0.5 + chance / 2))
}

export function startFeed(parts: FeedParts): Feed {
  const { happened, now, after } = parts
  let cursor: number | undefined
  let epoch: string | undefined
  let socket: Socket | undefined
  let live = false
  let isFilled = false
  let heardAt = now()
  let attempt = 0
  let brokenSince: number | undefined
  let reason: BrokenReason = 'closed'
  let greeted = true
  let resetBefore = false
  let stopped = false
  // Whatever is awaited belongs to one round; a later round makes it void.
  let round = 0
  // An answer about what a list leaves out belongs to the list that it was asked for with.
  let lists = 0
  let callOff: () => void = () => undefined
  let callOffList: () => void = () => undefined

  function wait(ms: number, callback: () => void): void {
    callOff()
    callOff = after(ms, callback)
  }

  async function load(): Promise<void> {
    const mine = ++round
    // A screen that is empty shows what is most urgent at once; one that is not changes from whole to whole.
    const list = await (isFilled ? parts.loadOpen() : parts.loadFirst())
    if (stopped || mine !== round) return
    if (list.ok) take(list.value)
    else if (list.problem.code === 'UNAUTHENTICATED') signedOut()
    else if (WITHOUT_LISTS.has(list.problem.code)) connect()
    else broken('unreachable')
  }

  function take(list: OpenAlarms | FirstOpen): void {
    const { items, seq } = list
    const next = 'next' in list ? list.next : null
    isFilled = true
    cursor = seq
    lists += 1
    happened({ type: 'loaded', alarms: items, seq, isPart: next !== null })
    connect()
    if (next !== null) void takeOthers(next)
    void tellLastAlert()
  }

  /** The feed goes on meanwhile, from the place of the first. The screen says that it waits for them. */
  async function takeOthers(next: string): Promise<void> {
    const mine = lists
    const others = await parts.loadOthers(next)
    if (stopped || mine !== lists) return
    if (others.ok) happened({ type: 'others', alarms: others.value })
    else after(LIST_AGAIN_MS, () => !stopped && mine === lists && void takeOthers(next))
  }

  /** Without it the quiet desk says less; neither list nor socket waits for that. */
  async function tellLastAlert(): Promise<void> {
    const mine = lists
    const last = await parts.loadLastAlert()
    if (!stopped && mine === lists && last.ok) happened({ type: 'lastAlert', at: last.value })
  }

  function listLater(): void {
    callOffList = after(LIST_AGAIN_MS, () => void listAgain())
  }

  /** The socket that stands goes on until there is a place to connect from. */
  async function listAgain(): Promise<void> {
    const mine = round
    const list = await parts.loadOpen()
    if (stopped || mine !== round) return
    if (list.ok) {
      drop()
      connecting()
      take(list.value)
    } else if (list.problem.code === 'UNAUTHENTICATED') signedOut()
    else listLater()
  }

  function connect(): void {
    const mine = ++round
    const guard = (act: () => void) => () => {
      if (!stopped && mine === round) act()
    }
    greeted = false
    const known = epoch === undefined ? '' : `&epoch=${encodeURIComponent(epoch)}`
    const from = cursor === undefined ? '' : `?since=${cursor}${known}`
    socket = parts.openSocket(`/ws/console${from}`, {
      onText: text => guard(() => hear(text))(),
      onClose: code => guard(() => onClosed(code))(),
    })
    wait(HELLO_WITHIN_MS, () => broken('unreachable'))
  }

  function onClosed(code: number): void {
    if (code === SIGNED_OUT) signedOut()
    else broken(greeted ? 'closed' : 'unreachable')
  }

  function hear(text: string): void {
    const message = parseMessage(text)
    if (!message) return
    heardAt = now()
    wait(SILENT_AFTER_MS, () => broken('silent'))
    if (message.type === 'hello') greet(message)
    else if (message.type === 'reset') reset(message.epoch)
    else {
      if (message.type === 'ping') {
        resetBefore = false
        say({ type: 'pong' })
      }
      // Without a list there is no place to go on from, only what is new.
      const isPlace = message.type === 'alarm' || message.type === 'left'
      if (isPlace && cursor !== undefined) cursor = Math.max(cursor, message.seq)
      happened({ type: 'message', message, now: heardAt })
    }
  }

  function greet(hello: Extract<FeedMessage, { type: 'hello' }>): void {
    epoch = hello.epoch
    greeted = true
    live = true
    attempt = 0
    brokenSince = undefined
    happened({ type: 'link', link: { state: 'live' } })
    happened({ type: 'message', message: hello, now: heardAt })
    if (cursor === undefined) listLater()
  }

  /** The hub cannot go on from our place: everything is read anew, and the old screen stays until then. */
  function reset(itsEpoch: string): void {
    epoch = itsEpoch
    cursor = undefined
    // A hub that resets us again, before its first heartbeat, must not be hammered.
    const again = resetBefore
    resetBefore = true
    if (again) broken('closed')
    else {
      drop()
      connecting()
      goOn()
    }
  }

  /** Nothing is live until the next greeting; what was broken before stays called so. */
  function connecting(): void {
    if (brokenSince === undefined) happened({ type: 'link', link: { state: 'connecting' } })
  }

  function broken(why: BrokenReason): void {
    drop()
    reason = why
    brokenSince ??= now()
    attempt += 1
    const delayMs = retryDelayMs(attempt, parts.chance())
    const retryAt = now() + delayMs
    happened({ type: 'link', link: { state: 'broken', since: brokenSince, retryAt, attempt, reason } })
    wait(delayMs, goOn)
  }

  function goOn(): void {
    callOff()
    if (stopped) return
    if (brokenSince !== undefined) {
      happened({
        type: 'link',
        link: { state: 'broken', since: brokenSince, retryAt: null, attempt, reason },
      })
    }
    void (cursor === undefined ? load() : greeted ? connect() : comeBack())
  }

  /** The last attempt was refused without a word: first ask whether we may come in at all. */
  async function comeBack(): Promise<void> {
    const mine = ++round
    const session = await parts.checkSession()
    if (stopped || mine !== round) return
    if (session.ok) connect()
    else if (session.problem.code === 'UNAUTHENTICATED') signedOut()
    else broken('unreachable')
  }

  function drop(): void {
    round += 1
    live = false
    callOff()
    callOffList()
    socket?.close()
    socket = undefined
  }

  function say(message: ClientMessage): void {
    socket?.send(JSON.stringify(message))
  }

  function signedOut(): void {
    stop()
    const since = now()
    happened({ type: 'link', link: { state: 'broken', since, retryAt: null, attempt, reason: 'signed_out' } })
    parts.onSignedOut()
  }

  function stop(): void {
    stopped = true
    stopProbe()
    drop()
  }

  const stopProbe = startProbe({
    ask: parts.probe,
    heardAt: () => (live ? heardAt : undefined),
    onAway: () => broken('silent'),
    now,
    after,
  })
  void load()

  return {
    seen(seq, alarmIds) {
      if (live) say({ type: 'seen', seq, alarms: [...alarmIds] })
      return live
    },
    retryNow() {
      if (stopped) return
      // Timers sleep with the machine; the silence may have been too long since.
      if (brokenSince !== undefined) goOn()
      else if (live && now() - heardAt > SILENT_AFTER_MS) broken('silent')
    },
    lost() {
      if (!stopped && live) broken('unreachable')
    },
    stop,
  }
}

/** Answers of a hub that is there, and whose database is not. */
const WITHOUT_LISTS: ReadonlySet<Problem['code']> = new Set(['UNAVAILABLE', 'INTERNAL'])

/** What the hub sends is ours; a message of a later version, which has another type, is left alone. */
function parseMessage(text: string): FeedMessage | undefined {
  try {
    const json: unknown = JSON.parse(text)
    const known = typeof json === 'object' && json !== null && 'type' in json && MESSAGE_TYPES.has(json.type)
    return known ? (json as FeedMessage) : undefined
  } catch {
    return undefined // a cut frame says nothing; silence is noticed by its own clock
  }
}

const MESSAGE_TYPES: ReadonlySet<unknown> = new Set<FeedMessage['type']>([
  'hello',
  'reset',
  'alarm',
  'left',
  'unrecorded',
  'recorded',
  'call',
  'health',
  'ping',
])

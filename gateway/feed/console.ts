// One connected console: what it has been sent, what it displayed, and whether it keeps up.

import type { WebSocket } from 'ws'
import type { FeedMessage, HealthProblem } from '../../model/feed.ts'
import { covers } from '../../records/scope.ts'
import type { Session } from '../../records/sessions.ts'
import type { FeedItem } from './item.ts'
import { CLOSE } from './limits.ts'

/** Entries whose display is awaited, at most; a console that confirms nothing forgets the oldest. */
const AWAITED_MAX = 1_000

/** An entry that was sent and not yet displayed; `sentAt` is epoch ms, or null when it was replayed. */
type Awaited = { seq: number; alarmId: string; sentAt: number | null }

/** What a console has displayed: up to where, and of which alarms; without `alarms` of all that were sent. */
export type Displayed = { seq: number; alarms?: readonly string[] | undefined }

/** What a console confirmed, and how long those entries waited that went out live. */
export type Confirmed = { displayed: Displayed; waitsMs: number[] }

type Offered = 'sent' | 'left' | 'known' | 'outside' | 'cut_off' | 'closed'

const TEXT = { binary: false } as const

export class FeedConsole {
  readonly socket: WebSocket
  session: Session
  /** The newest place that the console has been brought to; entries up to it are never sent again. */
  get place(): number {
    return this.#place
  }
  /** Heartbeats since the last answer. */
  unanswered = 0
  readonly #unsentMaxBytes: number
  #awaited: Awaited[] = []
  #place = 0
  /** The newest place of an entry that can be displayed; that somebody has seen something is none. */
  #newest = 0
  #confirmed = 0
  #greeted = false
  /** How many problems the console was told of last. */
  #told = 0

  constructor({
    socket,
    session,
    unsentMaxBytes,
  }: { socket: WebSocket; session: Session; unsentMaxBytes: number }) {
    this.socket = socket
    this.session = session
    this.#unsentMaxBytes = unsentMaxBytes
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  /** The console has everything up to `place`, by its lists: it can display that, too. */
  startAt(place: number): void {
    this.#place = place
    this.#newest = place
  }

  /**
   * Brings the console to the item's place and sends it when it lies in the account's areas; when it has just
   * left them, that alone is said. A console that is behind by too many bytes is cut off instead. `sentAt` is null
   * in a replay.
   */
  offer(item: FeedItem, sentAt: number | null): Offered {
    if (item.seq <= this.#place) return 'known'
    if (!this.isOpen) return 'closed'
    if (this.#cutOff()) return 'cut_off'
    this.#place = item.seq
    const { scope } = this.session
    if (!covers(scope, item.areaPath)) {
      if (item.farewell === null || !covers(scope, item.farewell.areaPath)) return 'outside'
      this.socket.send(item.farewell.message, TEXT)
      return 'left'
    }
    this.socket.send(item.message, TEXT)
    if (item.kind !== 'seen') this.#await({ seq: item.seq, alarmId: item.alarm.id, sentAt })
    return 'sent'
  }

  /** Sends a message; nothing goes before `hello`, and nothing to a console that is behind by too many bytes. */
  send(message: FeedMessage): void {
    if (message.type === 'hello') this.#greeted = true
    if (this.#greeted && this.isOpen && !this.#cutOff()) this.socket.send(JSON.stringify(message))
  }

  /** Tells what is wrong with the hub: when that changes, and at the beginning if anything is. */
  tell(problems: readonly HealthProblem[]): void {
    if (this.#told === 0 && problems.length === 0) return
    this.#told = problems.length
    this.send({ type: 'health', problems: [...problems] })
  }

  /** Resolves when all that was sent has left the process, or the socket is gone. */
  drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.socket.ping(undefined, undefined, () => resolve()) // frames leave in order
    return promise
  }

  /**
   * Takes "displayed up to `seq`", as far as the console has been brought. Undefined when that says nothing new:
   * noting the display of such notes would never end. A row that is scrolled to is news, however old its alarm is.
   */
  confirm({ seq, alarms }: Displayed, now: number): Confirmed | undefined {
    const upTo = Math.min(seq, this.#place)
    const isNews = alarms !== undefined || (upTo > this.#confirmed && this.#newest > this.#confirmed)
    if (alarms === undefined) this.#confirmed = Math.max(upTo, this.#confirmed)
    const waitsMs: number[] = []
    this.#awaited = this.#awaited.filter(({ seq, alarmId, sentAt }) => {
      if (seq > upTo || alarms?.includes(alarmId) === false) return true
      if (sentAt !== null) waitsMs.push(Math.max(0, now - sentAt))
      return false
    })
    return isNews ? { displayed: { seq: upTo, alarms }, waitsMs } : undefined
  }

  /** True when the console does not read fast enough, and is closed for that. */
  #cutOff(): boolean {
    if (this.socket.bufferedAmount <= this.#unsentMaxBytes) return false
    this.socket.close(CLOSE.TOO_SLOW, 'too slow: connect again with since')
    return true
  }

  #await(awaited: Awaited): void {
    if (this.#awaited.length === AWAITED_MAX) this.#awaited.shift()
    this.#awaited.push(awaited)
    this.#newest = awaited.seq
  }
}

// The live feed of the consoles: every entry of the timeline, once, in commit order, to everybody who may see it.

import type { Server } from 'node:http'
import type { CallDesk } from '../../alerts/calls.ts'
import { clientMessageSchema } from '../../model/feed.ts'
import type { HealthName } from '../../model/health.ts'
import type { Log } from '../../model/log.ts'
import type { Metrics } from '../../model/metrics.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import type { Session } from '../../records/sessions.ts'
import type { AlarmDesk } from '../alarms.ts'
import type { Door } from '../auth.ts'
import { may } from '../permissions.ts'
import type { Check, Readiness } from '../readiness.ts'
import { SWITCH_PATH, startCallSwitch } from './call-switch.ts'
import { callsOnScreen } from './calls.ts'
import { FeedConsole } from './console.ts'
import { FAMILY_PATH, startFamilies } from './families.ts'
import { greet } from './greeting.ts'
import type { FeedItem } from './item.ts'
import { CLOSE, FEED_LIMITS, type FeedLimits } from './limits.ts'
import { people } from './people.ts'
import { startPresence } from './presence.ts'
import { type FeedReader, startFeedReader } from './reader.ts'
import { startSeenNotes } from './seen.ts'
import { startTold } from './told.ts'
import { type FindingsSource, startUnrecorded, type Unrecorded } from './unrecorded.ts'
import { takeUpgrades, type Welcome } from './upgrade.ts'

export type Feed = {
  /** Closes the sockets of a session that has ended. */
  signOut(tokenHash: string): void
  /** Red while the feed cannot be read, and while findings are not recorded. */
  checks: readonly Check[]
  /** Says goodbye to every console and writes down what they displayed. */
  stop(): Promise<void>
}

export type FeedParts = {
  server: Server
  records: Records
  clock: Clock
  log: Log
  metrics: Metrics
  readiness: Pick<Readiness, 'problems' | 'subscribe'>
  alarms: Pick<AlarmDesk, 'renewLeases'>
  memory: Door['memory']
  /** Where findings are told from that cannot be recorded; without it nobody hears of them before they are. */
  findings?: FindingsSource
  /** Where reports of the telephone switch go. */
  calls: Pick<CallDesk, 'report'>
  limits?: Partial<FeedLimits>
  config?: { requiresSecondFactor?: boolean }
}

/** Heartbeats that may go unanswered. */
const UNANSWERED_MAX = 2
/** A console that does not answer the goodbye is let go after this long; ms. */
const GOODBYE_MS = 1_000

/** Opens `/ws/console`, `/ws/family` and `/ws/switch` on `server`. */
export async function startFeed(parts: FeedParts): Promise<Feed> {
  const { server, records, clock, log, metrics, readiness, alarms, memory, findings } = parts
  const limits = { ...FEED_LIMITS, ...parts.limits }
  /** Everybody connected, and those of them that have caught up. */
  const consoles = new Set<FeedConsole>()
  const live = new Set<FeedConsole>()

  let unrecorded: Unrecorded | undefined
  const families = startFamilies({ records, clock, log, limits, place: () => reader.place })
  const reader = await startFeedReader({
    records,
    log,
    sweepMs: limits.sweepMs,
    pageEntries: limits.pageEntries,
    onItems(items) {
      handOut(items, { live, clock, metrics })
      unrecorded?.handedOut(items)
      families.handOut(items)
    },
    onGoneBack(seq) {
      for (const console of consoles) {
        console.send({ type: 'reset', epoch: records.epoch, seq, oldest: 1 })
        console.socket.close(CLOSE.FAILED, 'read the lists again')
      }
    },
  })
  unrecorded = findings && startUnrecorded({ source: findings, consoles, records, clock, log, metrics })
  const seen = startSeenNotes({ records, clock, log, everyMs: limits.seenMs })
  const presence = startPresence({ consoles, records, clock, log, alarms, memory, limits })
  const toLive = { live, nudge: records.nudge, log }
  const told = [
    startTold(people(records, limits), toLive),
    startTold(callsOnScreen({ records, clock }, limits), toLive),
  ]
  const { heartbeatMs } = limits
  const callSwitch = startCallSwitch({ records, clock, log, calls: parts.calls, heartbeatMs })

  const leave = (console: FeedConsole): void => {
    live.delete(console)
    if (consoles.delete(console)) metrics.consoles.set(consoles.size)
  }
  const welcome = ({ socket, session, cursor }: Welcome): void => {
    socket.on('error', error => log.debug({ error }, 'a console socket failed')) // 'close' follows
    if (socketsOf(consoles, session) >= limits.socketsPerSession) {
      metrics.refused.inc({ reason: 'too_many_consoles' })
      socket.close(CLOSE.TOO_MANY, 'too many sockets of one session')
      return
    }
    const console = new FeedConsole({ socket, session, unsentMaxBytes: limits.unsentMaxBytes })
    consoles.add(console)
    metrics.consoles.set(consoles.size)
    socket.on('close', () => leave(console))
    socket.on('pong', () => {
      console.unanswered = 0
    })
    socket.on('message', (data, isBinary) => {
      console.unanswered = 0
      const confirmed = isBinary ? undefined : confirmationOf(console, { data: String(data), clock })
      // A program that follows is no screen, and nobody sits before it.
      if (!confirmed || !may(console.session.user.role, 'alarms:handle')) return
      seen.note(console.session.user.id, confirmed.displayed)
      for (const waitMs of confirmed.waitsMs) metrics.seenSeconds.observe({}, waitMs / 1_000)
    })
    presence.arrived()
    const join = (): void => {
      live.add(console)
      for (const { arrived } of told) arrived()
    }
    greet(console, {
      records,
      clock,
      reader,
      cursor,
      pageEntries: limits.pageEntries,
      join,
      tellStanding(greeted) {
        greeted.tell(readiness.problems())
        unrecorded?.greet(greeted)
      },
    }).catch((error: unknown) => {
      log.error({ error }, 'a console could not be brought up to date')
      socket.close(CLOSE.FAILED, 'connect again with since')
    })
  }

  const stopUpgrades = takeUpgrades({
    server,
    door: { records, clock, memory, requiresSecondFactor: parts.config?.requiresSecondFactor ?? false },
    log,
    messageMaxBytes: limits.messageMaxBytes,
    onConsole: welcome,
    sideDoors: [
      { path: SWITCH_PATH, access: 'calls:report', onSocket: callSwitch.welcome },
      { path: FAMILY_PATH, access: 'family:read', onSocket: families.welcome },
    ],
  })
  const heartbeat = setInterval(() => beat(consoles, clock), limits.heartbeatMs)
  const unsubscribe = readiness.subscribe(problems => {
    for (const console of consoles) console.tell(problems)
  })
  return {
    signOut(tokenHash) {
      presence.signOut(tokenHash)
      callSwitch.signOut(tokenHash)
      families.signOut(tokenHash)
    },
    checks: unrecorded ? [checkOf(reader), unrecorded.check] : [checkOf(reader)],
    async stop() {
      stopUpgrades()
      clearInterval(heartbeat)
      unsubscribe()
      // Side by side: while the records are away, some of them wait for an answer until it is overdue.
      await Promise.all([
        presence.stop(),
        ...told.map(each => each.stop()),
        callSwitch.stop(),
        families.stop(),
        unrecorded?.stop(),
        reader.stop(),
        goodbye(consoles),
      ])
      await seen.stop()
    },
  }
}

function handOut(
  items: readonly FeedItem[],
  { live, clock, metrics }: { live: Set<FeedConsole>; clock: Clock; metrics: Metrics },
): void {
  for (const item of items) {
    const now = clock.now()
    let sent = false
    for (const console of live) {
      const outcome = console.offer(item, now)
      if (outcome === 'sent') sent = true
      else if (outcome === 'cut_off' || outcome === 'closed') live.delete(console)
    }
    if (sent) metrics.feedSeconds.observe({}, Math.max(0, now - item.at) / 1_000)
  }
}

function socketsOf(consoles: ReadonlySet<FeedConsole>, { tokenHash }: Session): number {
  let count = 0
  for (const console of consoles) if (console.session.tokenHash === tokenHash) count++
  return count
}

/** What a message of a client confirms. One that is not understood is somebody's own heartbeat, and ignored. */
function confirmationOf(console: FeedConsole, { data, clock }: { data: string; clock: Clock }) {
  const message = clientMessageSchema.safeParse(parse(data))
  if (!message.success || message.data.type !== 'seen') return undefined
  return console.confirm(message.data, clock.now())
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not understood, as above
  }
}

/** Two pings: a frame that every WebSocket answers by itself, and a message that a page can see. */
function beat(consoles: ReadonlySet<FeedConsole>, clock: Clock): void {
  for (const console of consoles) {
    if (console.unanswered >= UNANSWERED_MAX) {
      console.socket.terminate()
      continue
    }
    console.unanswered++
    if (!console.isOpen) continue
    console.socket.ping()
    console.send({ type: 'ping', at: clock.now() })
  }
}

async function goodbye(consoles: ReadonlySet<FeedConsole>): Promise<void> {
  for (const { socket } of consoles) socket.close(CLOSE.GOING_AWAY, 'the hub stops')
  const closed = [...consoles].map(
    ({ socket }) => new Promise<void>(resolve => socket.once('close', () => resolve())),
  )
  const timer = setTimeout(() => {
    for (const { socket } of consoles) socket.terminate()
  }, GOODBYE_MS)
  await Promise.all(closed)
  clearTimeout(timer)
}

const checkOf = (reader: FeedReader): Check => ({
  name: 'feed' satisfies HealthName,
  async check() {
    const { failure, place } = reader
    return failure === undefined
      ? { ok: true, detail: `at ${place}` }
      : { ok: false, reason: 'failed', detail: failure }
  },
})

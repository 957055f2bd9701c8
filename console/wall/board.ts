// What the wall knows of the desk: open alarms, who is there, what is wrong with the hub. A pure reducer over the feed: the
// newest word about an alarm always stands.

import type { FeedMessage, HealthProblem } from '../../model/feed.ts'
import { queueRank, severityRank } from '../../model/finding.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Presence } from '../../model/presence.ts'

export type Link =
  | { state: 'connecting' }
  | { state: 'live' }
  /** By this browser's clock. */
  | { state: 'broken'; since: number }

export type Board = {
  link: Link
  isLoaded: boolean
  alarms: ReadonlyMap<string, Alarm>
  people: ReadonlyMap<string, Presence>
  problems: readonly HealthProblem[]
  /** Emergencies that could not be recorded yet. */
  unrecorded: ReadonlySet<string>
  /** The hub's clock minus this browser's. */
  skewMs: number
}

export const EMPTY_BOARD: Board = {
  link: { state: 'connecting' },
  isLoaded: false,
  alarms: new Map(),
  people: new Map(),
  problems: [],
  unrecorded: new Set(),
  skewMs: 0,
}

export type BoardEvent =
  | { type: 'loaded'; alarms: readonly Alarm[] }
  | { type: 'message'; message: FeedMessage; now: number }
  | { type: 'link'; link: Link }
  | { type: 'alarm'; alarm: Alarm }

/** A browser's clock that is off by less than this is taken as right. */
const SKEW_TOLERATED_MS = 2_000

export function boardAfter(board: Board, event: BoardEvent): Board {
  switch (event.type) {
    case 'loaded':
      return { ...event.alarms.reduce(withAlarm, { ...board, alarms: new Map() }), isLoaded: true }
    case 'alarm':
      return withAlarm(board, event.alarm)
    case 'link':
      return withLink(board, event.link)
    case 'message':
      return withMessage(board, event.message, event.now)
  }
}

/** The feed tells who is there, what is wrong and what is unrecorded after each greeting anew. */
function withLink(board: Board, link: Link): Board {
  if (link.state === 'live') return { ...board, link, problems: [], unrecorded: new Set() }
  // How long it has been broken counts from the first moment.
  const since = board.link.state === 'broken' && link.state === 'broken' ? board.link : link
  return { ...board, link: since }
}

function withMessage(board: Board, message: FeedMessage, now: number): Board {
  switch (message.type) {
    case 'alarm':
      return withAlarm(board, message.alarm)
    case 'left':
      return without(board, message.id)
    case 'presence':
      return { ...board, people: new Map(board.people).set(message.presence.user.id, message.presence) }
    case 'health':
      return { ...board, problems: message.problems }
    case 'unrecorded':
      return { ...board, unrecorded: new Set(board.unrecorded).add(message.finding.id) }
    case 'recorded': {
      const unrecorded = new Set(board.unrecorded)
      unrecorded.delete(message.findingId)
      return { ...board, unrecorded }
    }
    case 'hello':
    case 'ping': {
      const skewMs = message.at - now
      return { ...board, skewMs: Math.abs(skewMs) < SKEW_TOLERATED_MS ? 0 : skewMs }
    }
    default:
      return board
  }
}

function withAlarm(board: Board, alarm: Alarm): Board {
  const known = board.alarms.get(alarm.id)
  if (known && known.seq > alarm.seq) return board
  if (!isOpen(alarm)) return without(board, alarm.id)
  return { ...board, alarms: new Map(board.alarms).set(alarm.id, alarm) }
}

function without(board: Board, id: string): Board {
  if (!board.alarms.has(id)) return board
  const alarms = new Map(board.alarms)
  alarms.delete(id)
  return { ...board, alarms }
}

const isOpen = ({ state }: Alarm): boolean => state !== 'resolved' && state !== 'closed'

/** Nobody is on it. */
export const isWaiting = (alarm: Alarm): boolean => alarm.state === 'raised' || alarm.owner === undefined

/** Emergencies and requests of service: who needs somebody first, then by severity, kind and waiting time. */
export function queueOf(alarms: Iterable<Alarm>): Alarm[] {
  return [...alarms].filter(alarm => alarm.class !== 'technical').sort(byNeed)
}

function byNeed(a: Alarm, b: Alarm): number {
  return (
    Number(isWaiting(b)) - Number(isWaiting(a)) ||
    Number(b.class === 'emergency') - Number(a.class === 'emergency') ||
    severityRank(b.severity) - severityRank(a.severity) ||
    queueRank(a) - queueRank(b) ||
    a.alertedAt - b.alertedAt ||
    (a.id < b.id ? -1 : 1)
  )
}

export type Counts = {
  emergenciesWaiting: number
  servicesWaiting: number
  inHand: number
  technical: number
  /** The one that has waited longest. */
  oldest: Alarm | undefined
}

export function countsOf(alarms: Iterable<Alarm>): Counts {
  const counts: Counts = {
    emergenciesWaiting: 0,
    servicesWaiting: 0,
    inHand: 0,
    technical: 0,
    oldest: undefined,
  }
  for (const alarm of alarms) {
    if (alarm.class === 'technical') counts.technical++
    else if (!isWaiting(alarm)) counts.inHand++
    else {
      if (alarm.class === 'emergency') counts.emergenciesWaiting++
      else counts.servicesWaiting++
      if (!counts.oldest || alarm.alertedAt < counts.oldest.alertedAt) counts.oldest = alarm
    }
  }
  return counts
}

/** How long one may wait before the wall says it loudly: the promise of 20 s, and the breach at 180 s. */
export const waitingTone = (waitedMs: number): 'calm' | 'long' | 'breached' =>
  waitedMs >= 180_000 ? 'breached' : waitedMs >= 20_000 ? 'long' : 'calm'

// What the wall knows of the desk: open alarms, who is there, what is wrong with the hub. A pure reducer over the feed: the
// newest word about an alarm always stands.

import type { FeedMessage, HealthProblem } from '../../model/feed.ts'
import { queueRank, severityRank } from '../../model/finding.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Presence } from '../../model/presence.ts'
import { skewAfter } from '../shell/skew.ts'

export type Link =
  | { state: 'connecting' }
  | { state: 'live' }
  /** By this browser's clock. */
  | { state: 'broken'; since: number }

export type Board = {
  link: Link
  /** False until the first list has arrived: nothing is known of any alarm. */
  isLoaded: boolean
  alarms: ReadonlyMap<string, Alarm>
  /** Alarms that are over, or have left, by the place of their last word: a late answer must not bring one back. */
  over: ReadonlyMap<string, number>
  /** False until the first greeting: nothing is known of anybody. */
  isGreeted: boolean
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
  over: new Map(),
  isGreeted: false,
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

/** As many alarms that are over are remembered; older ones cannot be answered late any more. */
export const OVER_KEPT = 500

export function boardAfter(board: Board, event: BoardEvent): Board {
  switch (event.type) {
    case 'loaded':
      return withList(board, event.alarms)
    case 'alarm':
      return withAlarm(board, event.alarm)
    case 'link':
      return withLink(board, event.link)
    case 'message':
      return withMessage(board, event.message, event.now)
  }
}

/** It may be the list of another database, whose places start elsewhere: nothing older is remembered. */
function withList(board: Board, alarms: readonly Alarm[]): Board {
  const open = alarms.filter(isOpen)
  return { ...board, isLoaded: true, alarms: new Map(open.map(alarm => [alarm.id, alarm])), over: new Map() }
}

/** The feed tells who is there, what is wrong and what is unrecorded after each greeting anew. */
function withLink(board: Board, link: Link): Board {
  if (link.state === 'live') return { ...board, link, isGreeted: true, problems: [], unrecorded: new Set() }
  // How long it has been broken counts from the first moment.
  const since = board.link.state === 'broken' && link.state === 'broken' ? board.link : link
  return { ...board, link: since }
}

function withMessage(board: Board, message: FeedMessage, now: number): Board {
  switch (message.type) {
    case 'alarm':
      return withAlarm(board, message.alarm)
    case 'left':
      return withoutLeft(board, message)
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
    case 'ping':
      return withClock(board, message.at - now)
    default:
      return board
  }
}

function withClock(board: Board, aheadMs: number): Board {
  const skewMs = skewAfter(board.skewMs, aheadMs)
  return skewMs === board.skewMs ? board : { ...board, skewMs }
}

function withAlarm(board: Board, alarm: Alarm): Board {
  const known = board.alarms.get(alarm.id)?.seq ?? board.over.get(alarm.id) ?? -1
  if (known > alarm.seq) return board
  if (!isOpen(alarm)) return without(board, alarm)
  return { ...board, alarms: new Map(board.alarms).set(alarm.id, alarm) }
}

/** A newer word about it, as an answer may bring, says that it has come back. */
function withoutLeft(board: Board, left: Pick<Alarm, 'id' | 'seq'>): Board {
  const isBack = (board.alarms.get(left.id)?.seq ?? -1) > left.seq
  return isBack ? board : without(board, left)
}

function without(board: Board, { id, seq }: Pick<Alarm, 'id' | 'seq'>): Board {
  const alarms = new Map(board.alarms)
  alarms.delete(id)
  const over = new Map(board.over).set(id, seq)
  const oldest = over.keys().next()
  if (over.size > OVER_KEPT && !oldest.done) over.delete(oldest.value)
  return { ...board, alarms, over }
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

/** More do not fit, and more than these nobody reads from a distance. */
export const ROWS_MAX = 40

/** The alarms that are drawn; only these can be chosen. */
export const rowsOf = (queue: readonly Alarm[]): readonly Alarm[] => queue.slice(0, ROWS_MAX)

/** The row that is `by` rows away from the chosen one, and never beyond what is drawn. */
export function rowBeside(
  rows: readonly Alarm[],
  chosenId: string | undefined,
  by: 1 | -1,
): Alarm | undefined {
  const at = rows.findIndex(({ id }) => id === chosenId)
  return rows[Math.max(0, Math.min(rows.length - 1, at + by))]
}

export type Counts = {
  emergenciesWaiting: number
  servicesWaiting: number
  inHand: number
  technical: number
  /** The one that has waited longest. */
  oldest: Alarm | undefined
}

/** Undefined until there is a list: nobody knows yet who waits. */
export const countsKnown = ({ isLoaded, alarms }: Pick<Board, 'isLoaded' | 'alarms'>): Counts | undefined =>
  isLoaded ? countsOf(alarms.values()) : undefined

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

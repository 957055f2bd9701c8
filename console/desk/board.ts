// The open alarms as this desk knows them. A pure reducer: lists, feed messages and answers come in any
// order, and the newest word about an alarm always stands.

import type { FeedMessage, HealthProblem } from '../../model/feed.ts'
import type { Alarm } from '../../model/incident.ts'
import { skewAfter } from '../shell/skew.ts'
import type { DeskEvent } from './desk.ts'
import { isOpen } from './queue.ts'

export type Board = {
  /** False until the first list has arrived. */
  loaded: boolean
  /** There are more open alarms than these: they are being read. */
  isPart: boolean
  alarms: ReadonlyMap<string, Alarm>
  /** Alarms that are over, or have left these areas, by the place of their last word: a late answer must not bring one back. */
  over: ReadonlyMap<string, number>
  /** The newest place of the feed that is on the board. */
  seq: number
  problems: readonly HealthProblem[]
  /** When the last emergency came, as far as this desk knows; null: there was none, undefined: not known. */
  lastAlertAt: number | null | undefined
  /** Per alarm, the `alertedAt` that was answered here with "I see it". */
  acknowledged: ReadonlyMap<string, number>
  /** The hub's clock minus this browser's. */
  skewMs: number
}

/** As many alarms that are over are remembered; older ones cannot be answered late any more. */
export const OVER_KEPT = 500

export const EMPTY_BOARD: Board = {
  loaded: false,
  isPart: false,
  alarms: new Map(),
  over: new Map(),
  seq: 0,
  problems: [],
  lastAlertAt: undefined,
  acknowledged: new Map(),
  skewMs: 0,
}

export function boardAfter(board: Board, event: DeskEvent): Board {
  switch (event.type) {
    case 'loaded':
      return withList(board, event)
    case 'others':
      return withOthers(board, event.alarms)
    case 'lastAlert':
      return { ...board, lastAlertAt: later(board.lastAlertAt, event.at) }
    case 'alarm':
      return withAlarm(board, event.alarm)
    case 'acknowledged':
      return { ...board, acknowledged: new Map(board.acknowledged).set(event.id, event.alertedAt) }
    case 'message':
      return withMessage(board, event)
    case 'link':
      // The hub tells its problems at the beginning, if it has any; silence means that it has none.
      return event.link.state === 'live' ? { ...board, problems: [] } : board
    default:
      return board
  }
}

function withMessage(board: Board, { message, now }: Extract<DeskEvent, { type: 'message' }>): Board {
  switch (message.type) {
    case 'alarm': {
      const next = withAlarm(board, message.alarm)
      return { ...next, seq: Math.max(next.seq, message.seq) }
    }
    case 'left':
      return withoutLeft(board, message)
    case 'health':
      return { ...board, problems: message.problems }
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

/**
 * The list replaces the board, with all that was remembered of alarms that are over: it may be that of another
 * database, whose places start elsewhere. The feed goes on from its `seq`, so nothing newer is lost.
 */
function withList(
  board: Board,
  { alarms, seq, isPart = false }: Extract<DeskEvent, { type: 'loaded' }>,
): Board {
  // At once, and not one after the other: each would copy all that are there already.
  const open = alarms.filter(isOpen)
  const emergencies = open.filter(alarm => alarm.class === 'emergency')
  return {
    ...board,
    loaded: true,
    isPart,
    alarms: new Map(open.map(alarm => [alarm.id, alarm])),
    over: new Map(),
    seq,
    lastAlertAt: emergencies.reduce(
      (last: Board['lastAlertAt'], { alertedAt }) => later(last, alertedAt),
      board.lastAlertAt,
    ),
  }
}

/** They were read after the feed went on from the first: what it has told of them since is newer. */
function withOthers(board: Board, others: readonly Alarm[]): Board {
  const alarms = new Map(board.alarms)
  for (const alarm of others) {
    if (isOpen(alarm) && alarm.seq > knownSeq(board, alarm.id)) alarms.set(alarm.id, alarm)
  }
  const alerts = others.filter(alarm => alarm.class === 'emergency').map(({ alertedAt }) => alertedAt)
  return {
    ...board,
    isPart: false,
    alarms,
    lastAlertAt: alerts.reduce<Board['lastAlertAt']>(later, board.lastAlertAt),
  }
}

const knownSeq = (board: Board, id: string): number => board.alarms.get(id)?.seq ?? board.over.get(id) ?? -1

function withAlarm(board: Board, alarm: Alarm): Board {
  if (alarm.seq < knownSeq(board, alarm.id)) return board
  const alarms = new Map(board.alarms)
  const learned: Board = {
    ...board,
    alarms,
    lastAlertAt: alarm.class === 'emergency' ? later(board.lastAlertAt, alarm.alertedAt) : board.lastAlertAt,
  }
  if (isOpen(alarm)) {
    alarms.set(alarm.id, alarm)
    return learned
  }
  return without(learned, alarm)
}

/** A newer word about it, as an answer may bring, says that it has come back. */
function withoutLeft(board: Board, left: Extract<FeedMessage, { type: 'left' }>): Board {
  const isBack = (board.alarms.get(left.id)?.seq ?? -1) > left.seq
  return { ...(isBack ? board : without(board, left)), seq: Math.max(board.seq, left.seq) }
}

/** An alarm that is over, or that is the desk of another area's from here on. */
function without(board: Board, last: Pick<Alarm, 'id' | 'seq'>): Board {
  const alarms = new Map(board.alarms)
  alarms.delete(last.id)
  return { ...board, alarms, over: remember(board.over, last) }
}

/** A time stands over "none", and that over "not known". */
const later = (a: Board['lastAlertAt'], b: Board['lastAlertAt']): Board['lastAlertAt'] =>
  typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : (a ?? b ?? (a === null ? a : b))

function remember(over: Board['over'], { id, seq }: Pick<Alarm, 'id' | 'seq'>): Board['over'] {
  const next = new Map(over).set(id, seq)
  const oldest = next.keys().next()
  if (next.size > OVER_KEPT && !oldest.done) next.delete(oldest.value)
  return next
}

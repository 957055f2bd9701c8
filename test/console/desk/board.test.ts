import { describe, expect, it } from 'vitest'
import { type Board, boardAfter, EMPTY_BOARD, OVER_KEPT } from '../../../console/desk/board.ts'
import type { DeskEvent } from '../../../console/desk/desk.ts'
import type { Alarm, EntryKind } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, entryOf, WANG } from './given.ts'

const boardAfterAll = (events: DeskEvent[], board: Board = EMPTY_BOARD): Board =>
  events.reduce(boardAfter, board)

const loaded = (alarms: Alarm[], seq: number): DeskEvent => ({ type: 'loaded', alarms, seq })
const heard = (alarm: Alarm, kind: EntryKind = 'finding', seq = alarm.seq): DeskEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'alarm', seq, entry: entryOf({ seq, kind }), alarm },
})

describe('the board', () => {
  it('takes new alarms and new words about known ones', () => {
    const board = boardAfterAll([
      loaded([alarmOf({ id: 'a', seq: 5 })], 5),
      heard(alarmOf({ id: 'b', seq: 6 })),
      heard(acceptedBy(WANG, { id: 'a', seq: 7 }), 'accepted'),
    ])
    expect([...board.alarms.keys()]).toEqual(['a', 'b'])
    expect(board.alarms.get('a')?.owner).toEqual(WANG)
    expect(board.seq).toBe(7)
  })

  it.each(['resolved', 'closed'] as const)('drops what is %s', state => {
    const board = boardAfterAll([
      loaded([alarmOf({ seq: 5 })], 5),
      heard(alarmOf({ seq: 6, state }), 'resolved'),
    ])
    expect(board.alarms.size).toBe(0)
  })

  it('lets an older word never undo a newer one', () => {
    const board = boardAfterAll([
      heard(acceptedBy(WANG, { seq: 9 }), 'accepted'),
      { type: 'alarm', alarm: alarmOf({ seq: 8 }) },
    ])
    expect(board.alarms.get('inc_1')?.state).toBe('accepted')
  })

  it('lets a late answer never bring back what is over', () => {
    const board = boardAfterAll([
      loaded([alarmOf({ seq: 5 })], 5),
      heard(alarmOf({ seq: 9, state: 'closed' }), 'closed'),
      { type: 'alarm', alarm: acceptedBy(WANG, { seq: 8 }) },
    ])
    expect(board.alarms.size).toBe(0)
  })

  it('lets an alarm go that has left its areas, and takes it when it comes back', () => {
    const left: DeskEvent = { type: 'message', now: 0, message: { type: 'left', seq: 9, id: 'inc_1' } }
    const board = boardAfterAll([
      loaded([alarmOf({ seq: 5 })], 5),
      left,
      { type: 'alarm', alarm: acceptedBy(WANG, { seq: 8 }) }, // an answer from before
    ])
    expect(board).toMatchObject({ alarms: new Map(), seq: 9 })
    const back = [heard(alarmOf({ seq: 10 }), 'moved'), left]
    expect(boardAfterAll(back, board).alarms.size).toBe(1)
  })

  it('shows an alarm again that was reopened', () => {
    const board = boardAfterAll([
      heard(alarmOf({ seq: 9, state: 'resolved' }), 'resolved'),
      heard(acceptedBy(WANG, { seq: 10 }), 'reopened'),
    ])
    expect(board.alarms.size).toBe(1)
  })

  it('forgets the oldest of those that are over', () => {
    const closed = Array.from({ length: OVER_KEPT + 1 }, (_, i) =>
      heard(alarmOf({ id: `inc_${i}`, seq: i + 1, state: 'closed' }), 'closed'),
    )
    const board = boardAfterAll(closed)
    expect(board.over.size).toBe(OVER_KEPT)
    expect(board.over.has('inc_0')).toBe(false)
  })

  it('is replaced by a list read anew, whatever was known: it may be of another database', () => {
    const before = boardAfterAll([
      loaded([alarmOf({ id: 'gone', seq: 903 }), alarmOf({ id: 'again', seq: 904 })], 905),
      heard(alarmOf({ id: 'again', seq: 906, state: 'closed' }), 'closed'),
    ])
    const board = boardAfterAll([loaded([alarmOf({ id: 'again', seq: 4 })], 20)], before)
    expect([...board.alarms.keys()]).toEqual(['again'])
  })

  it('starts over with the places of another database', () => {
    const board = boardAfterAll([loaded([], 900), loaded([], 7)])
    expect(board.seq).toBe(7)
  })
})

describe('a long list', () => {
  const first = alarmOf({ id: 'first', seq: 3 })
  const others: DeskEvent = {
    type: 'others',
    alarms: [alarmOf({ id: 'other', seq: 4 }), alarmOf({ id: 'closed', seq: 5 })],
  }

  it('is no whole before the others are there', () => {
    const part = boardAfterAll([{ type: 'loaded', alarms: [first], seq: 9, isPart: true }])
    expect(part).toMatchObject({ loaded: true, isPart: true })
    const whole = boardAfterAll([others], part)
    expect([...whole.alarms.keys()]).toEqual(['first', 'other', 'closed'])
    expect(whole).toMatchObject({ isPart: false, seq: 9 })
  })

  it('brings nothing back that the feed has told more of meanwhile', () => {
    const board = boardAfterAll([
      { type: 'loaded', alarms: [first], seq: 9, isPart: true },
      heard(acceptedBy(WANG, { id: 'other', seq: 10 }), 'accepted'),
      heard(alarmOf({ id: 'closed', seq: 11, state: 'closed' }), 'closed'),
      others,
    ])
    expect([...board.alarms.keys()]).toEqual(['first', 'other'])
    expect(board.alarms.get('other')?.state).toBe('accepted')
  })
})

describe('problems of the hub', () => {
  const problems = [{ name: 'disk', detail: 'full' }]
  const told: DeskEvent = { type: 'message', now: 0, message: { type: 'health', problems } }

  it('stand until the hub says otherwise', () => {
    const broken = { state: 'broken', since: 0, retryAt: 1, attempt: 1, reason: 'closed' } as const
    expect(boardAfterAll([told, { type: 'link', link: broken }]).problems).toEqual(problems)
  })

  it('are told anew on a new connection, and gone if they are not', () => {
    expect(boardAfterAll([told, { type: 'link', link: { state: 'live' } }]).problems).toEqual([])
  })
})

describe('the time since the last alarm', () => {
  const told = (at: number | null): DeskEvent => ({ type: 'lastAlert', at })

  it('is not known before it is told, and "none" is no time', () => {
    expect(boardAfterAll([loaded([], 5)]).lastAlertAt).toBeUndefined()
    expect(boardAfterAll([loaded([], 5), told(null)]).lastAlertAt).toBeNull()
    expect(boardAfterAll([told(null), loaded([], 5)]).lastAlertAt).toBeNull()
  })

  it('is never set back by an answer that comes late', () => {
    const fresh = alarmOf({ alertedAt: 5_000, seq: 6 })
    expect(boardAfterAll([loaded([], 5), heard(fresh), told(1_000)]).lastAlertAt).toBe(5_000)
    expect(boardAfterAll([loaded([], 5), heard(fresh), told(null)]).lastAlertAt).toBe(5_000)
  })

  it('is told by the hub at first, and then by emergencies alone', () => {
    const list = told(1_000)
    const technical = alarmOf({ id: 't', class: 'technical', alertedAt: 9_000, seq: 6 })
    const closed = alarmOf({ id: 'e', alertedAt: 5_000, state: 'closed', seq: 7 })
    expect(boardAfterAll([list, heard(technical)]).lastAlertAt).toBe(1_000)
    expect(boardAfterAll([list, heard(closed)]).lastAlertAt).toBe(5_000)
  })
})

describe('the clock', () => {
  const ping = (at: number, now: number): DeskEvent => ({
    type: 'message',
    now,
    message: { type: 'ping', at },
  })

  it('follows the hub when this browser is off', () => {
    expect(boardAfterAll([ping(100_000, 40_000)]).skewMs).toBe(60_000)
  })

  it('is known from the greeting on; an older hub says it with its first heartbeat', () => {
    const hello = { type: 'hello', epoch: 'e', seq: 1, oldest: 1 }
    const greeted = (message: object) => ({ type: 'message', now: 40_000, message }) as DeskEvent
    expect(boardAfterAll([greeted({ ...hello, at: 100_000 })]).skewMs).toBe(60_000)
    expect(boardAfterAll([greeted(hello)]).skewMs).toBe(0)
  })

  it('does not tremble with the network', () => {
    expect(boardAfterAll([ping(100_000, 100_300)]).skewMs).toBe(0)
  })
})

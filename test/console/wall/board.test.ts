import { describe, expect, it } from 'vitest'
import {
  type Board,
  type BoardEvent,
  boardAfter,
  countsKnown,
  countsOf,
  EMPTY_BOARD,
  OVER_KEPT,
  queueOf,
  ROWS_MAX,
  rowBeside,
  rowsOf,
  waitingTone,
} from '../../../console/wall/board.ts'
import { wallMarks } from '../../../console/wall/scene.ts'
import type { Alarm } from '../../../model/incident.ts'
import type { Position } from '../../../model/position.ts'
import type { Presence } from '../../../model/presence.ts'

const NOW = 1_800_000_000_000

function alarm(given: Partial<Alarm> & { id: string }): Alarm {
  return {
    class: 'emergency',
    state: 'raised',
    severity: 'critical',
    kind: 'sos',
    subject: { type: 'resident', id: given.id, name: '王秀英' },
    areaId: 'a',
    deviceId: `d-${given.id}`,
    raisedAt: NOW,
    alertedAt: NOW,
    lateMs: 0,
    acceptedAt: null,
    escalation: 0,
    disposition: null,
    previousId: null,
    findings: 1,
    seq: 1,
    ...given,
  } as Alarm
}

const boardOf = (...events: BoardEvent[]): Board => events.reduce(boardAfter, EMPTY_BOARD)
const owner = { id: 'chen', name: '陈静' }

describe('the board', () => {
  it('keeps the newest word about an alarm, and lets go of what is over', () => {
    const board = boardOf(
      { type: 'loaded', alarms: [alarm({ id: 'a', seq: 5 }), alarm({ id: 'b', seq: 2 })] },
      { type: 'alarm', alarm: alarm({ id: 'a', seq: 4, severity: 'high' }) },
      { type: 'alarm', alarm: alarm({ id: 'b', seq: 7, state: 'resolved' }) },
    )
    expect([...board.alarms.keys()]).toEqual(['a'])
    expect(board.alarms.get('a')?.severity).toBe('critical')
  })

  it('is replaced by a list: what is not on it is over', () => {
    const board = boardOf(
      { type: 'loaded', alarms: [alarm({ id: 'a' })] },
      { type: 'loaded', alarms: [alarm({ id: 'b' })] },
    )
    expect([...board.alarms.keys()]).toEqual(['b'])
  })

  it('knows nothing before the first list, and nobody before the first greeting', () => {
    expect([EMPTY_BOARD.isLoaded, EMPTY_BOARD.isGreeted, countsKnown(EMPTY_BOARD)]).toEqual([
      false,
      false,
      undefined,
    ])
    const broken = boardOf({ type: 'link', link: { state: 'broken', since: 1 } })
    expect([countsKnown(broken), broken.isGreeted]).toEqual([undefined, false])
    const known = boardOf({ type: 'loaded', alarms: [] }, { type: 'link', link: { state: 'live' } })
    expect([countsKnown(known)?.emergenciesWaiting, known.isGreeted]).toEqual([0, true])
  })

  it('lets no late answer bring back what is over, or has left', () => {
    const answer: BoardEvent = { type: 'alarm', alarm: alarm({ id: 'a', seq: 6, state: 'accepted', owner }) }
    const resolved: BoardEvent = { type: 'alarm', alarm: alarm({ id: 'a', seq: 7, state: 'resolved' }) }
    const left: BoardEvent = { type: 'message', message: { type: 'left', seq: 7, id: 'a' }, now: NOW }
    const list: BoardEvent = { type: 'loaded', alarms: [alarm({ id: 'a', seq: 5 })] }
    expect(boardOf(list, resolved, answer).alarms.size).toBe(0)
    expect(boardOf(list, left, answer).alarms.size).toBe(0)
    // Another list may be of another database, whose places start elsewhere.
    expect(boardOf(list, resolved, { type: 'loaded', alarms: [] }, answer).alarms.size).toBe(1)
  })

  it('keeps what a newer word has brought back, and remembers only so many that are over', () => {
    const back: BoardEvent = { type: 'alarm', alarm: alarm({ id: 'a', seq: 9 }) }
    const left: BoardEvent = { type: 'message', message: { type: 'left', seq: 7, id: 'a' }, now: NOW }
    expect(boardOf(back, left).alarms.size).toBe(1)
    const ends = Array.from({ length: OVER_KEPT + 5 }, (_, i): BoardEvent => {
      return { type: 'alarm', alarm: alarm({ id: String(i), state: 'resolved' }) }
    })
    expect(boardOf(...ends).over.size).toBe(OVER_KEPT)
  })

  it('counts from the first moment of a broken connection, through every try', () => {
    const board = boardOf(
      { type: 'link', link: { state: 'broken', since: 100 } },
      { type: 'link', link: { state: 'broken', since: 900 } },
    )
    expect(board.link).toEqual({ state: 'broken', since: 100 })
    const live = boardAfter(board, { type: 'link', link: { state: 'live' } })
    expect(boardAfter(live, { type: 'link', link: { state: 'broken', since: 2_000 } }).link).toEqual({
      state: 'broken',
      since: 2_000,
    })
  })

  it('knows who is there, and what could not be recorded', () => {
    const presence = { user: { id: 'chen', name: '陈静', role: 'operator' }, state: 'busy' } as Presence
    const finding = { id: 'f1' } as never
    const board = boardOf(
      { type: 'message', message: { type: 'presence', presence }, now: NOW },
      { type: 'message', message: { type: 'unrecorded', finding }, now: NOW },
    )
    expect(board.people.get('chen')?.state).toBe('busy')
    expect(board.unrecorded.size).toBe(1)
    const recorded: BoardEvent = { type: 'message', message: { type: 'recorded', findingId: 'f1' }, now: NOW }
    expect(boardAfter(board, recorded).unrecorded.size).toBe(0)
  })

  it('goes by the hub’s clock where the browser’s is wrong', () => {
    const ping = (at: number): BoardEvent => ({ type: 'message', message: { type: 'ping', at }, now: NOW })
    expect(boardOf(ping(NOW + 300_000)).skewMs).toBe(300_000)
    expect(boardOf(ping(NOW + 900)).skewMs).toBe(0)
    // A clock that trembles is not set anew with each heartbeat, and one that is not told is not a clock.
    expect(boardOf(ping(NOW + 300_000), ping(NOW + 300_040)).skewMs).toBe(300_000)
    expect(boardOf(ping(NOW + 300_000), ping(Number.NaN)).skewMs).toBe(300_000)
  })
})

describe('the queue', () => {
  it('begins with whoever needs somebody, emergencies first, the gravest and then the longest', () => {
    const queue = queueOf([
      alarm({ id: 'in-hand', state: 'accepted', owner }),
      alarm({ id: 'service', class: 'service', kind: 'service', severity: 'notice' }),
      alarm({ id: 'late', alertedAt: NOW - 5 }),
      alarm({ id: 'fall', kind: 'fall', alertedAt: NOW - 90 }),
      alarm({ id: 'unowned', state: 'dispatched', alertedAt: NOW - 10 }),
      alarm({ id: 'high', severity: 'high', kind: 'vitals', alertedAt: NOW - 99 }),
      alarm({ id: 'battery', class: 'technical', kind: 'low_battery', severity: 'notice' }),
    ])
    expect(queue.map(({ id }) => id)).toEqual(['unowned', 'late', 'fall', 'high', 'service', 'in-hand'])
  })

  it('is counted by who waits, with the one that has waited longest', () => {
    const oldest = alarm({ id: 'service', class: 'service', alertedAt: NOW - 60_000 })
    const counts = countsOf([
      alarm({ id: 'a' }),
      alarm({ id: 'b', state: 'accepted', owner }),
      oldest,
      alarm({ id: 't', class: 'technical' }),
    ])
    expect(counts).toEqual({ emergenciesWaiting: 1, servicesWaiting: 1, inHand: 1, technical: 1, oldest })
  })

  it.each([
    [19_999, 'calm'],
    [20_000, 'long'],
    [180_000, 'breached'],
  ])('after %i ms it is %s', (ms, tone) => {
    expect(waitingTone(ms)).toBe(tone)
  })
})

describe('choosing by keyboard', () => {
  const queue = Array.from({ length: ROWS_MAX + 20 }, (_, i) => alarm({ id: String(i) }))
  const rows = rowsOf(queue)

  it.each([
    ['0', -1, '0', 'nothing is above the first'],
    ['0', 1, '1', 'down is down'],
    [String(ROWS_MAX - 1), 1, String(ROWS_MAX - 1), 'what is not drawn is not chosen'],
    [undefined, 1, '0', 'nothing chosen yet'],
  ] as const)('from %s by %i is %s: %s', (chosen, by, expected, _reason) => {
    expect(rowBeside(rows, chosen, by)?.id).toBe(expected)
  })

  it('finds nothing in an empty queue', () => {
    expect(rowBeside([], undefined, 1)).toBeUndefined()
  })
})

describe('the marks of the map', () => {
  const position = (deviceId: string, lat: number, alarmId: string | null = null, at = NOW): Position => ({
    deviceId,
    kind: 'bracelet',
    areaId: 'a',
    alarmId,
    fix: { lat, lon: 122, accuracyM: 12, at, isExact: alarmId !== null },
  })
  const label = ({ id }: Alarm) => id

  it('show an incident once, at the place that was asked for last', () => {
    const known = { all: [position('d-a', 37), position('d-b', 38)], exact: [position('d-a', 37.001, 'a')] }
    const { marks, devices, incidents } = wallMarks([alarm({ id: 'a' })], known, label)
    expect(marks).toEqual([
      { id: 'a', place: [122, 37.001], severity: 'critical', label: 'a' },
      { id: 'd-b', place: [122, 38] },
    ])
    expect([devices, incidents]).toEqual([1, 1])
  })

  it('take the device that spoke last, where an elder wears two', () => {
    const exact = [position('watch', 39, 'a', NOW), position('band', 37, 'a', NOW - 60_000)]
    expect(wallMarks([alarm({ id: 'a' })], { all: [], exact }, label).marks[0]?.place).toEqual([122, 39])
  })

  it('say how many alarms have no place, and leave out what needs nobody', () => {
    const silent = { ...position('d-a', 37), fix: null }
    const battery = alarm({ id: 'b', class: 'technical' })
    const told = wallMarks([alarm({ id: 'a' }), battery], { all: [silent], exact: [] }, label)
    expect(told).toEqual({ marks: [], devices: 0, incidents: 0, unplaced: 1 })
  })
})

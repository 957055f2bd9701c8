import { describe, expect, it } from 'vitest'
import {
  chimeBetween,
  gravestFirst,
  loopOf,
  placeOf,
  soundOf,
  soundsBetween,
} from '../../../console/desk/bell.ts'
import { boardAfter, EMPTY_BOARD } from '../../../console/desk/board.ts'
import { type Desk, deskAfter, EMPTY_DESK, type Link } from '../../../console/desk/desk.ts'
import { CHIMES, LOOPS, render, soundsForS, startsOf } from '../../../console/desk/tunes.ts'
import type { Alarm } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, findingOf, WANG, ZHANG } from './given.ts'

const boardOf = (...alarms: Alarm[]) => boardAfter(EMPTY_BOARD, { type: 'loaded', alarms, seq: 1 })
const deskOf = (...alarms: Alarm[]): Desk => ({
  ...EMPTY_DESK,
  link: { state: 'live' },
  board: boardOf(...alarms),
})

const LIVE: Link = { state: 'live' }
const brokenBy = (reason: 'closed' | 'signed_out'): Link => ({
  state: 'broken',
  since: 0,
  retryAt: null,
  attempt: 1,
  reason,
})

describe('which tab sounds', () => {
  const ROWS = [
    { reason: 'one that is live before all others', sound: 'on', link: LIVE, place: 'live' },
    {
      reason: 'one whose session has ended behind them',
      sound: 'on',
      link: brokenBy('signed_out'),
      place: 'behind',
    },
    { reason: 'one that is cut off behind them', sound: 'on', link: brokenBy('closed'), place: 'behind' },
    {
      reason: 'one that has just been opened behind them',
      sound: 'on',
      link: { state: 'connecting' },
      place: 'behind',
    },
    { reason: 'not one that is muted', sound: 'muted', link: LIVE, place: 'none' },
    { reason: 'not one that nobody has touched', sound: 'locked', link: LIVE, place: 'none' },
  ] as const
  it.each(ROWS)('$reason', ({ sound, link, place }) => {
    expect(placeOf(sound, link)).toBe(place)
  })
})

describe('what sounds until it is answered', () => {
  const ROWS = [
    { reason: 'a critical emergency that nobody has', alarms: [alarmOf()], loop: 'critical' },
    { reason: 'one whose owner has gone', alarms: [alarmOf({ state: 'dispatched' })], loop: 'critical' },
    {
      reason: 'something new in one of mine',
      alarms: [acceptedBy(ZHANG, { alertedAt: 3_000 })],
      loop: 'realert',
    },
    {
      reason: 'not what is new for a colleague',
      alarms: [acceptedBy(WANG, { alertedAt: 3_000 })],
      loop: 'none',
    },
    { reason: 'not what is in hand', alarms: [acceptedBy(WANG)], loop: 'none' },
    { reason: 'a high emergency that nobody has', alarms: [alarmOf({ severity: 'high' })], loop: 'high' },
    {
      reason: 'not a high one in hand',
      alarms: [acceptedBy(WANG, { severity: 'high' })],
      loop: 'none',
    },
    {
      reason: 'what is new in mine before what is high',
      alarms: [alarmOf({ id: 'high', severity: 'high' }), acceptedBy(ZHANG, { alertedAt: 3_000 })],
      loop: 'realert',
    },
    {
      reason: 'the critical one before the high one',
      alarms: [alarmOf({ id: 'high', severity: 'high' }), alarmOf()],
      loop: 'critical',
    },
    { reason: 'not a request for service', alarms: [alarmOf({ class: 'service' })], loop: 'none' },
    {
      reason: 'the emergency before my own',
      alarms: [acceptedBy(ZHANG, { id: 'mine', alertedAt: 3_000 }), alarmOf({ id: 'other' })],
      loop: 'critical',
    },
  ]
  it.each(ROWS)('$reason', ({ alarms, loop }) => {
    expect(loopOf(boardOf(...alarms), ZHANG.id)).toBe(loop)
  })

  it('ends with "I see it"', () => {
    const board = boardOf(acceptedBy(ZHANG, { alertedAt: 3_000 }))
    const answered = boardAfter(board, { type: 'acknowledged', id: 'inc_1', alertedAt: 3_000 })
    expect(loopOf(answered, ZHANG.id)).toBe('none')
  })
})

describe('a session that has ended', () => {
  const ended: Desk = { ...deskOf(), link: brokenBy('signed_out') }

  it('sounds until it is renewed, and a connection that is merely broken does not', () => {
    expect(soundOf(ended, ZHANG.id)).toBe('ended')
    expect(soundOf({ ...ended, link: brokenBy('closed') }, ZHANG.id)).toBe('none')
    expect(soundOf({ ...ended, link: LIVE }, ZHANG.id)).toBe('none')
  })

  it('leaves the emergency that is known to be heard first', () => {
    expect(soundOf({ ...ended, board: boardOf(alarmOf()) }, ZHANG.id)).toBe('critical')
    expect(soundOf({ ...ended, board: boardOf(alarmOf({ severity: 'high' })) }, ZHANG.id)).toBe('ended')
  })

  it('is heard once as it ends, by the loop or by the chime', () => {
    const given = { myId: ZHANG.id, playing: 'none' } as const
    expect(soundsBetween(deskOf(), ended, given)).toEqual({ loop: 'ended', chime: undefined })
    const alarm = boardOf(alarmOf())
    expect(
      soundsBetween(
        { ...deskOf(), board: alarm },
        { ...ended, board: alarm },
        { ...given, playing: 'critical' },
      ),
    ).toEqual({ loop: 'critical', chime: 'broken' })
  })
})

describe('what a loop says needs no chime', () => {
  const high = alarmOf({ id: 'high', severity: 'high' })
  const other = alarmOf({ id: 'other', severity: 'high' })
  const help = alarmOf({ id: 'help', class: 'service' })
  const ROWS: { reason: string; before: Alarm[]; after: Alarm[]; sounds: object }[] = [
    {
      reason: 'the first high one begins the loop',
      before: [],
      after: [high],
      sounds: { loop: 'high', chime: undefined },
    },
    {
      reason: 'the second is told at once',
      before: [high],
      after: [high, other],
      sounds: { loop: 'high', chime: 'high' },
    },
    {
      reason: 'a high one is told beside a critical one',
      before: [alarmOf()],
      after: [alarmOf(), high],
      sounds: { loop: 'critical', chime: 'high' },
    },
    {
      reason: 'that nobody answers is told beside the critical loop',
      before: [alarmOf()],
      after: [alarmOf({ escalation: 1, seq: 2 })],
      sounds: { loop: 'critical', chime: 'escalated' },
    },
    {
      reason: 'a critical one is its own loop',
      before: [],
      after: [alarmOf()],
      sounds: { loop: 'critical', chime: undefined },
    },
    {
      reason: 'a request that comes with an emergency is told',
      before: [],
      after: [high, help],
      sounds: { loop: 'high', chime: 'service' },
    },
  ]
  it.each(ROWS)('$reason', ({ before, after, sounds }) => {
    const playing = soundOf(deskOf(...before), ZHANG.id)
    expect(soundsBetween(deskOf(...before), deskOf(...after), { myId: ZHANG.id, playing })).toEqual(sounds)
  })
})

describe('what chimes once', () => {
  const high = alarmOf({ severity: 'high', kind: 'vitals' })
  const ROWS = [
    { reason: 'a new alarm', before: [], after: [high], chime: 'high' },
    { reason: 'the same alarm again', before: [high], after: [{ ...high, seq: 2 }], chime: undefined },
    {
      reason: 'one that came back to the queue',
      before: [acceptedBy(WANG, { severity: 'high' })],
      after: [{ ...high, seq: 2 }],
      chime: 'high',
    },
    { reason: 'one that got worse', before: [high], after: [alarmOf({ seq: 2 })], chime: 'high' },
    {
      reason: 'one that nobody answers',
      before: [high],
      after: [{ ...high, escalation: 1 }],
      chime: 'escalated',
    },
    { reason: 'a request', before: [], after: [alarmOf({ class: 'service' })], chime: 'service' },
    {
      reason: 'the loudest of several',
      before: [],
      after: [alarmOf({ id: 's', class: 'service' }), { ...high, id: 'h' }],
      chime: 'high',
    },
    {
      reason: 'nothing technical',
      before: [],
      after: [alarmOf({ class: 'technical', severity: 'notice' })],
      chime: undefined,
    },
  ]
  it.each(ROWS)('$reason', ({ before, after, chime }) => {
    expect(chimeBetween(deskOf(...before), deskOf(...after))).toBe(chime)
  })

  it('a connection that breaks, once', () => {
    const live = deskOf()
    const broken: Desk = {
      ...live,
      link: { state: 'broken', since: 0, retryAt: 1, attempt: 1, reason: 'closed' },
    }
    expect(chimeBetween(live, broken)).toBe('broken')
    const again: Desk = { ...live, link: { state: 'connecting' } }
    expect(chimeBetween(again, broken)).toBe('broken')
    expect(chimeBetween(EMPTY_DESK, { ...EMPTY_DESK, link: broken.link })).toBeUndefined()
    expect(chimeBetween(broken, { ...broken, link: { ...broken.link } })).toBeUndefined()
  })
})

describe('an emergency that is not recorded', () => {
  const told = (desk: Desk, finding = findingOf()): Desk =>
    deskAfter(desk, { type: 'message', message: { type: 'unrecorded', finding }, now: 0 })

  it('sounds like a critical alarm, until somebody here says to see it', () => {
    const desk = told(deskOf())
    expect(soundOf(desk, ZHANG.id)).toBe('critical')
    expect(soundOf(deskAfter(desk, { type: 'unrecordedHeard', id: 'f_1' }), ZHANG.id)).toBe('none')
    expect(soundOf(deskOf(alarmOf()), ZHANG.id)).toBe('critical')
  })

  it('sounds like a high alarm when it is high, and not again when it is told anew', () => {
    const before = deskOf()
    const high = told(before, findingOf({ severity: 'high' }))
    expect(soundOf(high, ZHANG.id)).toBe('high')
    expect(chimeBetween(before, high)).toBe('high')
    const heard = deskAfter(high, { type: 'unrecordedHeard', id: 'f_1' })
    expect(soundOf(heard, ZHANG.id)).toBe('none')
    const anew = deskAfter(heard, { type: 'link', link: { state: 'live' } })
    expect(chimeBetween(anew, told(anew, findingOf({ severity: 'high' })))).toBeUndefined()
  })
})

describe('chimes that come while something sounds', () => {
  const critical = { tune: LOOPS.critical, sinceS: 100 }

  it('begin at once where nothing plays, one after the other', () => {
    const [first = 0, second = 0] = startsOf(['escalated', 'high'], { fromS: 7, loop: undefined })
    expect(first).toBe(7)
    expect(second).toBeGreaterThanOrEqual(7 + soundsForS(CHIMES.escalated))
  })

  it('wait for the rest of the loop', () => {
    const rests = 100 + soundsForS(LOOPS.critical)
    for (const fromS of [100, 100.9, 101.7]) {
      const [start = 0] = startsOf(['high'], { fromS, loop: critical })
      expect(start).toBeGreaterThan(rests)
      expect(start + soundsForS(CHIMES.high)).toBeLessThanOrEqual(100 + LOOPS.critical.lengthS)
    }
  })

  it('begin at once in a rest that is long enough, and wait for the next one in a short one', () => {
    const [start] = startsOf(['high'], { fromS: 102, loop: critical })
    expect(start).toBe(102)
    const [next = 0] = startsOf(['high'], { fromS: 103, loop: critical })
    expect(next).toBeGreaterThan(103.2 + soundsForS(LOOPS.critical))
  })

  it.each(Object.values(LOOPS).flatMap(tune => Object.values(CHIMES).map(chime => ({ tune, chime }))))(
    'any chime fits into the rest of any loop',
    ({ tune, chime }) => {
      expect(soundsForS(tune) + soundsForS(chime) + 0.1).toBeLessThan(tune.lengthS)
    },
  )

  it('are each played once, the gravest first', () => {
    expect(gravestFirst(['service', 'high', 'broken', 'high'])).toEqual(['broken', 'high', 'service'])
  })
})

describe('the tunes', () => {
  it('high is quieter and rarer than critical', () => {
    const loudest = ({ notes }: (typeof LOOPS)['high']) => Math.max(...notes.map(({ gain }) => gain))
    expect(loudest(LOOPS.high)).toBeLessThan(loudest(LOOPS.critical))
    expect(LOOPS.high.lengthS).toBeGreaterThan(LOOPS.critical.lengthS)
  })

  it('an ended session is told every half minute', () => {
    expect(LOOPS.ended.lengthS).toBe(30)
  })

  it.each(Object.entries({ ...LOOPS, ...CHIMES }))(
    '%s is heard, is never clipped, and ends softly',
    (_, tune) => {
      const samples = render(tune, 8_000)
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      expect(peak).toBeGreaterThan(0.2)
      expect(peak).toBeLessThan(1)
      expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(0.01)
    },
  )

  it.each(Object.entries(LOOPS))('%s rests between its calls', (_, { lengthS, notes }) => {
    const end = Math.max(...notes.map(({ atS, forS }) => atS + forS))
    expect(lengthS - end).toBeGreaterThan(1)
  })
})

import { describe, expect, it } from 'vitest'
import { chimeBetween, loopOf, soundOf } from '../../../console/desk/bell.ts'
import { boardAfter, EMPTY_BOARD } from '../../../console/desk/board.ts'
import { type Desk, deskAfter, EMPTY_DESK } from '../../../console/desk/desk.ts'
import { CHIMES, LOOPS, render } from '../../../console/desk/tunes.ts'
import type { Alarm } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, findingOf, WANG, ZHANG } from './given.ts'

const boardOf = (...alarms: Alarm[]) => boardAfter(EMPTY_BOARD, { type: 'loaded', alarms, seq: 1 })
const deskOf = (...alarms: Alarm[]): Desk => ({
  ...EMPTY_DESK,
  link: { state: 'live' },
  board: boardOf(...alarms),
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
    { reason: 'not what is high', alarms: [alarmOf({ severity: 'high' })], loop: 'none' },
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

  it('chimes when it is high, once, and not again when it is told anew', () => {
    const before = deskOf()
    const high = told(before, findingOf({ severity: 'high' }))
    expect(soundOf(high, ZHANG.id)).toBe('none')
    expect(chimeBetween(before, high)).toBe('high')
    const heard = deskAfter(high, { type: 'unrecordedHeard', id: 'f_1' })
    const anew = deskAfter(heard, { type: 'link', link: { state: 'live' } })
    expect(chimeBetween(anew, told(anew, findingOf({ severity: 'high' })))).toBeUndefined()
  })
})

describe('the tunes', () => {
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

// Falls that the hub sees in bursts: what is raised, what a re-send is, and when a wearer's falls go to review.

import { beforeEach, describe, expect, it } from 'vitest'
import { epochMs } from '../../../model/units.ts'
import { type Context, type Input, NO_CONTEXT, type Raised } from '../../../workers/rule.ts'
import { plainFallBurst } from '../../../workers/rules/fall-burst.older.ts'
import { fallBurstStored } from '../../../workers/rules/fall-burst.stored.ts'
import { FALLS_A_DAY, type FallBurstState, fallBurst } from '../../../workers/rules/fall-burst.ts'
import { DAY_MS, KEPT_FALLS } from '../../../workers/rules/fall-memory.ts'
import { falling, recorded, walking } from '../falls/bursts.ts'

const HOUR = 3_600_000
const START_AT = Date.UTC(2027, 2, 1, 8)

let now = START_AT
let state = fallBurst.start()
let context: Context = NO_CONTEXT
beforeEach(() => {
  now = START_AT
  state = fallBurst.start()
  context = { ...NO_CONTEXT, residentId: 'elder' }
})

function put(input: Input): readonly Raised[] {
  const before = JSON.stringify(state)
  const step = fallBurst.step(state, input, context)
  expect(JSON.stringify(state), 'state is not changed in place').toBe(before)
  if (step?.state === null) state = fallBurst.start()
  else if (step?.state !== undefined) state = stored(step.state)
  return step?.findings ?? []
}

/** Written down, it is read as just what it was. */
function stored(next: FallBurstState): FallBurstState {
  const read = fallBurstStored.unpack(JSON.parse(JSON.stringify(fallBurstStored.pack(next))))
  expect(read).toEqual(next)
  return read
}

type Sent = { id?: string; t0?: number; lateMs?: number; movement?: typeof falling; seed?: number }

/** A burst comes in. Its first sample is `lateMs` old, or of the hub's time when the device tells none. */
function burst({ id, t0, lateMs = 0, movement = falling, seed = 1 }: Sent = {}): readonly Raised[] {
  const motion = { ...recorded(movement, { seed }), ...(id && { id }), ...(t0 && { t0 }) }
  return put({ type: 'burst', now: epochMs(now), at: epochMs(now - lateMs), lateMs, motion })
}

const tick = (): readonly Raised[] => put({ type: 'tick', now: epochMs(now) })

describe('a burst', () => {
  it('that is a fall is high, at the time of its peak, with the numbers that raised it', () => {
    const [fall, ...others] = burst({ id: 'b1', t0: now - 6_500, lateMs: 6_500 })
    expect(others).toEqual([])
    expect(fall).toMatchObject({
      kind: 'fall',
      severity: 'high',
      eventId: 'b1',
      evidence: { source: 'burst', cutOff: 0.5, model: expect.any(String), fallsInDay: 1, boundPerDay: 2 },
    })
    expect(fall?.evidence).not.toHaveProperty('review')
    expect(fall?.evidence.score).toBeGreaterThanOrEqual(0.5)
    expect(fall?.evidence.peakG).toBeGreaterThan(2)
    expect(fall?.evidence.stillAfterMs).toBeGreaterThan(1_000)
    const sinceStartMs = Number(fall?.at) - (now - 6_500)
    expect(Math.abs(sinceStartMs - 2_000)).toBeLessThan(120)
    expect(fall?.lateMs).toBe(now - Number(fall?.at))
  })

  it('without a time of its own happened when it came', () => {
    expect(burst()).toMatchObject([{ at: now, lateMs: 0 }])
  })

  it('that is old is raised all the same, and says so', () => {
    expect(burst({ lateMs: 5 * HOUR })[0]?.lateMs).toBeGreaterThan(4.9 * HOUR)
  })

  it('that is none raises nothing and leaves nothing behind', () => {
    expect(burst({ movement: walking })).toEqual([])
    expect(state).toEqual(fallBurst.start())
  })
})

describe('the same burst again', () => {
  it.each<[reason: string, first: Sent, again: Sent, afterMs: number, raised: number]>([
    ['the acknowledgement was lost', { id: 'b1' }, { id: 'b1' }, 5_000, 0],
    ['the device was out of reach in between', { id: 'b1' }, { id: 'b1' }, DAY_MS - 1, 0],
    ['a day later it is another', { id: 'b1' }, { id: 'b1' }, DAY_MS, 1],
    ['each try is stamped anew', { id: 'b1', t0: START_AT }, { id: 'b1', t0: START_AT + 9_000 }, 9_000, 0],
    ['its count began anew', { id: 'b1', t0: START_AT }, { id: 'b1', t0: START_AT + HOUR }, HOUR, 1],
    ['another id is another burst', { id: 'b1' }, { id: 'b2' }, 1_000, 1],
    ['without an id, alerts knows it by its bytes', {}, {}, 1_000, 1],
  ])('%s', (_reason, first, again, afterMs, raised) => {
    const [before] = burst(first)
    expect(before).toBeDefined()
    now += afterMs
    const found = burst(again)
    expect(found).toHaveLength(raised)
    if (first.id === undefined) expect(found[0]?.bytesHash).toBe(before?.bytesHash)
  })

  it('of other samples has other bytes', () => {
    const [a] = burst({ seed: 1 })
    const [b] = burst({ seed: 2 })
    expect(a?.bytesHash).not.toBe(b?.bytesHash)
  })
})

describe('a wearer of whom the detector says so too often', () => {
  const severities = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      now += HOUR
      return burst({ id: `b${i}` })[0]
    })

  it(`has ${FALLS_A_DAY} a day in the emergency queue, and the others in review`, () => {
    const falls = severities(FALLS_A_DAY + 2)
    expect(falls.map(fall => fall?.severity)).toEqual(['high', 'high', 'notice', 'notice'])
    expect(falls.map(fall => fall?.evidence.review)).toEqual([undefined, undefined, true, true])
    expect(falls.at(-1)?.evidence).toMatchObject({ fallsInDay: 4, boundPerDay: FALLS_A_DAY })
  })

  it('leaves the review when a day has brought fewer', () => {
    severities(FALLS_A_DAY + 1)
    now = START_AT + HOUR + DAY_MS - 10_000
    expect(tick()).toEqual([])
    now += 10_000
    expect(tick()).toMatchObject([{ kind: 'fall', severity: 'notice', ended: true }])
    now += HOUR
    expect(tick()).toEqual([])
    expect(burst({ id: 'next' })).toMatchObject([{ severity: 'high', evidence: { fallsInDay: 2 } }])
    now += 2 * DAY_MS
    expect(tick()).toEqual([])
    expect(state).toEqual(fallBurst.start())
  })

  it('is the wearer, and not the next one of the same device', () => {
    severities(FALLS_A_DAY)
    context = { ...context, residentId: 'neighbour' }
    expect(burst({ id: 'theirs' })).toMatchObject([{ severity: 'high', evidence: { fallsInDay: 1 } }])
  })
})

describe('a day of fifty falls', () => {
  const MINUTE = 60_000
  const every = 28 * MINUTE
  /** The last of them, and the state after each. */
  function fifty(): { last: Raised | undefined; bytes: number[] } {
    const bytes: number[] = []
    let last: Raised | undefined
    for (let i = 0; i < 50; i++) {
      now += every
      last = burst({ id: `0195f1c2-77ab-7c31-9d53-${i}`, t0: now - 6_500, lateMs: 6_500 })[0]
      bytes.push(JSON.stringify(fallBurstStored.pack(state)).length)
    }
    return { last, bytes }
  }

  it('is remembered in little, and counted', () => {
    const { last, bytes } = fifty()
    expect(last).toMatchObject({ severity: 'notice', evidence: { fallsInDay: 50, review: true } })
    expect(Math.max(...bytes)).toBeLessThan(130)
  })

  it('still knows what is sent again of the last few', () => {
    fifty()
    for (let i = 0; i < KEPT_FALLS; i++)
      expect(burst({ id: `0195f1c2-77ab-7c31-9d53-${49 - i}` })).toEqual([])
  })

  it('is over a day later, hour by hour; the review ends when two are left', () => {
    fifty()
    now += DAY_MS - 5 * every
    const [next] = burst({ id: 'next' })
    expect(Number(next?.evidence.fallsInDay)).toBeGreaterThan(FALLS_A_DAY)
    expect(Number(next?.evidence.fallsInDay)).toBeLessThanOrEqual(6)
    const ended: number[] = []
    for (let i = 0; i < 6 * 28 * 6; i++) {
      now += 10_000
      if (tick().length > 0) ended.push(now)
    }
    // Then the last of them and the next are left.
    expect(ended).toEqual([START_AT + 49 * every + DAY_MS])
  })

  it('that an earlier version had stored in full is taken over', () => {
    const told = Array.from({ length: 50 }, (_, i) => ({
      now: epochMs(START_AT + i * every),
      residentId: 'elder',
      id: `b${i}`,
      t0: START_AT + i * every - 6_500,
    }))
    state = stored(plainFallBurst.migrate({ told, inReview: true }))
    now = START_AT + 49 * every
    expect(burst({ id: 'b49' })).toEqual([])
    expect(burst({ id: 'b50' })).toMatchObject([{ severity: 'notice', evidence: { fallsInDay: 51 } }])
  })
})

// Falls that the hub sees in bursts: what is raised, what a re-send is, and when a wearer's falls go to review.

import { beforeEach, describe, expect, it } from 'vitest'
import { epochMs } from '../../../model/units.ts'
import { type Context, type Input, NO_CONTEXT, type Raised } from '../../../workers/rule.ts'
import { DAY_MS, FALLS_A_DAY, fallBurst } from '../../../workers/rules/fall-burst.ts'
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
  else if (step?.state !== undefined) state = JSON.parse(JSON.stringify(step.state))
  return step?.findings ?? []
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

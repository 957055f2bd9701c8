// Who takes what, row by row, and whole stories of processes that come, go, hang and come back, in virtual time.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { decide, LEFT_LYING_AFTER_MS, type Roll, type Standing } from '../../workers/share.ts'
import { type Engine, type Process, shareAmong } from './processes.ts'

const BOTH: Roll = { members: ['a', 'b'], sameForMs: 10_000 }
const JUST_NOW: Roll = { ...BOTH, sameForMs: 500 }
const ALONE: Roll = { members: ['a'], sameForMs: 10_000 }
const free = (freeForMs: number): Standing => ({ at: 'nobody', freeForMs })
const mine = (sinceMs: number): Standing => ({ at: 'me', sinceMs })
const another: Standing = { at: 'another' }

/** What `a` does about partition 0, its own, or 1, that of `b`. */
// biome-ignore format: a table reads in columns
test.each([
  ['its own, that nobody has', 0, free(0), JUST_NOW, 'mine'],
  ['its own, that another still has', 0, another, BOTH, 'stay'],
  ['its own, that it works on', 0, mine(60_000), BOTH, 'stay'],
  ['the only process, any', 1, free(0), ALONE, 'mine'],
  ["another's, that is free for a moment", 1, free(LEFT_LYING_AFTER_MS), BOTH, 'stay'],
  ["another's, that is left lying", 1, free(LEFT_LYING_AFTER_MS + 1), BOTH, 'left_lying'],
  ["another's, that they work on", 1, another, BOTH, 'stay'],
  ["another's, and they have just come", 1, mine(60_000), JUST_NOW, 'stay'],
  ["another's, and they came and stayed", 1, mine(60_000), BOTH, 'owner_came'],
  ["another's, that they did not open: no ping-pong", 1, mine(5_000), BOTH, 'stay'],
  ['nobody is on the roll, and it is free', 1, free(0), { members: [], sameForMs: 10_000 }, 'stay'],
] as const)('%s', (_reason, partition, standing, roll, decision) => {
  expect(decide({ me: 'a', partition, standing, roll })).toBe(decision)
})

describe('processes that share eight partitions', () => {
  let engine: Engine
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    engine = shareAmong(8)
  })
  afterEach(async () => {
    const stopped = engine.stopAll()
    await vi.advanceTimersByTimeAsync(10_000)
    await stopped
    vi.useRealTimers()
  })

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const start = (name: string): Process => engine.start(name)

  test('one takes all at once', async () => {
    start('a')
    await pass(100)
    expect(engine.shares()).toEqual({ a: [0, 1, 2, 3, 4, 5, 6, 7] })
  })

  test('one that comes has its share within four seconds, and nothing moves after that', async () => {
    start('a')
    await pass(10_000)
    start('b')
    await pass(4_000)
    expect(engine.shares()).toEqual({ a: [0, 2, 4, 6], b: [1, 3, 5, 7] })
    const moves = engine.moves()
    await pass(120_000)
    expect(engine.moves()).toBe(moves)
  })

  test('one that leaves in order: the others have its share within a second', async () => {
    const [, b] = [start('a'), start('b')]
    await pass(10_000)
    await Promise.all([b.stop(), pass(1_000)])
    expect(engine.shares()).toEqual({ a: [0, 1, 2, 3, 4, 5, 6, 7] })
  })

  test('one that is killed: the others have its share when its lease has ended', async () => {
    const [, b] = [start('a'), start('b')]
    await pass(10_000)
    b.kill()
    await pass(4_000)
    expect(engine.shares()).toEqual({ a: [0, 1, 2, 3, 4, 5, 6, 7] })
  })

  test('one that is paused for a minute gets its share back once it has been there for a while', async () => {
    const [, b] = [start('a'), start('b')]
    await pass(10_000)
    b.pause()
    await pass(60_000)
    expect(engine.shares()).toEqual({ a: [0, 1, 2, 3, 4, 5, 6, 7] })
    b.goOn()
    await pass(4_000)
    expect(engine.shares()).toEqual({ a: [0, 2, 4, 6], b: [1, 3, 5, 7] })
  })

  test('one that comes and goes all the time takes nothing from the others', async () => {
    start('a')
    await pass(10_000)
    const moves = engine.moves()
    for (let n = 0; n < 10; n++) {
      const flapping = start('b')
      await pass(1_000)
      await Promise.all([flapping.stop(), pass(1_000)])
    }
    expect(engine.moves()).toBe(moves)
  })

  test('a partition that its owner cannot open is taken in by another, and stays there', async () => {
    start('a')
    engine.start('b', { cannotOpen: [3] })
    await pass(15_000)
    expect(engine.shares()).toEqual({ a: [0, 2, 3, 4, 6], b: [1, 5, 7] })
    const moves = engine.moves()
    await pass(60_000)
    expect(engine.moves()).toBe(moves)
    // Whoever comes is another chance for it: of three, it is the first one's.
    start('c')
    await pass(15_000)
    expect(engine.shares()).toEqual({ a: [0, 3, 6], b: [1, 4, 7], c: [2, 5] })
  })

  test('a partition that its owner takes and cannot work on, again and again, is taken in as well', async () => {
    start('a')
    engine.start('b', { failsOn: { 3: 400, 5: 1_600 } })
    await pass(40_000)
    expect(engine.shares()).toEqual({ a: [0, 2, 3, 4, 5, 6], b: [1, 7] })
    const moves = engine.moves()
    await pass(60_000)
    expect(engine.moves()).toBe(moves)
  })

  test('an engine that was away leaves everybody with their own', async () => {
    start('a')
    start('b')
    await pass(10_000)
    engine.isAway = true
    await pass(30_000)
    engine.isAway = false
    await pass(10_000)
    expect(engine.shares()).toEqual({ a: [0, 2, 4, 6], b: [1, 3, 5, 7] })
  })

  test('five processes have one or two each', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) start(name)
    await pass(10_000)
    const sizes = Object.values(engine.shares()).map(share => share.length)
    expect(sizes.toSorted()).toEqual([1, 1, 2, 2, 2])
  })
})

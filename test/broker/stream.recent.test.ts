// The newest entries in memory against a log that forgets nothing: whatever is answered from memory is what the log holds.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openRecent } from '../../broker/stream.recent.ts'
import type { LogEntry } from '../../broker/stream.ts'

const ENTRY_BYTES = 100
const LOGS = 3

const entryAt = (pos: number): LogEntry => ({
  lane: 'routine',
  position: String(pos),
  data: new Uint8Array(ENTRY_BYTES),
})
const positionsOf = (entries: readonly LogEntry[] | undefined) =>
  entries?.map(({ position }) => Number(position))

describe('the newest entries of the logs', () => {
  it('says what stands behind a position that it has seen stored, and of no other', () => {
    const recent = openRecent()
    for (const pos of [3, 5, 9]) recent.add(1, pos, entryAt(pos))
    expect(positionsOf(recent.read(1, 2, 1_000))).toBeUndefined() // what stood before 3 is not known
    expect(positionsOf(recent.read(1, 3, 1_000))).toEqual([5, 9])
    expect(positionsOf(recent.read(1, 7, 1_000))).toEqual([9])
    expect(positionsOf(recent.read(1, 9, 1_000))).toEqual([])
    expect(positionsOf(recent.read(2, 9, 1_000))).toBeUndefined()
  })

  it('gives one entry at least, and stops when it has as many bytes as were asked for', () => {
    const recent = openRecent()
    recent.endsAt(1, 0)
    for (const pos of [1, 2, 3]) recent.add(1, pos, entryAt(pos))
    expect(positionsOf(recent.read(1, 0, 1))).toEqual([1])
    expect(positionsOf(recent.read(1, 0, ENTRY_BYTES + 1))).toEqual([1, 2])
  })

  it('lets the oldest of all logs go, and knows then that it does not know', () => {
    const recent = openRecent({ maxBytes: 3 * ENTRY_BYTES })
    for (const log of [1, 2]) recent.endsAt(log, 0)
    recent.add(1, 1, entryAt(1))
    for (const pos of [2, 3, 4]) recent.add(2, pos, entryAt(pos))
    expect(positionsOf(recent.read(1, 0, 1_000))).toBeUndefined()
    expect(positionsOf(recent.read(1, 1, 1_000))).toEqual([])
    expect(positionsOf(recent.read(2, 0, 1_000))).toEqual([2, 3, 4])
  })

  it('knows nothing any more when it is told to forget', () => {
    const recent = openRecent()
    recent.endsAt(1, 0)
    recent.add(1, 1, entryAt(1))
    recent.forget()
    expect(recent.read(1, 0, 1_000)).toBeUndefined()
    recent.add(1, 2, entryAt(2))
    expect(recent.read(1, 1, 1_000)).toBeUndefined() // there may be something between the two
    expect(positionsOf(recent.read(1, 2, 1_000))).toEqual([])
  })

  it('never answers anything but what the log holds', () => {
    const log = fc.integer({ min: 0, max: LOGS - 1 })
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), log }) },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('read' as const), log, back: fc.nat(12), max: fc.nat(900) }),
      },
      fc.record({ do: fc.constant('trim' as const), log, back: fc.nat(6) }),
      fc.record({ do: fc.constant('ends' as const), log }),
      fc.record({ do: fc.constant('forget' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const recent = openRecent({ maxBytes: 8 * ENTRY_BYTES })
        const logs: number[][] = Array.from({ length: LOGS }, () => [])
        let pos = 0
        for (const one of steps) {
          if (one.do === 'forget') {
            recent.forget()
            continue
          }
          const held = logs[one.log] as number[]
          if (one.do === 'add') {
            held.push(++pos)
            recent.add(one.log, pos, entryAt(pos))
          } else if (one.do === 'ends') recent.endsAt(one.log, pos)
          else if (one.do === 'trim') {
            const upTo = Math.max(0, pos - one.back)
            logs[one.log] = held.filter(stored => stored > upTo)
            recent.trimmed(one.log, upTo)
          } else {
            const after = Math.max(0, pos - one.back)
            const answer = positionsOf(recent.read(one.log, after, one.max))
            const all = held.filter(stored => stored > after)
            const count = Math.max(1, Math.ceil(one.max / ENTRY_BYTES))
            if (answer) expect(answer).toEqual(all.slice(0, count))
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { queueWrites } from '../../workers/history.sqlite.queue.ts'
import type { LoggedEntry, Written } from '../../workers/history.ts'
import { emptyTally } from '../../workers/kept.entries.ts'
import { eventually } from '../eventually.ts'

const MIB = 1024 * 1024

/** A write of `count` samples, in so many bytes. */
const entries = (count: number, bytes = 10): LoggedEntry[] =>
  Array.from({ length: count }, () => ({ lane: 'routine' as const, data: new Uint8Array(bytes / count) }))

/** Transactions that end when they are told to. */
function started() {
  const running: { sizes: number[]; end(): void; fail(): void }[] = []
  const write = queueWrites(writes => {
    const { promise, resolve, reject } = Promise.withResolvers<Written[]>()
    const written = writes.map(some => ({ ...emptyTally(), sample: some.length }))
    running.push({
      sizes: writes.map(some => some.length),
      end: () => resolve(written),
      fail: () => reject(new Error('the disk')),
    })
    return promise
  })
  return { write, running, begun: (n: number) => eventually(() => expect(running).toHaveLength(n)) }
}

describe('writes to history.db', () => {
  it('that wait go in one transaction, and each has its own answer', async () => {
    const { write, running, begun } = started()
    const first = write(entries(1))
    const others = [write(entries(2)), write(entries(3))]
    running[0]?.end()
    expect(await first).toMatchObject({ sample: 1 })
    await begun(2)
    running[1]?.end()
    expect(await Promise.all(others)).toMatchObject([{ sample: 2 }, { sample: 3 }])
    expect(running.map(({ sizes }) => sizes)).toEqual([[1], [2, 3]])
  })

  it('fail together, and those behind them are tried', async () => {
    const { write, running, begun } = started()
    const first = write(entries(1))
    running[0]?.fail()
    await expect(first).rejects.toThrow('the disk')
    const [second, third] = [write(entries(2)), write(entries(3))]
    await begun(2)
    running[1]?.fail()
    expect(await Promise.allSettled([second, third])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ])
    const fourth = write(entries(4))
    await begun(3)
    running[2]?.end()
    expect(await fourth).toMatchObject({ sample: 4 })
  })

  it('are taken up to some megabytes at a time', async () => {
    const { write, running, begun } = started()
    const all = [1, 2, 3, 4].map(count => write(entries(count, 1.5 * MIB)))
    running[0]?.end()
    await begun(2)
    running[1]?.end()
    await begun(3)
    running[2]?.end()
    await Promise.all(all)
    expect(running.map(({ sizes }) => sizes)).toEqual([[1], [2, 3], [4]])
  })

  it('are refused when too much waits, and taken again when it is written', async () => {
    const { write, running, begun } = started()
    const all = [write(entries(1, 20 * MIB)), write(entries(2, 10 * MIB))]
    await expect(write(entries(3, 5 * MIB))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    running[0]?.end()
    await begun(2)
    running[1]?.end()
    await Promise.all(all)
    const later = write(entries(3, 5 * MIB))
    await begun(3)
    running[2]?.end()
    expect(await later).toMatchObject({ sample: 3 })
  })
})

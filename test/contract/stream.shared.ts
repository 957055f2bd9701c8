// What an engine must do that several processes share: two of them on one place.

import { describe, expect, it, onTestFinished } from 'vitest'
import { type OpenStream, ownerLease, START, type Stream } from '../../broker/stream.ts'
import type { StreamPlace } from './stream.place.ts'

const sos = { partition: 1, lane: 'urgent', data: Buffer.from('sos') } as const
const fromStart = { partition: 1, side: 'in', after: { urgent: START }, maxBytes: 1_000, waitMs: 0 } as const

export function describeSharedStream(engine: string, makePlace: () => Promise<StreamPlace>): void {
  async function two(): Promise<{ one: OpenStream; other: OpenStream; passes: StreamPlace['passes'] }> {
    const place = await makePlace()
    const one = await place.open()
    const other = await place.open()
    onTestFinished(async () => {
      await one.close()
      await other.close()
      await place.remove()
    })
    return { one, other, passes: place.passes }
  }

  const take = ({ stream }: { stream: Stream }, owner: string, ttlMs = 60_000) =>
    stream.lease({ name: ownerLease(1), owner, ttlMs })

  describe(`stream on ${engine}, shared by two processes`, () => {
    it('is one and the same', async () => {
      const { one, other } = await two()
      expect(other.epoch).toBe(one.epoch)
      await one.stream.append([sos])
      const [entry] = await other.stream.read(fromStart)
      expect(entry?.lane).toBe('urgent')
      const log = { partition: 1, lane: 'urgent', side: 'in' } as const
      expect(await other.reaches(log, entry?.position ?? '')).toBe(true)
      expect(await other.reaches({ ...log, side: 'out' }, entry?.position ?? '')).toBe(false)
      expect(await other.reaches({ ...log, side: 'out' }, START)).toBe(true)
    })

    it('gives a partition to one of them, and to the other when its time has passed', async () => {
      const { one, other, passes } = await two()
      expect(await take(one, 'a', 60_000)).toEqual({ fence: 1 })
      expect(await take(other, 'b')).toBeNull()
      await take(one, 'a', 50)
      await passes(51)
      expect(await take(other, 'b')).toEqual({ fence: 2 })
      expect(await take(one, 'a')).toBeNull()
      expect(await one.owners()).toEqual([null, 'b', null, null])
    })

    it('refuses what the former owner still commits', async () => {
      const { one, other } = await two()
      const old = await take(one, 'a')
      await one.stream.append([sos])
      const [entry] = await one.stream.read(fromStart)
      await take(one, 'a', 0)
      const lease = await take(other, 'b')
      const commit = { ...sos, expected: START, cursor: entry?.position ?? '', findings: [] }
      expect(await one.stream.commit({ ...commit, fence: old?.fence ?? 0 })).toBe('fenced')
      expect(await other.stream.commit({ ...commit, fence: lease?.fence ?? 0 })).toBe('committed')
    })

    it('wakes a reader that waits in one when the other appends', async () => {
      const { one, other } = await two()
      const waiting = one.stream.read({ ...fromStart, waitMs: 20_000 })
      await other.stream.append([sos])
      expect((await waiting).map(({ data }) => Buffer.from(data).toString())).toEqual(['sos'])
    })

    it('lets many readers wait side by side', async () => {
      const { one, other } = await two()
      const waiting = [0, 1, 2, 3].map(partition =>
        one.stream.read({ ...fromStart, partition, waitMs: 20_000 }),
      )
      await other.stream.append([3, 1, 0, 2].map(partition => ({ ...sos, partition })))
      expect((await Promise.all(waiting)).map(found => found.length)).toEqual([1, 1, 1, 1])
    })

    it('answers a reader that waits with nothing when it is closed', async () => {
      const { one, other } = await two()
      const waiting = one.stream.read({ ...fromStart, waitMs: 20_000 })
      await other.stream.append([{ ...sos, partition: 2 }]) // both are at work
      await one.close()
      expect(await waiting).toEqual([])
    })

    it('calls the roll of all, and forgets who has not answered in time', async () => {
      const { one, other, passes } = await two()
      const call = ({ rollCall }: OpenStream, member: string, ttlMs = 60_000) =>
        rollCall({ group: 'workers', member, ttlMs })
      await call(one, 'b', 60_000)
      expect(await call(other, 'a', 50)).toEqual(['a', 'b'])
      await passes(51)
      expect(await call(one, 'b')).toEqual(['b'])
      expect(await other.rollCall({ group: 'alerts', member: 'a', ttlMs: 60_000 })).toEqual(['a'])
    })

    it('counts what both have stored', async () => {
      const { one, other } = await two()
      const routine = { partition: 1, lane: 'routine', data: Buffer.alloc(600) } as const
      await one.stream.append([routine])
      await other.stream.append([routine, { ...routine, partition: 2, lane: 'motion' }])
      expect(await one.usage()).toEqual({ routineBytes: 1_200, motionBytes: 600 })
    })
  })
}

// What every stream engine must do. Each engine's test opens a real one in a fresh place and runs this.

import { describe, expect, it, onTestFinished } from 'vitest'
import { type LogEntry, type OpenStream, ownerLease, START, type Stream } from '../../broker/stream.ts'
import type { Lane } from '../../model/lane.ts'

export const CONTRACT_PARTITIONS = 4
export const CONTRACT_BOUND_BYTES = 10_000

/** One place where an engine keeps its data; it can be opened again, as after a crash. */
export type StreamPlace = {
  open(): Promise<OpenStream>
  /** Resolves when this much time has passed on the engine's clock. */
  passes(ms: number): Promise<void>
  remove(): Promise<void>
}

const bytes = (text: string): Uint8Array => Buffer.from(text)
const texts = (entries: readonly LogEntry[]): string[] =>
  entries.map(entry => Buffer.from(entry.data).toString())

export function describeStream(engine: string, makePlace: () => Promise<StreamPlace>): void {
  async function opened() {
    const place = await makePlace()
    let open = await place.open()
    onTestFinished(async () => {
      await open.close()
      await place.remove()
    })
    return {
      get stream(): Stream {
        return open.stream
      },
      get engine(): OpenStream {
        return open
      },
      async reopen() {
        await open.close()
        open = await place.open()
      },
      passes: place.passes,
    }
  }

  const append = (stream: Stream, lane: Lane, ...data: string[]) =>
    stream.append(data.map(text => ({ partition: 1, lane, data: bytes(text) })))

  const readAll = (stream: Stream, lane: Lane, after = START) =>
    stream.read({ partition: 1, side: 'in', after: { [lane]: after }, maxBytes: 1_000_000, waitMs: 0 })

  async function owned(stream: Stream, owner = 'a') {
    const lease = await stream.lease({ name: ownerLease(1), owner, ttlMs: 60_000 })
    if (!lease) throw new Error('the lease was not given')
    return lease.fence
  }

  describe(`stream on ${engine}`, () => {
    it('names who owns each partition while the lease lasts', async () => {
      const { engine } = await opened()
      expect(await engine.owners()).toEqual([null, null, null, null])
      await owned(engine.stream, 'a')
      expect(await engine.owners()).toEqual([null, 'a', null, null])
      await engine.stream.lease({ name: ownerLease(1), owner: 'a', ttlMs: 0 })
      expect(await engine.owners()).toEqual([null, null, null, null])
    })

    it('names nobody whose lease has run out', async () => {
      const { engine, passes } = await opened()
      await engine.stream.lease({ name: ownerLease(2), owner: 'a', ttlMs: 50 })
      await passes(51)
      expect(await engine.owners()).toEqual([null, null, null, null])
    })

    it('calls the roll: whoever answers is named until it leaves', async () => {
      const { engine } = await opened()
      expect(await engine.rollCall({ group: 'workers', member: 'a', ttlMs: 60_000 })).toEqual(['a'])
      expect(await engine.rollCall({ group: 'workers', member: 'a', ttlMs: 0 })).toEqual([])
    })

    it('reads entries in the order in which they were appended, after any position', async () => {
      const { stream } = await opened()
      await append(stream, 'routine', 'a', 'b')
      await append(stream, 'routine', 'c')
      const entries = await readAll(stream, 'routine')
      expect(texts(entries)).toEqual(['a', 'b', 'c'])
      expect(texts(await readAll(stream, 'routine', entries[0]?.position))).toEqual(['b', 'c'])
      expect(await readAll(stream, 'routine', entries[2]?.position)).toEqual([])
    })

    it('keeps lanes, partitions and sides apart, and answers urgent first', async () => {
      const { stream } = await opened()
      await stream.append([
        { partition: 1, lane: 'routine', data: bytes('r') },
        { partition: 1, lane: 'urgent', data: bytes('u') },
        { partition: 2, lane: 'urgent', data: bytes('other partition') },
      ])
      const after = { routine: START, motion: START, urgent: START }
      const read = await stream.read({ partition: 1, side: 'in', after, maxBytes: 1_000, waitMs: 0 })
      expect(read.map(entry => entry.lane)).toEqual(['urgent', 'routine'])
      expect(texts(read)).toEqual(['u', 'r'])
      expect(await stream.read({ partition: 1, side: 'out', after, maxBytes: 1_000, waitMs: 0 })).toEqual([])
    })

    it('bounds a read by bytes, and still gives one entry that is larger', async () => {
      const { stream } = await opened()
      await append(stream, 'routine', 'x'.repeat(500), 'y'.repeat(500), 'z')
      const read = await stream.read({
        partition: 1,
        side: 'in',
        after: { routine: START },
        maxBytes: 100,
        waitMs: 0,
      })
      expect(texts(read)).toEqual(['x'.repeat(500)])
    })

    it('wakes a waiting reader when something is stored', async () => {
      const { stream } = await opened()
      const waiting = stream.read({
        partition: 1,
        side: 'in',
        after: { urgent: START },
        maxBytes: 1_000,
        waitMs: 20_000,
      })
      await append(stream, 'urgent', 'sos')
      expect(texts(await waiting)).toEqual(['sos'])
    })

    it('answers a waiting reader with nothing when nothing comes', async () => {
      const { stream } = await opened()
      const read = stream.read({
        partition: 1,
        side: 'in',
        after: { urgent: START },
        maxBytes: 1_000,
        waitMs: 20,
      })
      expect(await read).toEqual([])
    })

    it('keeps what was acknowledged when it is opened again', async () => {
      const hub = await opened()
      await append(hub.stream, 'urgent', 'sos')
      await hub.reopen()
      expect(texts(await readAll(hub.stream, 'urgent'))).toEqual(['sos'])
    })

    it('commits findings, cursor and state together', async () => {
      const hub = await opened()
      const fence = await owned(hub.stream)
      await append(hub.stream, 'urgent', 'sos')
      const cursor = (await readAll(hub.stream, 'urgent'))[0]?.position ?? ''
      const state = { set: [['k', '1'] as const, ['gone', '2'] as const], delete: [] }
      const commit = { partition: 1, lane: 'urgent', fence, expected: START, cursor } as const
      expect(await hub.stream.commit({ ...commit, findings: [bytes('f1'), bytes('f2')], state })).toBe(
        'committed',
      )
      await hub.reopen()
      expect(await hub.stream.load({ partition: 1, lane: 'urgent' })).toEqual({
        cursor,
        checkpoint: cursor,
        state: new Map([
          ['gone', '2'],
          ['k', '1'],
        ]),
      })
      const found = {
        partition: 1,
        side: 'out',
        after: { urgent: START },
        maxBytes: 1_000,
        waitMs: 0,
      } as const
      expect(texts(await hub.stream.read(found))).toEqual(['f1', 'f2'])
    })

    it('takes states and findings by the thousands in one commit', async () => {
      const { stream } = await opened()
      const fence = await owned(stream)
      await append(stream, 'urgent', 'a', 'b')
      const [a = '', b = ''] = (await readAll(stream, 'urgent')).map(entry => entry.position)
      const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`)
      const findings = Array.from({ length: 2_000 }, (_, i) => bytes(`f${i}`))
      const commit = { partition: 1, lane: 'urgent', fence } as const
      const state = { set: keys.map(key => [key, `安心 of ${key}`] as const), delete: [] }
      expect(await stream.commit({ ...commit, expected: START, cursor: a, findings, state })).toBe(
        'committed',
      )
      const loaded = await stream.load({ partition: 1, lane: 'urgent' })
      expect(loaded.state.size).toBe(keys.length)
      expect(loaded.state.get('k19999')).toBe('安心 of k19999')
      const gone = { set: [['k0', 'kept']] as const, delete: keys }
      await stream.commit({ ...commit, expected: a, cursor: b, findings: [], state: gone })
      expect((await stream.load({ partition: 1, lane: 'urgent' })).state).toEqual(new Map([['k0', 'kept']]))
      const after = { urgent: START }
      const found = await stream.read({ partition: 1, side: 'out', after, maxBytes: 1_000_000, waitMs: 0 })
      expect(texts(found).slice(0, 2)).toEqual(['f0', 'f1'])
    })

    it('leaves the checkpoint where it is when a commit carries no state, and deletes keys with the next', async () => {
      const { stream } = await opened()
      const fence = await owned(stream)
      await append(stream, 'routine', 'a', 'b', 'c')
      const [a = '', b = '', c = ''] = (await readAll(stream, 'routine')).map(entry => entry.position)
      const commit = { partition: 1, lane: 'routine', fence, findings: [] } as const
      await stream.commit({ ...commit, expected: START, cursor: a, state: { set: [['k', '1']], delete: [] } })
      await stream.commit({ ...commit, expected: a, cursor: b })
      expect(await stream.load({ partition: 1, lane: 'routine' })).toMatchObject({ cursor: b, checkpoint: a })
      await stream.commit({ ...commit, expected: b, cursor: c, state: { set: [], delete: ['k'] } })
      const loaded = await stream.load({ partition: 1, lane: 'routine' })
      expect(loaded).toEqual({ cursor: c, checkpoint: c, state: new Map() })
    })

    it('answers a commit that went through already with `already`, and repeats nothing', async () => {
      const { stream } = await opened()
      const fence = await owned(stream)
      await append(stream, 'urgent', 'sos')
      const cursor = (await readAll(stream, 'urgent'))[0]?.position ?? ''
      const commit = {
        partition: 1,
        lane: 'urgent',
        fence,
        expected: START,
        cursor,
        findings: [bytes('f')],
      } as const
      expect(await stream.commit(commit)).toBe('committed')
      expect(await stream.commit(commit)).toBe('already')
      const found = {
        partition: 1,
        side: 'out',
        after: { urgent: START },
        maxBytes: 1_000,
        waitMs: 0,
      } as const
      expect(texts(await stream.read(found))).toEqual(['f'])
      expect(await stream.commit({ ...commit, expected: '98', cursor: '100' })).toBe('moved')
    })

    it('takes no commit that carries state for one that went through without', async () => {
      const { stream } = await opened()
      const fence = await owned(stream)
      await append(stream, 'routine', 'a')
      const cursor = (await readAll(stream, 'routine'))[0]?.position ?? ''
      const commit = { partition: 1, lane: 'routine', fence, expected: START, cursor, findings: [] } as const
      expect(await stream.commit(commit)).toBe('committed')
      const state = { set: [['k', '1'] as const], delete: [] }
      expect(await stream.commit({ ...commit, state })).toBe('moved')
      expect(await stream.load({ partition: 1, lane: 'routine' })).toMatchObject({ checkpoint: START })
    })

    it('refuses the commit of an owner that another one has replaced', async () => {
      const { stream, passes } = await opened()
      const old = await stream.lease({ name: ownerLease(1), owner: 'a', ttlMs: 50 })
      await append(stream, 'urgent', 'sos')
      const cursor = (await readAll(stream, 'urgent'))[0]?.position ?? ''
      await passes(51)
      const fence = await owned(stream, 'b')
      const commit = {
        partition: 1,
        lane: 'urgent',
        expected: START,
        cursor,
        findings: [bytes('f')],
      } as const
      expect(await stream.commit({ ...commit, fence: old?.fence ?? -1 })).toBe('fenced')
      expect(await stream.commit({ ...commit, fence })).toBe('committed')
    })

    it('gives a lease to one owner at a time, by its own clock', async () => {
      const { stream, passes } = await opened()
      const lease = (owner: string, ttlMs = 60_000) => stream.lease({ name: 'x', owner, ttlMs })
      expect(await lease('a', 50)).toEqual({ fence: 1 })
      expect(await lease('a')).toEqual({ fence: 1 }) // kept: the fence stays
      await passes(51)
      expect(await lease('b')).toBeNull() // the longer time holds
      expect(await lease('a', 50)).toEqual({ fence: 1 })
      await passes(51)
      expect(await lease('b')).toEqual({ fence: 2 })
      expect(await lease('a')).toBeNull()
      await lease('a', 0) // not its own to give up
      expect(await lease('a')).toBeNull()
      await lease('b', 0) // given up
      expect(await lease('a')).toEqual({ fence: 3 })
    })

    it('takes up a lease of its own that has run out, by the same fence when nobody else had it', async () => {
      const { stream, passes } = await opened()
      const lease = (owner: string, ttlMs: number) => stream.lease({ name: ownerLease(1), owner, ttlMs })
      expect(await lease('a', 50)).toEqual({ fence: 1 })
      await passes(51)
      expect(await lease('a', 60_000)).toEqual({ fence: 1 })
    })

    it('trims nothing that the checkpoint or any reader still needs', async () => {
      const { stream } = await opened()
      const fence = await owned(stream)
      await append(stream, 'routine', 'a', 'b', 'c')
      const [a = '', b = '', c = ''] = (await readAll(stream, 'routine')).map(entry => entry.position)
      const log = { partition: 1, lane: 'routine', side: 'in' } as const
      await stream.trim({ ...log, reader: { name: 'archive', upTo: a } })
      expect(texts(await readAll(stream, 'routine'))).toEqual(['a', 'b', 'c']) // no checkpoint yet
      const state = { set: [], delete: [] }
      await stream.commit({
        partition: 1,
        lane: 'routine',
        fence,
        expected: START,
        cursor: b,
        findings: [],
        state,
      })
      await stream.trim(log)
      expect(texts(await readAll(stream, 'routine'))).toEqual(['b', 'c']) // the archive needs b
      await stream.trim({ ...log, reader: { name: 'archive', upTo: c } })
      expect(texts(await readAll(stream, 'routine'))).toEqual(['c']) // the checkpoint stands at b
      await append(stream, 'routine', 'd')
      expect(texts(await readAll(stream, 'routine', c))).toEqual(['d'])
    })

    it('keeps findings until their reader has moved on', async () => {
      const { stream } = await opened()
      const fence = await owned(stream)
      await append(stream, 'urgent', 'sos')
      const cursor = (await readAll(stream, 'urgent'))[0]?.position ?? ''
      await stream.commit({
        partition: 1,
        lane: 'urgent',
        fence,
        expected: START,
        cursor,
        findings: [bytes('f1'), bytes('f2')],
      })
      const found = {
        partition: 1,
        side: 'out',
        after: { urgent: START },
        maxBytes: 1_000,
        waitMs: 0,
      } as const
      const log = { partition: 1, lane: 'urgent', side: 'out' } as const
      await stream.trim(log)
      const entries = await stream.read(found)
      expect(texts(entries)).toEqual(['f1', 'f2'])
      await stream.trim({ ...log, reader: { name: 'alerts', upTo: entries[0]?.position ?? '' } })
      expect(texts(await stream.read(found))).toEqual(['f2'])
    })

    it('never reuses the position of a trimmed entry', async () => {
      const hub = await opened()
      const fence = await owned(hub.stream)
      await append(hub.stream, 'routine', 'a')
      const cursor = (await readAll(hub.stream, 'routine'))[0]?.position ?? ''
      const state = { set: [], delete: [] }
      await hub.stream.commit({
        partition: 1,
        lane: 'routine',
        fence,
        expected: START,
        cursor,
        findings: [],
        state,
      })
      await hub.stream.trim({ partition: 1, lane: 'routine', side: 'in' })
      await hub.reopen()
      await append(hub.stream, 'routine', 'b')
      expect(texts(await readAll(hub.stream, 'routine', cursor))).toEqual(['b'])
    })

    it('sheds routine entries at the bound, stores urgent ones beside them, and takes routine again after a trim', async () => {
      const hub = await opened()
      const { stream } = hub
      const half = 'x'.repeat(CONTRACT_BOUND_BYTES / 2)
      const first = await append(stream, 'routine', half, half)
      expect(first.shed).toEqual([])
      expect(first.routineFill).toBeCloseTo(1, 1)
      const mixed = await stream.append([
        { partition: 1, lane: 'routine', data: bytes(half) },
        { partition: 1, lane: 'urgent', data: bytes('sos') },
      ])
      expect(mixed.shed).toEqual([0])
      const note = { partition: 1, lane: 'motion', data: bytes(half + half + half), kept: true } as const
      expect((await stream.append([note])).shed).toEqual([]) // what the owner needs is stored all the same
      expect(texts(await readAll(stream, 'urgent'))).toEqual(['sos'])
      await hub.reopen()
      expect((await append(hub.stream, 'routine', half)).shed).toEqual([0]) // the bound survives a restart

      const fence = await owned(hub.stream)
      const cursor = (await readAll(hub.stream, 'routine'))[1]?.position ?? ''
      const state = { set: [], delete: [] }
      await hub.stream.commit({
        partition: 1,
        lane: 'routine',
        fence,
        expected: START,
        cursor,
        findings: [],
        state,
      })
      await hub.stream.trim({ partition: 1, lane: 'routine', side: 'in' })
      expect((await append(hub.stream, 'routine', half)).shed).toEqual([])
    })
  })
}

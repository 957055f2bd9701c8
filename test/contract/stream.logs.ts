// What goes into a log comes out of it, in order, whole, and for as long as somebody needs it.

import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { START } from '../../broker/stream.ts'
import { append, bytes, CONTRACT_BOUND_BYTES, type Opened, owned, readAll, texts } from './stream.place.ts'

export function describeLogs(opened: () => Promise<Opened>): void {
  describe('its logs', () => {
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

    it('trims nothing that the checkpoint or any reader still needs', async () => {
      const { stream, engine } = await opened()
      const fence = await owned(stream)
      await append(stream, 'routine', 'a', 'b', 'c')
      const [a = '', b = '', c = ''] = (await readAll(stream, 'routine')).map(entry => entry.position)
      const log = { partition: 1, lane: 'routine', side: 'in' } as const
      expect(await engine.readerAt(log, 'archive')).toBeUndefined()
      await stream.trim({ ...log, reader: { name: 'archive', upTo: a } })
      expect(await engine.readerAt(log, 'archive')).toBe(a)
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
      const half = randomBytes(CONTRACT_BOUND_BYTES / 2) // an engine may pack what can be
      const routine = { partition: 1, lane: 'routine', data: half } as const
      const first = await stream.append([routine, routine])
      expect(first.shed).toEqual([])
      expect(first.routineFill).toBeCloseTo(1, 1)
      const mixed = await stream.append([routine, { partition: 1, lane: 'urgent', data: bytes('sos') }])
      expect(mixed.shed).toEqual([0])
      const note = {
        partition: 1,
        lane: 'motion',
        data: Buffer.concat([half, half, half]),
        kept: true,
      } as const
      expect((await stream.append([note])).shed).toEqual([]) // what the owner needs is stored all the same
      expect(texts(await readAll(stream, 'urgent'))).toEqual(['sos'])
      await hub.reopen()
      expect((await hub.stream.append([routine])).shed).toEqual([0]) // the bound survives a restart

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
      expect((await hub.stream.append([routine])).shed).toEqual([])
    })
  })
}

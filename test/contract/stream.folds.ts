// Findings, cursor and state of a fold change together, under the fence, and once.

import { describe, expect, it } from 'vitest'
import { ownerLease, START } from '../../broker/stream.ts'
import { append, bytes, type Opened, owned, readAll, texts } from './stream.place.ts'

export function describeFolds(opened: () => Promise<Opened>): void {
  describe('its folds', () => {
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

    it('writes a checkpoint in slices: it stays where it was until the last one', async () => {
      const hub = await opened()
      const { stream } = hub
      const fence = await owned(stream)
      await append(stream, 'routine', 'a', 'b', 'c')
      const [a = '', b = '', c = ''] = (await readAll(stream, 'routine')).map(entry => entry.position)
      const commit = { partition: 1, lane: 'routine', fence, findings: [] } as const
      const set = (key: string) => ({ set: [[key, key] as const], delete: [] })
      const first = { ...commit, expected: START, cursor: a, state: set('k1'), checkpoint: START }
      expect(await stream.commit(first)).toBe('committed')
      expect(await stream.commit(first)).toBe('already')
      const load = () => stream.load({ partition: 1, lane: 'routine' })
      expect(await load()).toEqual({ cursor: a, checkpoint: START, state: new Map([['k1', 'k1']]) })
      await stream.commit({ ...commit, expected: a, cursor: b, state: set('k2'), checkpoint: START })
      await stream.trim({ partition: 1, lane: 'routine', side: 'in' })
      const last = { ...commit, expected: b, cursor: c, state: set('k3'), checkpoint: a }
      expect(await stream.commit(last)).toBe('committed')
      expect(await stream.commit(last)).toBe('already')
      await stream.trim({ partition: 1, lane: 'routine', side: 'in' })
      await hub.reopen()
      const loaded = await hub.stream.load({ partition: 1, lane: 'routine' })
      expect(loaded).toMatchObject({ cursor: c, checkpoint: a })
      expect([...loaded.state.keys()].sort()).toEqual(['k1', 'k2', 'k3'])
      expect(texts(await readAll(hub.stream, 'routine'))).toEqual(['b', 'c'])
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
  })
}

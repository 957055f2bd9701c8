// Who works on what: leases and the roll, on the clock of the engine.

import { describe, expect, it } from 'vitest'
import { ownerLease } from '../../broker/stream.ts'
import { type Opened, owned } from './stream.place.ts'

export function describeLeases(opened: () => Promise<Opened>): void {
  describe('its leases', () => {
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
  })
}

// Appends to a cluster of which a node is down, on calls that are noted down.

import { expect, test } from 'vitest'
import { openAppends } from '../../broker/stream.redis.append.ts'
import type { Append } from '../../broker/stream.ts'

test('a second try stores what the first one could not, and nothing twice', async () => {
  let isDown = true
  const stored: string[] = []
  const calls = {
    async script(_name: string, keys: readonly string[]) {
      const log = keys.at(-1) as string
      if (isDown && log.includes('{p2}')) throw new Error('the node is down')
      stored.push(log)
      return [0]
    },
    command: async () => null,
    bytes: async () => null,
  }
  const append = openAppends({ calls, isCluster: true, partitions: 4, boundBytes: 1_000 })
  const entries: Append[] = [1, 2].map(partition => ({ partition, lane: 'urgent', data: Buffer.from('sos') }))
  await expect(append(entries)).rejects.toThrow('down')
  await expect(append(entries)).rejects.toThrow('down')
  isDown = false
  await append(entries)
  expect(stored).toEqual(['anxin:{p1}:urgent:in', 'anxin:{p2}:urgent:in'])
  await append(entries) // it was stored whole: this is another one
  expect(stored).toHaveLength(4)
})

// Who owns what in a cluster of which a node is down: a Redis that answers by key.

import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { openRedisStream } from '../../broker/stream.redis.ts'
import { silentLog } from '../workers/silent.ts'

const ANSWERS = [
  ['anxin:meta', ['4', 'epoch']],
  [':life', 'life'],
  [':lease:workers', 'a'],
] as const

test('a node that is down hides its own partitions and no others', async () => {
  let down: readonly string[] = []
  const redis = {
    on: () => redis,
    off: () => redis,
    async call(_name: string, [, , key = '']: readonly string[]) {
      if (down.some(part => key.includes(part))) throw new Error('the node is down')
      return ANSWERS.find(([end]) => key.endsWith(end))?.[1] ?? null
    },
  }
  const open = await openRedisStream({
    redis: redis as unknown as Redis,
    partitions: 4,
    boundBytes: 1_000,
    log: silentLog,
  })
  expect(await open.owners()).toEqual(['a', 'a', 'a', 'a'])
  down = ['{p2}']
  expect(await open.owners()).toEqual(['a', 'a', null, 'a'])
  down = ['anxin:']
  await expect(open.owners()).rejects.toMatchObject({ code: 'STREAM_FAILED' })
  await open.close()
})

// A place of the stream contract on a Redis that is running: emptied before, so that every test finds it fresh.

import { setTimeout as wait } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import { vi } from 'vitest'
import { openRedisStream } from '../../broker/stream.redis.ts'
import type { OpenStream } from '../../broker/stream.ts'
import { startLog } from '../../log.ts'
import { connectRedis } from '../../redis.ts'
import { CONTRACT_BOUND_BYTES, CONTRACT_PARTITIONS, type StreamPlace } from './stream.place.ts'

export const silent = startLog({ level: 'silent' })

/** Opens the stream on a connection of its own, which is closed with it. */
export async function openOn(url: string, options: { partitions?: number } = {}): Promise<OpenStream> {
  const connection = await connectRedis({ url, log: silent })
  const redis = connection.client
  try {
    // Redis shares the bound evenly: the tests fill one partition.
    const boundBytes = CONTRACT_BOUND_BYTES * CONTRACT_PARTITIONS
    const open = await openRedisStream({
      redis,
      partitions: CONTRACT_PARTITIONS,
      boundBytes,
      log: silent,
      ...options,
    })
    return {
      ...open,
      async close() {
        await open.close()
        await connection.close()
      },
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}

export async function redisPlace(url: string): Promise<StreamPlace> {
  const connection = await connectRedis({ url, log: silent })
  const nodes = nodesOf(connection.client)
  await Promise.all(nodes.map(node => node.flushall()))
  const now = async () => Math.min(...(await Promise.all(nodes.map(timeOf))))
  return {
    open: () => openOn(url),
    async passes(ms) {
      const until = (await now()) + ms
      await vi.waitUntil(async () => (await now()) > until || wait(5, false), {
        timeout: 10_000,
        interval: 1,
      })
    },
    remove: connection.close,
  }
}

const nodesOf = (client: Redis | Cluster): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client]

async function timeOf(node: Redis): Promise<number> {
  const [seconds, micros] = await node.time()
  return Number(seconds) * 1_000 + Number(micros) / 1_000
}

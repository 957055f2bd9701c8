// Whether this is still the Redis that was opened. An outage passes; data that is gone does not: whoever goes on
// would speak of positions that mean nothing, so the process ends and starts anew.

import { Cluster } from 'ioredis'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import type { Calls, RedisClient } from './stream.redis.call.ts'
import { lifeKey, META_KEY } from './stream.redis.keys.ts'

const AGAIN_AFTER_MS = 1_000

export type Lives = {
  epoch: string
  /** Resolves when the data that was opened is gone. */
  failed: Promise<Error>
  close(): void
}

/** Makes the data at the first start. @throws HubError PARTITIONS_CHANGED when it was made for another number. */
export async function openLives({
  redis,
  calls,
  partitions,
  log,
}: {
  redis: RedisClient
  calls: Calls
  partitions: number
  log: Log
}): Promise<Lives> {
  const asked = [partitions, newId('stream')]
  const [stored, epoch] = (await calls.script('open', [META_KEY], asked).catch(throwOpening)) as string[]
  if (Number(stored) !== partitions) {
    throw new HubError(
      'PARTITIONS_CHANGED',
      `the stream in Redis was made with PARTITIONS=${stored}; start the hub with that`,
      { stored: Number(stored), asked: partitions },
    )
  }
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  const live = (partition: number) => calls.script('live', [lifeKey(partition)], [newId('life')])
  const lives = await Promise.all(all.map(live))
  const gone = Promise.withResolvers<Error>()
  let timer: NodeJS.Timeout | undefined

  /** What was opened and is no longer there. */
  async function lost(): Promise<string | undefined> {
    if ((await calls.command('HGET', [META_KEY, 'epoch'])) !== epoch) return 'its data'
    const now = await Promise.all(all.map(partition => calls.command('GET', [lifeKey(partition)])))
    const partition = all.find(partition => now[partition] !== lives[partition])
    return partition === undefined ? undefined : `the data of partition ${partition}`
  }

  async function look(): Promise<void> {
    try {
      const what = await lost()
      if (what !== undefined) {
        gone.resolve(new HubError('STREAM_FAILED', `Redis is back without ${what}: the hub must start anew`))
      }
    } catch (error) {
      log.debug({ error }, 'Redis could not be asked whether its data is the same')
      timer = setTimeout(connected, AGAIN_AFTER_MS).unref()
    }
  }

  function connected(): void {
    clearTimeout(timer)
    void look()
  }
  const nodeAdded = (node: { once(event: 'ready', listener: () => void): unknown }): void =>
    void node.once('ready', connected)
  redis.on('ready', connected)
  if (redis instanceof Cluster) redis.on('+node', nodeAdded)

  return {
    epoch: epoch ?? '',
    failed: gone.promise,
    close() {
      clearTimeout(timer)
      redis.off('ready', connected)
      redis.off('+node', nodeAdded)
    },
  }
}

/** @throws HubError with one line on what to do where Redis answers that it will not. */
function throwOpening(error: unknown): never {
  const reply = error instanceof HubError ? String(error.context.reply) : ''
  const does = OPENING.find(([kind]) => reply.includes(kind))?.[1]
  throw does === undefined ? error : new HubError('CONFIG_INVALID', `Redis ${does} (${reply})`, { reply })
}

const OPENING = [
  ['NOPERM', 'does not let the user in REDIS_URL keep the stream: allow it every command and key'],
  ['WRONGTYPE', 'has something else where the stream is kept: name another database in REDIS_URL'],
] as const

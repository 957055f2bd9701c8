// The nudge between processes: Redis pub/sub. Listeners of this process are called at once, whether Redis is there
// or not; a nudge that others miss costs them a sweep.

import { setTimeout as wait } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import { newId } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import { type Nudge, type NudgeTopic, startNudge } from './nudge.ts'

const TOPICS = ['feed', 'registry'] as const satisfies readonly NudgeTopic[]
const CHANNEL = 'anxin:nudge:'
/** A start does not wait longer than this to hear others: sweeps make up for it. */
const LISTENS_WITHIN_MS = 2_000

/**
 * Nudges through `redis`, which stays its owner's; listens on a connection of its own. Resolves when it hears
 * others, or when that takes too long.
 */
export async function startRedisNudge({
  redis,
  log,
}: {
  redis: Redis | Cluster
  log: Log
}): Promise<Nudge & { close(): Promise<void> }> {
  const local = startNudge()
  /** Who says it: what this process said has reached its own listeners already. */
  const me = newId('n')
  const subscriber = listener(redis)
  const { promise: listens, resolve: nowListens } = Promise.withResolvers<void>()
  let isFailing = false
  let closed = false

  subscriber.on('message', (channel: string, sender: string) => {
    const topic = TOPICS.find(topic => channel === CHANNEL + topic)
    if (topic && sender !== me) local.publish(topic)
  })
  subscriber.on('error', error => failed(error))
  subscriber.on('ready', () => void listen())

  /** After an outage there may be something new that nobody could say. */
  async function listen(): Promise<void> {
    try {
      await subscriber.subscribe(...TOPICS.map(topic => CHANNEL + topic))
      isFailing = false
      nowListens()
      for (const topic of TOPICS) local.publish(topic)
    } catch (error) {
      failed(error)
    }
  }

  function failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (!isFailing && !closed)
      log.warn({ reason }, 'nudges do not reach other processes; their sweeps make up for it')
    isFailing = true
  }

  await Promise.race([listens, wait(LISTENS_WITHIN_MS, undefined, { ref: false })])
  return {
    publish(topic) {
      local.publish(topic)
      redis.publish(CHANNEL + topic, me).then(
        () => {
          isFailing = false
        },
        (error: unknown) => failed(error),
      )
    },
    subscribe: local.subscribe,
    async close() {
      closed = true
      subscriber.disconnect()
    },
  }
}

/** A connection that only listens: it waits without a deadline, and subscribes again by itself. */
function listener(redis: Redis | Cluster): Redis | Cluster {
  if (redis instanceof Cluster) return redis.duplicate()
  return redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null, socketTimeout: undefined })
}

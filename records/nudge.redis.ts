// The nudge between processes: Redis pub/sub. Listeners of this process are called at once, whether Redis is there
// or not; a nudge that others miss costs them a sweep.

import { setTimeout as wait } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import { newId } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import { type Nudge, type NudgeTopic, startNudge } from './nudge.ts'

const TOPICS = ['feed', 'registry', 'commands', 'presence', 'calls'] as const satisfies readonly NudgeTopic[]
const CHANNEL = 'anxin:nudge:'
/** A start does not wait longer than this to hear others: sweeps make up for it. */
const LISTENS_WITHIN_MS = 2_000
/** A line that has gone dead is noticed by what is said on it; on a cluster by its keep-alive alone. */
const PING_EVERY_MS = 3_000

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
  const deaf = createTrouble(log, 'nudges of other processes are not heard; sweeps make up for it')
  const mute = createTrouble(log, 'nudges do not reach other processes; their sweeps make up for it')
  let closed = false

  subscriber.on('message', (channel: string, sender: string) => {
    const topic = TOPICS.find(topic => channel === CHANNEL + topic)
    if (topic && sender !== me) local.publish(topic)
  })
  subscriber.on('error', deaf.begins)
  subscriber.on('ready', () => void listen())

  /** After an outage there may be something new that nobody could say. */
  async function listen(): Promise<void> {
    try {
      await subscriber.subscribe(...TOPICS.map(topic => CHANNEL + topic))
      deaf.ends()
      nowListens()
      for (const topic of TOPICS) local.publish(topic)
    } catch (error) {
      if (!closed) deaf.begins(error)
    }
  }

  const pings = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(deaf.begins)
  }, PING_EVERY_MS).unref()

  await Promise.race([listens, wait(LISTENS_WITHIN_MS, undefined, { ref: false })])
  return {
    publish(topic) {
      local.publish(topic)
      redis.publish(CHANNEL + topic, me).then(mute.ends, mute.begins)
    },
    subscribe: local.subscribe,
    async close() {
      closed = true
      clearInterval(pings)
      subscriber.disconnect()
    },
  }
}

/** A connection that only listens. */
const listener = (redis: Redis | Cluster): Redis | Cluster =>
  redis instanceof Cluster ? redis.duplicate() : redis.duplicate()

/** A trouble that is said when it begins, not at every try. */
function createTrouble(log: Log, message: string) {
  let is = false
  return {
    begins(error: unknown): void {
      if (!is) log.warn({ reason: error instanceof Error ? error.message : String(error) }, message)
      is = true
    },
    ends(): void {
      is = false
    },
  }
}

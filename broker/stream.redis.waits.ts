// Connections on which readers wait. A command that blocks holds up all that come after it on its connection, so
// a wait never shares one with appends, commits or leases: it borrows an idle connection, or opens one more.

import { Cluster, type Redis } from 'ioredis'
import { HubError } from '../model/error.ts'
import { type Argument, type RedisClient, streamFailure } from './stream.redis.call.ts'

export type Waits = {
  /**
   * Sends a blocking command about `key` and resolves with its answer; null when nothing came, or on close.
   * @throws HubError STREAM_FAILED when the connection breaks, or gives no sign of life after the wait.
   */
  wait(request: { key: string; name: string; args: readonly Argument[]; waitMs: number }): Promise<unknown>
  close(): void
}

/** A wait that Redis has not ended by itself after this much longer: the connection is dead. */
const OVERDUE_MS = 2_000
const CONNECT_WITHIN_MS = 2_000

export function openWaits(redis: RedisClient): Waits {
  const idle = new Map<string, Redis[]>()
  const all = new Set<Redis>()
  const slots = new Map<string, number>()
  let closed = false

  /** The node that holds `key`, by its address; in a cluster it changes. */
  async function nodeOf(key: string): Promise<Redis> {
    if (!(redis instanceof Cluster)) return redis
    const slot = slots.get(key) ?? (await redis.cluster('KEYSLOT', key))
    slots.set(key, slot)
    const [address] = redis.slots[slot] ?? []
    const node = redis.nodes('master').find(({ options }) => addressOf(options) === address)
    if (!node) throw new Error(`no node of the cluster holds ${key} now`)
    return node
  }

  function borrow(node: Redis): Redis {
    const known = idle.get(addressOf(node.options))?.pop()
    if (known) return known
    const connection = node.duplicate({
      // A wait that fails is begun anew by whoever waits, on a new connection.
      retryStrategy: null,
      commandTimeout: undefined,
      socketTimeout: undefined,
      connectTimeout: CONNECT_WITHIN_MS,
      enableOfflineQueue: true,
      lazyConnect: true,
    })
    all.add(connection)
    connection.on('error', () => undefined) // the wait itself is rejected
    connection.once('end', () => {
      all.delete(connection)
      const address = addressOf(connection.options)
      idle.set(address, idle.get(address)?.filter(other => other !== connection) ?? [])
    })
    return connection
  }

  function giveBack(connection: Redis): void {
    const address = addressOf(connection.options)
    idle.set(address, [...(idle.get(address) ?? []), connection])
  }

  async function waitOn(connection: Redis, name: string, args: readonly Argument[], waitMs: number) {
    const overdue = setTimeout(() => connection.disconnect(), waitMs + OVERDUE_MS)
    try {
      const answer = await connection.callBuffer(name, [...args])
      giveBack(connection)
      return answer
    } catch (error) {
      connection.disconnect()
      throw error
    } finally {
      clearTimeout(overdue)
    }
  }

  return {
    async wait({ key, name, args, waitMs }) {
      if (closed) return null
      try {
        const node = await nodeOf(key)
        return closed ? null : await waitOn(borrow(node), name, args, waitMs)
      } catch (error) {
        if (closed) return null
        throw error instanceof HubError ? error : streamFailure(name, error)
      }
    },
    close() {
      closed = true
      for (const connection of all) connection.disconnect()
    },
  }
}

const addressOf = ({ host, port }: { host?: string | undefined; port?: number | undefined }): string =>
  `${host}:${port}`

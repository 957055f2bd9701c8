// How the Redis engine calls Redis: scripts by their hash, and every failure as one kind of error.

import { createHash } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'
import { HubError } from '../model/error.ts'
import { SCRIPTS, type ScriptName } from './stream.redis.scripts.ts'

export type RedisClient = Redis | Cluster
export type Argument = string | number | Buffer

export type Calls = {
  /** Runs a script. @throws HubError STREAM_FAILED; `reply` in its context is what Redis said. */
  script(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  /** Sends a command. @throws HubError STREAM_FAILED */
  command(name: string, args: readonly Argument[]): Promise<unknown>
  /** Sends a command whose answer holds bytes. @throws HubError STREAM_FAILED */
  bytes(name: string, args: readonly Argument[]): Promise<unknown>
}

/** Calls on `redis`. A script that Redis does not know (it was restarted) has not run, and is sent in full. */
export function createCalls(redis: RedisClient): Calls {
  const hashes = new Map<ScriptName, string>()

  function hashOf(name: ScriptName): string {
    const known = hashes.get(name)
    if (known !== undefined) return known
    const hash = createHash('sha1').update(SCRIPTS[name]).digest('hex')
    hashes.set(name, hash)
    return hash
  }

  async function script(name: ScriptName, keys: readonly string[], args: readonly Argument[]) {
    const rest = [keys.length, ...keys, ...args]
    try {
      return await redis.call('EVALSHA', [hashOf(name), ...rest])
    } catch (error) {
      if (!isReply(error, 'NOSCRIPT')) throw streamFailure(name, error)
    }
    return redis.call('EVAL', [SCRIPTS[name], ...rest]).catch((error: unknown) => {
      throw streamFailure(name, error)
    })
  }

  const failing = (name: string) => (error: unknown) => {
    throw streamFailure(name, error)
  }
  return {
    script,
    command: (name, args) => redis.call(name, [...args]).catch(failing(name)),
    bytes: (name, args) => redis.callBuffer(name, [...args]).catch(failing(name)),
  }
}

/** Whether Redis answered with an error of this kind. */
export const isReply = (error: unknown, kind: string): boolean =>
  error instanceof Error && error.message.startsWith(kind)

/**
 * The error without its original as cause: ioredis hangs the whole command on it, and a log must not hold what
 * devices said.
 */
export function streamFailure(what: string, error: unknown): HubError {
  const reply = error instanceof Error ? error.message : String(error)
  return new HubError('STREAM_FAILED', `stream ${what}: ${reply}`, { reply })
}

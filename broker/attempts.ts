// When a command is sent, and when again (pure). A device that has heard it and says nothing is asked less and less
// often; one that comes back is told at once.

import type { PendingCommand } from '../records/downlink.ts'

/** A device says that it has done something when it has: a fix takes half a minute. Doubles with every attempt. */
export const FIRST_RETRY_MS = 10_000
export const LONGEST_RETRY_MS = 15 * 60_000

export type Plan = {
  /** What is sent now, in the order in which it was asked. */
  send: readonly PendingCommand[]
  /** When to look again, counted from now; null when there is nothing left. */
  nextInMs: number | null
}

type Planning = {
  now: number
  /** The device has just begun to listen: what it was sent before may not have reached it. */
  isFresh: boolean
  firstRetryMs: number
}

/** What is to be sent of a device's commands, the oldest first, and when there may be something again. */
export function planOf(pending: readonly PendingCommand[], { now, isFresh, firstRetryMs }: Planning): Plan {
  const send: PendingCommand[] = []
  let nextInMs: number | null = null
  for (const command of pending) {
    if (command.expiresAt <= now) continue
    const waitMs = waitOf(command, { now, firstRetryMs })
    const isDue = isFresh || waitMs === 0
    if (isDue) send.push(command)
    const next = isDue ? retryAfter(command.attempts + 1, firstRetryMs) : waitMs
    nextInMs = Math.min(nextInMs ?? next, next)
  }
  return { send, nextInMs }
}

function waitOf(
  { attempts, triedAt }: PendingCommand,
  { now, firstRetryMs }: Pick<Planning, 'now' | 'firstRetryMs'>,
): number {
  // Sent in the future: the clock was set back, and nobody knows how long ago it was.
  if (attempts === 0 || triedAt === null || triedAt > now) return 0
  return Math.max(0, triedAt + retryAfter(attempts, firstRetryMs) - now)
}

const retryAfter = (attempts: number, firstRetryMs: number): number =>
  Math.min(firstRetryMs * 2 ** Math.min(attempts - 1, 20), LONGEST_RETRY_MS)

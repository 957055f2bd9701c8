// Hands a socket to aedes through a `read` of our own: aedes sees a CONNECT that we wrote, then nothing until it
// has answered that, and then every chunk after its packets' announced lengths were checked.

import type { Socket } from 'node:net'
import type { BrokerLimits } from './limits.ts'
import { startWalk, type WalkFault, walkPackets } from './walk.ts'

/**
 * Replaces `socket.read`. The socket holds an unread CONNECT of `connectLength` bytes, which is read as `rewritten`.
 * `mayRead` says whether packets may flow; `fail` must close the socket: it is called at most once, and the good
 * packets before the fault are still handed on.
 */
export function guardReads(
  socket: Socket,
  {
    connectLength,
    rewritten,
    limits,
    mayRead,
    fail,
  }: {
    connectLength: number
    rewritten: Buffer
    limits: BrokerLimits
    mayRead(): boolean
    fail(fault: WalkFault): void
  },
): void {
  const readSocket = socket.read.bind(socket) as (size?: number) => Buffer | null
  const walk = startWalk()
  let greeted = false
  let failed = false

  socket.read = (size?: number): Buffer | null => {
    if (size === 0) return readSocket(0) // Node's own way of asking for more
    if (!greeted) {
      greeted = true
      readSocket(connectLength)
      return rewritten
    }
    // aedes would take the packets behind CONNECT for first ones, unready, and its queue for them ends at 42.
    if (failed || !mayRead()) return null
    const chunk = readSocket()
    if (chunk === null) return null
    const found = walkPackets(walk, chunk, limits)
    if (found === undefined) return chunk
    failed = true
    fail(found.fault)
    return found.goodBytes > 0 ? chunk.subarray(0, found.goodBytes) : null
  }
}

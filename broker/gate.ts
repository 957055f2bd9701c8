// The gate: holds every new socket until its whole CONNECT is there and its device is known. A stranger costs a
// few kilobytes for a few seconds, whatever it sends or does not send.

import type { Socket } from 'node:net'
import { type Connect, readConnect, refusalAnswer } from './connect.ts'
import type { Credentials } from './credentials.ts'
import type { BrokerLimits } from './limits.ts'
import type { ConnectRefusal, Report } from './refusal.ts'

export type Gate = {
  take(socket: Socket): void
  /** Closes all that wait; nothing may be taken afterwards. */
  stop(): void
}

/** A socket that was not let in yet. */
type Pending = {
  socket: Socket
  bytes: Buffer
  timer: NodeJS.Timeout
  refused: boolean
  read(chunk: Buffer): void
  release(): void
}

/**
 * `admit` gets the socket of a device whose secret is right, paused, with what came behind its CONNECT still to be
 * read. It may refuse as well, by returning the reason.
 */
export function startGate({
  limits,
  credentials,
  report,
  admit,
}: {
  limits: BrokerLimits
  credentials: Pick<Credentials, 'verify' | 'refresh'>
  report: Report
  admit(socket: Socket, connect: Connect): ConnectRefusal | undefined
}): Gate {
  const waiting = new Set<Pending>() // oldest first

  function take(socket: Socket): void {
    const pending: Pending = {
      socket,
      bytes: EMPTY,
      timer: setTimeout(() => refuse(pending, 'connect_timeout'), limits.connectWithinMs),
      refused: false,
      read: chunk => read(pending, chunk),
      release: () => release(pending),
    }
    if (waiting.size >= limits.pendingSockets) evict()
    hold(pending)
  }

  /** A flood of strangers pushes out those that have waited longest; a device sends its CONNECT at once. */
  function evict(): void {
    for (const oldest of waiting) {
      waiting.delete(oldest)
      refuse(oldest, 'too_many_pending')
      return
    }
  }

  function hold(pending: Pending): void {
    waiting.add(pending)
    pending.socket.on('error', ignore)
    pending.socket.once('close', pending.release)
    pending.socket.on('data', pending.read)
  }

  function read(pending: Pending, chunk: Buffer): void {
    const { socket } = pending
    pending.bytes = pending.bytes.length === 0 ? chunk : Buffer.concat([pending.bytes, chunk])
    const connect = readConnect(pending.bytes, limits.connectBytes)
    if (connect === 'incomplete') return
    socket.off('data', pending.read)
    socket.pause()
    // Back into the socket: while bytes are unread, the end of a socket that said all in one breath is not seen,
    // and nobody takes it for gone.
    const behind = 'refused' in connect ? EMPTY : pending.bytes.subarray(connect.length)
    if (behind.length > 0) socket.unshift(behind)
    pending.bytes = EMPTY
    if ('refused' in connect) refuse(pending, connect.refused, connect.answer)
    else void identify(pending, connect)
  }

  /** A device that was registered a moment ago may not be in the broker's own copy yet: look again, once. */
  async function identify(pending: Pending, connect: Connect): Promise<void> {
    let verdict = credentials.verify(connect.deviceId, connect.secret)
    if (verdict !== 'known') {
      await credentials.refresh()
      verdict = credentials.verify(connect.deviceId, connect.secret)
    }
    if (!waiting.has(pending) || pending.socket.destroyed) return // closed, timed out or pushed out meanwhile
    if (verdict === 'known') letIn(pending, connect)
    else refuse(pending, verdict, refusalAnswer(verdict, connect.level), connect.deviceId)
  }

  function letIn(pending: Pending, connect: Connect): void {
    const refused = admit(pending.socket, connect)
    if (refused) refuse(pending, refused, refusalAnswer(refused, connect.level), connect.deviceId)
    else release(pending)
  }

  function refuse(
    pending: Pending,
    reason: ConnectRefusal,
    answer: Uint8Array | null = null,
    deviceId?: string,
  ): void {
    const { socket } = pending
    if (socket.destroyed) return
    if (pending.refused) {
      socket.destroy()
      return
    }
    pending.refused = true
    report(reason, { from: socket.remoteAddress, deviceId })
    clearTimeout(pending.timer)
    // [MQTT-3.1.4-1]: what is no valid CONNECT is closed without CONNACK
    if (answer === null) socket.destroy()
    else linger(pending, answer)
  }

  /** Closing over unread bytes would reset the connection and take the answer with it: read them away for a while. */
  function linger(pending: Pending, answer: Uint8Array): void {
    const { socket } = pending
    pending.timer = setTimeout(() => socket.destroy(), limits.lingerMs)
    socket.resume()
    socket.end(answer) // [MQTT-3.1.4-5]
  }

  function release(pending: Pending): void {
    clearTimeout(pending.timer)
    waiting.delete(pending)
    pending.socket.off('error', ignore)
    pending.socket.off('close', pending.release)
    pending.socket.off('data', pending.read)
  }

  return {
    take,
    stop() {
      for (const { socket } of waiting) socket.destroy()
    },
  }
}

const EMPTY: Buffer = Buffer.alloc(0)

/** A stranger's socket that breaks is no news; `close` follows and cleans up. */
function ignore(): void {}

// Whether the socket of a device is read. It is not while the hub owes the device too much, or the device the hub:
// so what one connection can pile up in memory is bounded, and the pressure reaches the device and nobody else.

import type { BrokerLimits } from './limits.ts'
import type { Session } from './sessions.ts'

/** Stops or takes up the reading of a socket, as things stand. */
export function regulate(session: Session, limits: BrokerLimits): void {
  const { socket } = session
  const mayRead =
    session.unanswered < limits.unanswered && session.heldBack === 0 && !socket.writableNeedDrain
  if (mayRead !== session.unread) return
  session.unread = !mayRead
  session.quietFor = 0 // what it did not say, or did not fetch, is counted from here (keepalive.ts)
  if (mayRead) socket.resume()
  else socket.pause()
}

// Acknowledgements on their way to the sockets. Those that fall due together, most of them by one commit, leave in
// one write a socket. What a device does not fetch stops the reading of its socket, and of no other.

import type { BrokerLimits } from './limits.ts'
import { PACKET_TYPE } from './packets.ts'
import { regulate } from './reading.ts'
import type { Session } from './sessions.ts'

/** Packets of the hub that carry at most a packet id, by their first byte. */
export const ANSWER = {
  puback: PACKET_TYPE.puback << 4,
  pubrec: PACKET_TYPE.pubrec << 4,
  pubcomp: PACKET_TYPE.pubcomp << 4,
  unsuback: 0xb0,
  pingresp: 0xd0,
} as const

export type Answer = (typeof ANSWER)[keyof typeof ANSWER]

export type Answers = {
  /** Writes the answer at the end of the present turn. The packet id of a PINGRESP is 0. */
  give(session: Session, answer: Answer, packetId: number): void
  /** Writes any other packet, at once. */
  write(session: Session, packet: Uint8Array): void
}

const ANSWER_BYTES = 4

export function startAnswers(limits: BrokerLimits): Answers {
  let sessions: Session[] = []

  function write(session: Session, packet: Uint8Array): void {
    const { socket } = session
    if (!socket.writable) return // nobody to answer any more
    if (!socket.write(packet)) regulate(session, limits)
  }

  function writeDue(): void {
    const due = sessions
    sessions = []
    for (const session of due) write(session, takeDue(session))
  }

  return {
    give(session, answer, packetId) {
      if (session.due.length === 0) {
        if (sessions.length === 0) queueMicrotask(writeDue)
        sessions.push(session)
      }
      session.due.push((answer << 16) | packetId)
    },
    write,
  }
}

/** answer := first byte | remaining length 2 | packet id u16; or, PINGRESP, first byte | remaining length 0 */
function takeDue({ due }: Session): Uint8Array {
  const bytes = Buffer.allocUnsafe(due.length * ANSWER_BYTES)
  let at = 0
  for (const answer of due) {
    const first = answer >> 16
    bytes[at++] = first
    bytes[at++] = first === ANSWER.pingresp ? 0 : 2
    if (first === ANSWER.pingresp) continue
    bytes[at++] = answer >> 8
    bytes[at++] = answer
  }
  due.length = 0
  return bytes.subarray(0, at)
}

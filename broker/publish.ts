// What happens to a PUBLISH: it goes to ingest, and its acknowledgement waits until ingest says that it is stored.
//
//   PUBLISH := 0x3, DUP u1, QoS u2, RETAIN u1 | remaining length | topic length u16 | topic
//            | packet id u16 (QoS 1 and 2) | payload
//
// The retained flag is not looked at: nothing is kept for a subscriber. DUP counts at QoS 2 alone, for what was stored
// in this connection; what was stored in another one is told from its content (workers/resend.ts).

import type { Clock } from '../model/time.ts'
import type { EpochMs } from '../model/units.ts'
import { ANSWER, type Answers } from './answers.ts'
import type { Downlink } from './downlink.ts'
import type { Answered, Ingest, Message } from './ingest.ts'
import type { BrokerLimits } from './limits.ts'
import { pauseOf, type Waiting } from './pace.ts'
import type { WholePacket } from './packets.ts'
import { regulate } from './reading.ts'
import type { Report } from './refusal.ts'
import type { Session, Sessions } from './sessions.ts'
import { routeBytes } from './topics.ts'

export type Publishing = {
  /** Takes a PUBLISH. False: it is malformed. */
  take(session: Session, packet: WholePacket, receivedAt: EpochMs): boolean
  /** Resolves when nothing is on its way to ingest any more. */
  drained(): Promise<void>
}

/** What ingest hands back with its answer: QoS and packet id of the message. */
type Token = number

export function startPublishing({
  sessions,
  answers,
  ingest,
  downlink,
  waiting,
  limits,
  clock,
  report,
}: {
  sessions: Sessions
  answers: Answers
  ingest: Pick<Ingest, 'take'>
  downlink: Pick<Downlink, 'answered'>
  waiting: Waiting
  limits: BrokerLimits
  clock: Clock
  report: Report
}): Publishing {
  let onTheWay = 0
  let onDrained: () => void = () => undefined

  function take(session: Session, { bytes, at, bodyAt, end }: WholePacket, receivedAt: EpochMs): boolean {
    const qos = (((bytes[at] as number) >> 1) & 3) as 0 | 1 | 2 | 3
    if (qos === 3 || end - bodyAt < 2) return false // [MQTT-3.3.1-4]
    const topicAt = bodyAt + 2
    const topicEnd = topicAt + bytes.readUInt16BE(bodyAt)
    const payloadAt = qos === 0 ? topicEnd : topicEnd + 2
    if (payloadAt > end) return false
    const token: Token = qos === 0 ? 0 : (qos << 16) | bytes.readUInt16BE(topicEnd)
    const route = routeBytes(session.deviceId, bytes, topicAt, topicEnd)
    if (route === 'bad_topic' || route === 'not_allowed_topic') {
      // MQTT 3.1.1 cannot refuse a PUBLISH, and an acknowledgement would say that it is stored [MQTT-3.3.5-2].
      sessions.close(session, route, { topic: bytes.toString('utf8', topicAt, topicEnd).slice(0, 200) })
    } else if (qos === 2 && isStored(session, token & 0xffff, ((bytes[at] as number) & DUP) !== 0)) {
      acknowledge(session, token) // [MQTT-4.3.3-2]
    } else if (route === 'command_ack') {
      // Not stored yet: should it get lost, the device is asked again, and says it again.
      downlink.answered(session.deviceId, bytes.subarray(payloadAt, end))
      acknowledge(session, token)
    } else {
      const payload = bytes.subarray(payloadAt, end)
      handOn(session, { deviceId: session.deviceId, channel: route, payload, qos, receivedAt }, token)
    }
    return true
  }

  function handOn(session: Session, message: Message, token: Token): void {
    const pauseMs = message.channel === 'event' ? pauseOf(session.pace, message.receivedAt, limits) : 0
    if (pauseMs > 0) session.heldBack++
    session.answer ??= answerOf(session)
    const answer = pauseMs > 0 ? pacedAnswerOf(session, message.receivedAt + pauseMs) : session.answer
    onTheWay++
    session.unanswered++
    regulate(session, limits)
    ingest.take(message, answer, token)
  }

  const answerOf =
    (session: Session): Answered =>
    (token, error) => {
      if (settled(session, error)) acknowledge(session, token)
      if (session.unread) regulate(session, limits)
    }

  /** Stored at once as every event, and acknowledged late. */
  function pacedAnswerOf(session: Session, dueAt: number): Answered {
    report('paced', { deviceId: session.deviceId })
    return (token, error) => {
      const stored = settled(session, error)
      const answer = (): void => {
        session.heldBack--
        if (stored) acknowledge(session, token)
        regulate(session, limits)
      }
      const leftMs = Math.min(dueAt - clock.now(), limits.pauseMs) // also when the clock was put back meanwhile
      waiting.hold(answer, stored ? Math.max(0, leftMs) : 0)
    }
  }

  /** Notes that ingest has answered. False: it could not be stored, and the connection is closed. */
  function settled(session: Session, error: Error | undefined): boolean {
    if (--onTheWay === 0) onDrained()
    session.unanswered--
    if (error === undefined) return true
    sessions.close(session, 'not_stored', { error })
    return false
  }

  function acknowledge(session: Session, token: Token): void {
    const packetId = token & 0xffff
    const qos = token >> 16
    if (qos === 1) answers.give(session, ANSWER.puback, packetId)
    if (qos !== 2) return
    session.stored ??= new Set()
    if (session.stored.size < limits.unreleased) session.stored.add(packetId)
    answers.give(session, ANSWER.pubrec, packetId)
  }

  return {
    take,
    drained: () =>
      new Promise(resolve => {
        onDrained = resolve
        if (onTheWay === 0) resolve()
      }),
  }
}

const DUP = 0x08

/**
 * Whether it was stored before, in this connection. Without DUP it is another message [MQTT-3.3.1-1], whatever was
 * stored under its id and not released: an id that is left over must not swallow an SOS.
 */
function isStored({ stored }: Session, packetId: number, isDup: boolean): boolean {
  if (!isDup) stored?.delete(packetId)
  return stored?.has(packetId) === true
}

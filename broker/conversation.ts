// The MQTT conversation with a device after its CONNECT: bytes in, packets out to who handles each, answers back.
// No session outlives its connection and no message goes from one device to another, so there is little to it.

import { generate, type ISubscribePacket, type IUnsubscribePacket, type Packet, parser } from 'mqtt-packet'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { hearThreads } from '../records/thread.ts'
import { ANSWER, type Answers } from './answers.ts'
import type { Downlink } from './downlink.ts'
import type { BrokerLimits } from './limits.ts'
import { PACKET_TYPE, type PacketReader, readPackets, type WholePacket } from './packets.ts'
import type { Publishing } from './publish.ts'
import { regulate } from './reading.ts'
import type { Report } from './refusal.ts'
import type { Session, Sessions } from './sessions.ts'
import { commandTopic, judgeSubscribe } from './topics.ts'

export type Conversations = {
  /** Greets a device that was let in, and listens to it. */
  begin(session: Session): void
  /** From now on whatever arrives is read away. */
  end(): void
}

/** [MQTT-3.2.2-1] to [MQTT-3.2.2-3]: accepted, and no session was there before. */
const CONNACK = Buffer.of(0x20, 2, 0, 0)
/** One of the few that come by the ten thousand when they come in floods: no parser for each. */
const PINGREQ = PACKET_TYPE.pingreq << 4
const SUBSCRIBE_FAILED = 0x80

export function startConversations({
  sessions,
  publishing,
  answers,
  downlink,
  limits,
  clock,
  report,
  log,
}: {
  sessions: Sessions
  publishing: Publishing
  answers: Answers
  downlink: Pick<Downlink, 'listen' | 'unlisten' | 'acknowledged'>
  limits: BrokerLimits
  clock: Clock
  report: Report
  log: Log
}): Conversations {
  const reader: PacketReader<Session> = { limits, onPacket }
  let receivedAt = clock.now()
  let ended = false

  function begin(session: Session): void {
    const { socket } = session
    socket.on('data', chunk => listen(session, chunk as Buffer))
    socket.on('drain', () => regulate(session, limits))
    socket.on('error', error => log.debug({ deviceId: session.deviceId, error }, 'a device went away'))
    answers.write(session, CONNACK)
    socket.resume()
  }

  function listen(session: Session, chunk: Buffer): void {
    if (ended || session.socket.destroyed) return
    session.quietFor = 0
    receivedAt = clock.now() // one for all packets that came together
    const fault = readPackets(session, chunk, reader)
    if (fault) sessions.close(session, fault)
    hearThreads()
  }

  function onPacket(session: Session, packet: WholePacket): void {
    const { bytes, at } = packet
    if (session.closedFor === 'malformed_packet') return
    if ((bytes[at] as number) >> 4 === PACKET_TYPE.publish) {
      // Also after another packet of the chunk has closed the socket: this one may be an SOS.
      if (!publishing.take(session, packet, receivedAt)) sessions.close(session, 'malformed_packet')
    } else if (bytes[at] === PINGREQ) {
      answers.give(session, ANSWER.pingresp, 0) // [MQTT-3.12.4-1]
    } else if (session.socket.writable) {
      const control = parse(packet)
      if (control) answerControl(session, control)
      else sessions.close(session, 'malformed_packet') // [MQTT-4.8.0-1]
    }
  }

  function answerControl(session: Session, packet: Packet): void {
    const { messageId = 0 } = packet
    switch (packet.cmd) {
      case 'pubrel':
        session.stored?.delete(messageId)
        answers.give(session, ANSWER.pubcomp, messageId) // [MQTT-4.3.3-2], whether it is known or not
        break
      case 'subscribe':
        answerSubscribe(session, packet)
        break
      case 'unsubscribe':
        answerUnsubscribe(session, packet)
        break
      case 'puback':
        downlink.acknowledged(session, messageId)
        break
      case 'disconnect':
        session.socket.destroy() // [MQTT-3.14.4-1], [MQTT-3.14.4-2]
        break
      default: // nothing is sent at QoS 2 that a PUBREC or PUBCOMP could answer
    }
  }

  /** A SUBACK with a code for each filter [MQTT-3.8.4-5], in the order of the filters [MQTT-3.9.3-1]. */
  function answerSubscribe(session: Session, { messageId = 0, subscriptions }: ISubscribePacket): void {
    const granted: number[] = []
    for (const { topic, qos } of subscriptions) {
      const verdict = judgeSubscribe(session.deviceId, topic)
      if (verdict === 'bad_topic') {
        sessions.close(session, verdict)
        return
      }
      if (verdict !== 'granted') report(verdict, { deviceId: session.deviceId, topic: topic.slice(0, 200) })
      granted.push(verdict === 'granted' ? qos : SUBSCRIBE_FAILED) // [MQTT-3.9.3-2]
      if (verdict === 'granted') downlink.listen(session, qos)
    }
    answers.write(session, generate({ cmd: 'suback', messageId, granted }))
  }

  function answerUnsubscribe(session: Session, { messageId = 0, unsubscriptions }: IUnsubscribePacket): void {
    if (unsubscriptions.includes(commandTopic(session.deviceId))) downlink.unlisten(session)
    answers.give(session, ANSWER.unsuback, messageId) // [MQTT-3.10.4-5]
  }

  return {
    begin,
    end() {
      ended = true
      // Closing over unread bytes would reset the connection, and take the last answers with it.
      for (const { socket } of sessions.all()) socket.resume()
    },
  }
}

/**
 * mqtt-packet for everything but PUBLISH; undefined when it is malformed. A parser of its own for each: some broken
 * packets leave one waiting for more, and these packets are rare.
 */
function parse({ bytes, at, end }: WholePacket): Packet | undefined {
  const reader = parser()
  let parsed: Packet | undefined
  let broken = false
  reader.on('packet', packet => {
    parsed = packet
  })
  reader.on('error', () => {
    broken = true
  })
  try {
    reader.parse(bytes.subarray(at, end))
  } catch {
    return undefined // it has read over the end: a device must not be able to end the process
  }
  return broken || lacksParts(parsed) ? undefined : parsed
}

/** mqtt-packet takes packets without their id, which it then says is -1, and without topics. */
function lacksParts(packet: Packet | undefined): boolean {
  if (packet?.messageId === -1) return true
  // [MQTT-3.8.3-3], [MQTT-3.10.3-2]
  if (packet?.cmd === 'subscribe') return packet.subscriptions.length === 0
  return packet?.cmd === 'unsubscribe' && packet.unsubscriptions.length === 0
}

// The connections that listen for commands: which one of a device is spoken to, and what it has not acknowledged.
//
//   PUBLISH (hub to device) := hub/v1/{its id}/command, QoS 0 or 1 as it has subscribed, JSON {id, name, args, expiresAt}
//
// What is sent again in the same connection before its PUBACK has the same packet id, and DUP [MQTT-3.3.1-1]. No
// session outlives its connection, so in the next one it is a new PUBLISH; devices tell it by the command's id.

import { generate } from 'mqtt-packet'
import type { DeviceCommand } from '../model/command.ts'
import type { Session } from './sessions.ts'
import { commandTopic } from './topics.ts'

/** What a connection that listens has been sent and not acknowledged: command ids by packet id. */
export type CommandLine = { qos: 0 | 1; lastPacketId: number; readonly unacknowledged: Map<number, string> }

/** Beyond this a connection gets nothing until it acknowledges something, or comes anew. */
export const UNACKNOWLEDGED_MAX = 100
const PACKET_IDS = 65_535

export type Listeners = {
  /** The connection listens from now on, and is the one of its device that is spoken to. True: it did not before. */
  add(session: Session, qos: number): boolean
  remove(session: Session): void
  of(deviceId: string): Session | undefined
  deviceIds(): Iterable<string>
}

export function createListeners(): Listeners {
  /** Of each device, the one that asked last stands last. */
  const byDevice = new Map<string, Session[]>()

  function leave(session: Session): void {
    const rest = (byDevice.get(session.deviceId) ?? []).filter(other => other !== session)
    if (rest.length > 0) byDevice.set(session.deviceId, rest)
    else byDevice.delete(session.deviceId)
  }

  return {
    add(session, qos) {
      if (session.socket.destroyed) return false
      const isNew = session.commands === undefined
      leave(session)
      byDevice.set(session.deviceId, [...(byDevice.get(session.deviceId) ?? []), session])
      const line = session.commands ?? { lastPacketId: 0, unacknowledged: new Map() }
      session.commands = { ...line, qos: qos === 0 ? 0 : 1 } // [MQTT-3.8.4-6]
      if (isNew) session.socket.once('close', () => leave(session))
      return isNew
    },
    remove: leave,
    of: deviceId => byDevice.get(deviceId)?.at(-1),
    deviceIds: () => byDevice.keys(),
  }
}

/**
 * Whether a command may be written now. One that a device does not fetch must never be what its socket is stopped
 * for: behind it may come the red key.
 */
export const isFree = ({ socket, commands }: Session): boolean =>
  commands !== undefined &&
  socket.writable &&
  socket.writableLength === 0 &&
  commands.unacknowledged.size < UNACKNOWLEDGED_MAX

/** Writes a command to the connection. False: it is not free. */
export function sendCommand(session: Session, command: DeviceCommand): boolean {
  const line = session.commands
  if (line === undefined || !isFree(session)) return false
  const payload = JSON.stringify(command)
  const topic = commandTopic(session.deviceId)
  const head = { cmd: 'publish' as const, topic, payload, retain: false }
  if (line.qos === 0) {
    session.socket.write(generate({ ...head, qos: 0, dup: false }))
    return true
  }
  const before = packetIdOf(line, command.id)
  const messageId = before ?? nextPacketId(line)
  line.unacknowledged.set(messageId, command.id)
  session.socket.write(generate({ ...head, qos: 1, dup: before !== undefined, messageId }))
  return true
}

/** The command that a PUBACK answers; undefined when it answers none. */
export function takeAcknowledged({ commands }: Session, packetId: number): string | undefined {
  const id = commands?.unacknowledged.get(packetId)
  commands?.unacknowledged.delete(packetId)
  return id
}

function packetIdOf({ unacknowledged }: CommandLine, commandId: string): number | undefined {
  for (const [packetId, id] of unacknowledged) if (id === commandId) return packetId
  return undefined
}

/** [MQTT-2.3.1-4]: one that is not in use. */
function nextPacketId(line: CommandLine): number {
  do line.lastPacketId = (line.lastPacketId % PACKET_IDS) + 1
  while (line.unacknowledged.has(line.lastPacketId))
  return line.lastPacketId
}

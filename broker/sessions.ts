// The connections of devices that were let in: which device each belongs to, and which of them must make way.

import type { Socket } from 'node:net'
import type { Gauge } from '../model/metrics.ts'
import type { Connect } from './connect.ts'
import type { Answered } from './ingest.ts'
import type { BrokerLimits } from './limits.ts'
import type { CommandLine } from './listeners.ts'
import { type Pace, startPace } from './pace.ts'
import type { PacketStream } from './packets.ts'
import type { CloseReason, Report } from './refusal.ts'

/** One live connection of one device. */
export type Session = PacketStream & {
  readonly deviceId: string
  /** The device's own client id behind the device id: two devices with one client id never meet. */
  readonly name: string
  readonly socket: Socket
  /** Shared by all connections of the device. */
  readonly pace: Pace
  /** 0: never closed for its silence. */
  readonly keepAliveS: number
  /** Sweeps since it was last heard, or since its writes got stuck (keepalive.ts). */
  quietFor: number
  /** Messages that ingest has not answered yet. */
  unanswered: number
  /** Events whose answer waits for its time. */
  heldBack: number
  /** Its socket is not read at present. */
  unread: boolean
  /** Answers to be written, each its first byte and packet id in one number. */
  readonly due: number[]
  /** Packet ids of QoS 2 that are stored and not released yet. */
  stored: Set<number> | undefined
  /** Hears from ingest what became of a message. */
  answer: Answered | undefined
  /** What it was sent, once it has listened for commands. */
  commands: CommandLine | undefined
  /** Why the hub closed it. */
  closedFor: CloseReason | undefined
}

export type Sessions = {
  /** Whether `connect` must be turned away because all places are taken. */
  isFull(connect: Connect): boolean
  open(connect: Connect, socket: Socket): Session
  /** Closes a connection for a named reason, once. */
  close(session: Session, reason: CloseReason, facts?: object): void
  /** Closes all connections of a device. */
  closeDevice(deviceId: string, reason: CloseReason): void
  all(): Iterable<Session>
}

type Device = { sessions: Set<Session>; pace: Pace }

export function startSessions({
  limits,
  report,
  connections,
}: {
  limits: BrokerLimits
  report: Report
  connections: Gauge
}): Sessions {
  const byName = new Map<string, Session>()
  const live = new Set<Session>()
  const devices = new Map<string, Device>()
  let unnamed = 0

  function open(connect: Connect, socket: Socket): Session {
    const { deviceId } = connect
    const device = devices.get(deviceId) ?? { sessions: new Set(), pace: startPace() }
    const session: Session = {
      begun: undefined,
      deviceId,
      name: nameOf(connect) ?? `${deviceId}:${++unnamed}`,
      socket,
      pace: device.pace,
      keepAliveS: connect.keepAliveS,
      quietFor: 0,
      unanswered: 0,
      heldBack: 0,
      unread: false,
      due: [],
      stored: undefined,
      answer: undefined,
      commands: undefined,
      closedFor: undefined,
    }
    makeRoom(session, device)
    devices.set(deviceId, device)
    device.sessions.add(session)
    byName.set(session.name, session)
    live.add(session)
    connections.set(live.size)
    socket.once('close', () => remove(session))
    return session
  }

  function makeRoom(session: Session, device: Device): void {
    const before = byName.get(session.name)
    if (before) close(before, 'taken_over') // [MQTT-3.1.4-2]
    if (device.sessions.size < limits.connectionsPerDevice) return
    const oldest = firstOf(device.sessions)
    if (oldest) close(oldest, 'too_many_of_device')
  }

  function close(session: Session, reason: CloseReason, facts: object = {}): void {
    if (session.closedFor === undefined) report(reason, { deviceId: session.deviceId, ...facts })
    session.closedFor ??= reason
    session.socket.destroy()
    remove(session)
  }

  function remove(session: Session): void {
    if (!live.delete(session)) return
    if (byName.get(session.name) === session) byName.delete(session.name)
    const device = devices.get(session.deviceId)
    device?.sessions.delete(session)
    if (device?.sessions.size === 0) devices.delete(session.deviceId)
    connections.set(live.size)
  }

  return {
    isFull: connect => live.size >= limits.connections && !byName.has(nameOf(connect) ?? ''),
    open,
    close,
    closeDevice(deviceId, reason) {
      for (const session of devices.get(deviceId)?.sessions ?? []) close(session, reason)
    },
    all: () => live,
  }
}

/** A device id has neither `/` nor `:`, so names of one device never look like those of another. */
const nameOf = ({ deviceId, clientId }: Connect): string | undefined =>
  clientId === '' ? undefined : `${deviceId}/${clientId}`

function firstOf<T>(set: Set<T>): T | undefined {
  for (const item of set) return item
  return undefined
}

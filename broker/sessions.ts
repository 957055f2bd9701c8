// The connections of devices that were let in: which device each belongs to, and which of them must make way.

import type { Socket } from 'node:net'
import type { Gauge } from '../model/metrics.ts'
import type { Connect } from './connect.ts'
import type { BrokerLimits } from './limits.ts'
import { type Pace, startPace } from './pace.ts'
import type { CloseReason, Report } from './refusal.ts'
import { devicePrefix } from './topics.ts'

/** One live connection of one device. */
export type Session = {
  readonly deviceId: string
  /** The device's own client id behind the device id: two devices with one client id never meet. */
  readonly name: string
  /** Its id inside aedes, never used twice, so that taking over is decided here alone. */
  readonly clientId: string
  readonly socket: Socket
  /** `hub/v1/{device id}/` */
  readonly prefix: string
  /** Shared by all connections of the device. */
  readonly pace: Pace
  /** aedes has answered CONNECT; nothing behind CONNECT is read before. */
  ready: boolean
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
  /** The session of a socket, also after it was closed. */
  of(socket: object): Session | undefined
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
  // Never forgets: packets that were read together with the one a connection is closed for still come to ingest.
  const bySocket = new WeakMap<object, Session>()
  const devices = new Map<string, Device>()
  let opened = 0

  function open(connect: Connect, socket: Socket): Session {
    const { deviceId } = connect
    const device = devices.get(deviceId) ?? { sessions: new Set(), pace: startPace() }
    const number = ++opened
    const session: Session = {
      deviceId,
      name: nameOf(connect) ?? `${deviceId}:${number}`,
      clientId: `${deviceId}/${number}`,
      socket,
      prefix: devicePrefix(deviceId),
      pace: device.pace,
      ready: false,
      closedFor: undefined,
    }
    makeRoom(session, device)
    devices.set(deviceId, device)
    device.sessions.add(session)
    byName.set(session.name, session)
    bySocket.set(socket, session)
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
    of: socket => bySocket.get(socket),
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

// One simulated device: a raw socket that counts what is acknowledged. Everything that the hub answers here is
// four bytes long — CONNACK once, then PUBACKs — so counting bytes is counting packets.

import { connect, type Socket } from 'node:net'
import { connectPacket } from './packets.ts'

export type Device = {
  readonly index: number
  readonly socket: Socket
  isOpen: boolean
  isGone: boolean
  /** Bytes of an answer that has not come whole. */
  partial: number
}

export type DeviceEvents = {
  /** The hub has let it in. */
  onOpen(device: Device): void
  onAcks(device: Device, acks: number): void
  /** Its socket is gone, also when it never was open or was closed here. */
  onGone(device: Device): void
}

const CONNACK = 0x20
const PUBACK = 0x40
const ANSWER_BYTES = 4

/** One for all sockets: a read is over before the next begins. */
const readBuffer = Buffer.allocUnsafe(64 * 1024)

/** Opens a socket and sends CONNECT. Source addresses are spread, so that no port range runs out. */
export function openDevice({
  id,
  index,
  port,
  events,
}: {
  id: string
  index: number
  port: number
  events: DeviceEvents
}): Device {
  const socket = connect({
    host: '127.0.0.1',
    port,
    localAddress: `127.0.0.${2 + (index % SOURCE_ADDRESSES)}`,
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback(length, bytes) {
        read(device, bytes, length, events)
        return true
      },
    },
  })
  const device: Device = { index, socket, isOpen: false, isGone: false, partial: 0 }
  socket.once('connect', () => socket.write(connectPacket(id)))
  socket.on('error', ignore) // `close` follows and is counted
  socket.once('close', () => {
    device.isOpen = false
    device.isGone = true
    events.onGone(device)
  })
  return device
}

const SOURCE_ADDRESSES = 8

function read(device: Device, bytes: Uint8Array, length: number, events: DeviceEvents): void {
  const firstAt = (ANSWER_BYTES - device.partial) % ANSWER_BYTES
  const whole = device.partial + length
  device.partial = whole % ANSWER_BYTES
  let acks = Math.floor(whole / ANSWER_BYTES)
  for (let at = firstAt; at < length; at += ANSWER_BYTES) {
    if (bytes[at] === PUBACK) continue
    if (bytes[at] !== CONNACK || bytes[at + 3] !== 0 || device.isOpen) {
      device.socket.destroy()
      return
    }
    device.isOpen = true
    acks--
    events.onOpen(device)
  }
  if (acks > 0) events.onAcks(device, acks)
}

function ignore(): void {}

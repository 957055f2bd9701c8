// A device byte by byte: a plain socket, packets made by hand or by mqtt-packet, and what came back.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import mqtt from 'mqtt'
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet'
import { eventually } from '../eventually.ts'
import { SECRET } from './door.ts'

export type Wire = {
  socket: Socket
  send(...parts: (Buffer | Packet)[]): void
  /** Packets that came from the hub. */
  got: Packet[]
  bytes(): Buffer
  closed(): boolean
  /** Waits for a packet of this command. */
  next(cmd: Packet['cmd']): Promise<Packet>
  waitForClose(): Promise<void>
  end(): void
}

export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const got: Packet[] = []
  const chunks: Buffer[] = []
  const reader = parser()
  let closed = false
  reader.on('packet', packet => got.push(packet))
  reader.on('error', () => undefined) // answers of other versions are looked at as bytes
  socket.on('data', chunk => {
    chunks.push(chunk)
    reader.parse(chunk)
  })
  socket.on('error', () => undefined) // a reset is a way to be closed
  socket.on('close', () => {
    closed = true
  })
  return {
    socket,
    got,
    bytes: () => Buffer.concat(chunks),
    closed: () => closed,
    send: (...parts) => void socket.write(Buffer.concat(parts.map(toBytes))),
    next: cmd =>
      eventually(() => {
        const found = got.find(packet => packet.cmd === cmd)
        if (!found) throw new Error(`no ${cmd} yet`)
        return found
      }, WITHIN),
    waitForClose: () =>
      eventually(() => {
        if (!closed) throw new Error('still open')
      }, WITHIN),
    end: () => socket.destroy(),
  }
}

export const WITHIN = { interval: 5 }

export const toBytes = (part: Buffer | Packet): Buffer => (Buffer.isBuffer(part) ? part : generate(part))

export function connectPacket(over: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: 'watch',
    keepalive: 60,
    username: 'mei',
    password: Buffer.from(SECRET),
    ...over,
  }
}

export function publishPacket(
  topic: string,
  payload: string | Buffer,
  { qos = 1, messageId = 1, retain = false }: { qos?: 0 | 1 | 2; messageId?: number; retain?: boolean } = {},
): Packet {
  return { cmd: 'publish', topic, payload, qos, dup: false, retain, ...(qos > 0 && { messageId }) }
}

/** A device that is in: CONNECT sent and accepted. */
export async function openDevice(port: number, over: Partial<IConnectPacket> = {}): Promise<Wire> {
  const wire = await openWire(port)
  wire.send(connectPacket(over))
  const answer = await wire.next('connack')
  if (answer.cmd !== 'connack' || answer.returnCode !== 0) {
    throw new Error(`not let in: ${JSON.stringify(answer)}`)
  }
  return wire
}

/** The CONNECT of `packet` with a string replaced by bytes of the same length, which no encoder would write. */
export function withBytes(packet: Packet, text: string, bytes: readonly number[]): Buffer {
  const wire = generate(packet)
  const at = wire.indexOf(text)
  if (at < 0 || Buffer.byteLength(text) !== bytes.length) throw new Error('nothing to replace')
  wire.set(bytes, at)
  return wire
}

/** Ids that were acknowledged, in order. */
export function pubacks(wire: Wire): number[] {
  return wire.got.flatMap(packet => (packet.cmd === 'puback' ? [packet.messageId ?? 0] : []))
}

export function subscribePacket(...topics: string[]): Packet {
  return { cmd: 'subscribe', messageId: 9, subscriptions: topics.map(topic => ({ topic, qos: 1 as const })) }
}

/** When another device was served from CONNECT to an answer, the hub has done what it could for the first. */
export async function roundTrip(port: number): Promise<void> {
  const wire = await openDevice(port, { username: 'lan' })
  wire.send({ cmd: 'pingreq' } as Packet)
  await wire.next('pingresp')
  wire.end()
}

/** An ordinary client with the device’s credentials. */
export function mqttJs(port: number): Promise<mqtt.MqttClient> {
  return mqtt.connectAsync({
    port,
    host: '127.0.0.1',
    username: 'mei',
    password: SECRET,
    clientId: 'js',
  })
}

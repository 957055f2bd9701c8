// Reads the first packet of a socket. Pure: bytes in; a CONNECT, a named refusal or "not all there yet" out.
//
//   CONNECT := 0x10 | remaining length 1–4 bytes | name length u16 | name | level u8 | flags u8 | keep-alive u16
//            | client id [will topic, will payload] [user name] [password], each u16 length and bytes

import { type IConnectPacket, parser } from 'mqtt-packet'
import { idSchema } from '../model/id.ts'
import { CONNECT_REFUSALS, type ConnectRefusal } from './refusal.ts'
import { isCleanText } from './topics.ts'

export type Connect = {
  deviceId: string
  secret: Uint8Array
  /** As the device chose it; empty when the hub is to choose. */
  clientId: string
  keepAliveS: number
  level: Level
  /** Bytes of the packet; what lies behind it belongs to the packets that follow. */
  length: number
}

export type Level = 3 | 4

export type ReadConnect = 'incomplete' | Connect | { refused: ConnectRefusal; answer: Uint8Array | null }

const CONNECT_HEADER = 0x10 // [MQTT-2.2.2-1] the four flag bits are zero
const LEVELS: Readonly<Record<string, Level>> = { MQIsdp: 3, MQTT: 4 }

/** Reads the CONNECT at the start of `bytes`, of at most `maxBytes`. */
export function readConnect(bytes: Buffer, maxBytes: number): ReadConnect {
  if (bytes.length === 0) return 'incomplete'
  if (bytes[0] !== CONNECT_HEADER) return refuse('not_mqtt') // [MQTT-3.1.0-1]
  const header = readLength(bytes)
  if (header === 'incomplete') return 'incomplete'
  if (header === 'malformed') return refuse('bad_connect')
  const length = header.bodyAt + header.bodyLength
  if (length > maxBytes) return refuse('connect_too_large')
  if (bytes.length < length) return 'incomplete'
  const protocol = readProtocol(bytes.subarray(header.bodyAt, length))
  if (protocol === undefined) return refuse('not_mqtt') // [MQTT-3.1.2-1]
  if (LEVELS[protocol.name] !== protocol.level) return refuse('unsupported_version', protocol.level)
  const packet = parse(bytes.subarray(0, length))
  return packet === undefined ? refuse('bad_connect') : accept(packet, LEVELS[protocol.name] as Level, length)
}

function accept(packet: IConnectPacket, level: Level, length: number): ReadConnect {
  const { clientId, username, password, keepalive = 0 } = packet
  if (!isCleanText(clientId)) return refuse('bad_client_id') // [MQTT-1.5.3-1], [MQTT-1.5.3-2]
  if (clientId === '' && level === 3) return refuse('bad_client_id') // MQTT 3.1 has no unnamed clients
  if (clientId === '' && packet.clean !== true) return refuse('empty_client_id_not_clean') // [MQTT-3.1.3-8]
  if (username === undefined || !idSchema.safeParse(username).success) return refuse('bad_username')
  const secret = password ?? NOTHING
  return { deviceId: username, secret, clientId, keepAliveS: keepalive, level, length }
}

const NOTHING = new Uint8Array(0)

function refuse(refused: ConnectRefusal, level = 4): ReadConnect {
  return { refused, answer: refusalAnswer(refused, level) }
}

/** The CONNACK for a refusal, null when the socket is closed without one. */
export function refusalAnswer(refused: ConnectRefusal, level: number): Uint8Array | null {
  const code = CONNECT_REFUSALS[refused]
  if (code === null) return null
  // A client of MQTT 5 reads the answer of its own version: reason 0x84, no properties.
  if (level === 5) return Uint8Array.of(0x20, 3, 0, 0x84, 0)
  return Uint8Array.of(0x20, 2, 0, code) // [MQTT-3.2.2-4], [MQTT-3.1.2-2]
}

function readLength(bytes: Buffer): { bodyAt: number; bodyLength: number } | 'incomplete' | 'malformed' {
  let bodyLength = 0
  for (let i = 0; i < 4; i++) {
    const byte = bytes[i + 1]
    if (byte === undefined) return 'incomplete'
    bodyLength += (byte & 0x7f) * 128 ** i
    if (byte < 0x80) return { bodyAt: i + 2, bodyLength }
  }
  return 'malformed'
}

function readProtocol(body: Buffer): { name: string; level: number } | undefined {
  if (body.length < 2) return undefined
  const end = 2 + body.readUInt16BE(0)
  const name = body.toString('latin1', 2, end)
  const level = body[end]
  return name in LEVELS && level !== undefined ? { name, level } : undefined
}

function parse(bytes: Buffer): IConnectPacket | undefined {
  const reader = parser()
  let connect: IConnectPacket | undefined
  let broken = false
  reader.on('packet', packet => {
    if (packet.cmd === 'connect') connect = packet
  })
  reader.on('error', () => {
    broken = true // [MQTT-3.1.2-3] and every other malformed CONNECT
  })
  reader.parse(bytes)
  return broken ? undefined : connect
}

// The MQTT packets of the generator, made before the clock runs: a CONNECT, and a ring of PUBLISH packets whose
// time and number are written in place, so that every message is new and none costs an object.
//
//   slot := 0x32 | remaining length 2 bytes | topic length u16 | topic | packet id u16 | JSON
//   JSON := {"ts":<13 digits>,"seq":<7 digits>, … the same bytes for as long as the ring lives

import { hash } from 'node:crypto'
import { generate } from 'mqtt-packet'

/** Device ids of the generator: `d0`, `d1` …; those that press the red key: `sos0`, `sos1` … */
export const deviceId = (index: number): string => `d${index}`
export const sosDeviceId = (index: number): string => `sos${index}`

/** The secret of a device of the benchmark. Its hub lives for seconds, on this machine alone. */
export const secretOf = (id: string): string => hash('sha256', `bench ${id}`, 'base64url')

/** Seconds; longer than anything that is measured, so that no PINGREQ is due. */
const KEEP_ALIVE_S = 600

export function connectPacket(id: string): Buffer {
  return generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: id,
    username: id,
    password: Buffer.from(secretOf(id)),
    keepalive: KEEP_ALIVE_S,
  })
}

/** One SOS with an id of its own. */
export function sosPacket(id: string, eventId: string): Buffer {
  const payload = JSON.stringify({ id: eventId, ts: Date.now(), kind: 'sos' })
  return generate({ cmd: 'publish', topic: `hub/v1/${id}/event`, qos: 1, messageId: 1, payload, ...PLAIN })
}

const PLAIN = { dup: false, retain: false } as const

export type Ring = {
  /** All slots, one behind the other. */
  readonly bytes: Buffer
  readonly slotBytes: number
  readonly slots: number
  /** Writes `at` (epoch ms) and the number of the message into a slot. */
  stamp(slot: number, at: number, seq: number): void
}

const TS_DIGITS = 13
/** Only the digits that can change within a run of the ring: 10^7 ms are 2.8 hours. */
const CHANGING_DIGITS = 7
/** The first number has as many digits as the last one. */
export const FIRST_SEQ = 1_000_000

/** Telemetry of one device, as a watch sends it: about 210 bytes of JSON. */
export function telemetryRing({ index, slots, now }: { index: number; slots: number; now: number }): Ring {
  const packets = Array.from({ length: slots }, (_, slot) => telemetryPacket(index, slot, now))
  const [first] = packets
  if (!first || packets.some(packet => packet.length !== first.length))
    throw new Error('the packets of a ring must be of one length')
  const slotBytes = first.length
  const tsAt = first.indexOf('"ts":') + 5 + TS_DIGITS - CHANGING_DIGITS
  const seqAt = first.indexOf('"seq":') + 6
  const bytes = Buffer.concat(packets)
  return {
    bytes,
    slotBytes,
    slots,
    stamp(slot, at, seq) {
      const start = slot * slotBytes
      writeDigits(bytes, start + tsAt, at)
      writeDigits(bytes, start + seqAt, seq)
    },
  }
}

/** The last seven digits of `value`. */
function writeDigits(bytes: Buffer, at: number, value: number): void {
  let rest = value
  for (let i = at + CHANGING_DIGITS - 1; i >= at; i--) {
    const tens = Math.floor(rest / 10)
    bytes[i] = 48 + rest - tens * 10
    rest = tens
  }
}

function telemetryPacket(index: number, slot: number, now: number): Buffer {
  const { lat, lon } = homeOf(index)
  const sample = {
    ts: now,
    seq: FIRST_SEQ,
    loc: {
      lat: Number((lat + (slot % 7) * 1e-5).toFixed(5)),
      lon: Number((lon + (slot % 5) * 1e-5).toFixed(5)),
      acc: 10 + (slot % 9),
      src: 'gps',
      datum: 'wgs84',
    },
    vitals: {
      hr: 62 + (slot % 17),
      spo2: 96 + (slot % 3),
      sbp: 118 + (slot % 13),
      dbp: 70 + (slot % 11),
      temp: 36.2 + (slot % 7) / 10,
      rr: 14 + (slot % 4),
    },
    steps: 1_000 + slot,
    battery: 60 + (slot % 30),
    worn: true,
    signal: -70 - (slot % 25),
  }
  const payload = fixedWidth(sample)
  const topic = `hub/v1/${deviceId(index)}/telemetry`
  return generate({ cmd: 'publish', topic, qos: 1, messageId: slot + 1, payload, ...PLAIN })
}

/** Coordinates with all five decimals and temperatures with one, so that every packet has the same length. */
function fixedWidth(sample: object): string {
  return JSON.stringify(sample)
    .replace(/"(lat|lon)":(-?[0-9.]+)/g, (_, name, value) => `"${name}":${Number(value).toFixed(5)}`)
    .replace(/"temp":([0-9.]+)/, (_, value) => `"temp":${Number(value).toFixed(1)}`)
}

/** Where the wearer of a device lives: a town of homes 200 m apart. */
export const homeOf = (index: number): { lat: number; lon: number } => ({
  lat: 37.4 + Math.floor(index / 100) * 0.002,
  lon: 122.1 + (index % 100) * 0.002,
})

// The MQTT half of docs/asyncapi.yaml: what a device publishes below `hub/v1/{deviceId}/`, and what it hears there.

import { z } from 'zod'
import { commandAckSchema, deviceCommandSchema } from '../../model/command.ts'
import { eventSchema } from '../../model/event.ts'
import { motionSchema } from '../../model/motion.ts'
import { MAX_SAMPLES, telemetrySchema } from '../../model/telemetry.ts'
import { type Json, refTo } from './schemas.ts'

type Channel = {
  /** Below `hub/v1/{deviceId}/`; its name when not given. */
  address?: string
  /** `send`: the hub speaks. */
  action?: 'send'
  summary: string
  description: readonly string[]
  payload: z.ZodType
  example: object
}

const CHANNELS: Readonly<Record<string, Channel>> = {
  telemetry: {
    summary: `One sample, or an array of up to ${MAX_SAMPLES} of them, oldest first`,
    description: [
      'vitals: bpm, %, mmHg, mmHg, °C, breaths/min; 0 and 255 mean "no value". loc.acc: metres, 68 %.',
      'battery: %. signal: dBm. A field that does not fit is left out, and the rest is taken.',
    ],
    payload: z.union([telemetrySchema, z.array(telemetrySchema).min(1).max(MAX_SAMPLES)]),
    example: {
      ts: 1_795_284_841_149,
      seq: 123,
      loc: { lat: 37.51, lon: 122.12, acc: 15, src: 'gps', datum: 'wgs84' },
      vitals: { hr: 72, spo2: 97, sbp: 128, dbp: 78, temp: 36.5, rr: 16 },
      steps: 1234,
      battery: 81,
      worn: true,
      signal: -85,
    },
  },
  event: {
    summary: 'Somebody pressed a key, fell, took the band off',
    description: [
      'Only kind must be understood. Whatever is not understood here raises unreadable_event: it may have been',
      "an SOS. id is the device's own; it recognises an event that is sent again within 24 hours.",
    ],
    payload: eventSchema,
    example: { id: 'f3a1', ts: 1_795_284_841_149, kind: 'sos', loc: { lat: 37.51, lon: 122.12, acc: 15 } },
  },
  motion: {
    summary: 'One burst of acceleration around an impact',
    description: [
      'Taken whole or not at all. The true rate is (n − 1) / durMs. i16le: base64 of interleaved x, y, z in units',
      'of 1 mg. Stored; no rule reads bursts yet.',
    ],
    payload: motionSchema,
    example: {
      v: 1,
      t0: 1_795_284_841_149,
      durMs: 40,
      n: 3,
      unit: 'g',
      enc: 'json',
      x: [0, 2, 0],
      y: [0, 1, 0],
      z: [1, 3, 1],
    },
  },
  command: {
    address: 'command',
    action: 'send',
    summary: 'What the hub asks of the device, until the device has answered',
    description: [
      'The hub sends it to a device that has subscribed, in every connection anew. It may come more than once: the',
      'id tells. args by name: interval {everyMs}, call {number}, message {text}, reminder {text, at}; locate, find',
      'and reboot have none.',
    ],
    payload: deviceCommandSchema,
    example: {
      id: 'cmd_4k1x7c',
      name: 'interval',
      args: { everyMs: 20_000 },
      expiresAt: 1_795_284_841_149,
    },
  },
  commandAck: {
    address: 'command/ack',
    summary: 'What the device says of a command: it is done, or cannot be',
    description: ['Only this ends a command before it expires; a PUBACK does not.'],
    payload: commandAckSchema,
    example: { id: 'cmd_4k1x7c', ok: false, detail: 'no such number' },
  },
}

/** The QoS at which an acknowledgement says something; the others are taken, too. */
const QOS = 1

const each = <T>(tell: (name: string, channel: Channel) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(CHANNELS).map(([name, channel]) => [name, tell(name, channel)]))

export const deviceChannels = (): Record<string, Json> =>
  each((name, { address = name }) => ({
    address: `hub/v1/{deviceId}/${address}`,
    servers: [{ $ref: '#/servers/devices' }],
    parameters: {
      deviceId: { description: "The device's own id, which is its user name: 1 to 64 of A-Z a-z 0-9 _ -" },
    },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  }))

export const deviceOperations = (): Record<string, Json> =>
  each((name, { summary, action = 'receive' }) => ({
    action,
    channel: { $ref: `#/channels/${name}` },
    summary,
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    bindings: { mqtt: { qos: QOS, bindingVersion: '0.2.0' } },
  }))

export const deviceMessages = (): Record<string, Json> =>
  each((name, { summary, description, payload, example }) => ({
    summary,
    description: description.join(' '),
    payload: refTo(payload.meta()?.id ?? payloadName(name)),
    examples: [{ payload: example as Json }],
  }))

export const devicePayloads = (): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(CHANNELS).map(([name, { payload }]) => [payloadName(name), payload]))

const payloadName = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`

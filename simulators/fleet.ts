// The wearables' radios: one real MQTT connection a device. What was sent and not acknowledged is sent again
// after a reconnect; samples wait in the device meanwhile, as in a real one, and go out in one message.

import { connect, type MqttClient } from 'mqtt'
import { type DeviceCommand, deviceCommandSchema } from '../model/command.ts'
import type { DeviceEvent } from '../model/event.ts'
import { MAX_SAMPLES, type Telemetry } from '../model/telemetry.ts'

export type FleetCounts = {
  devices: number
  connected: number
  /** Messages handed to a connection, and those that the hub acknowledged. */
  sent: number
  acked: number
  /** Samples that a device could not keep any longer, because too many were waiting. */
  overwritten: number
  reconnects: number
  /** CONNECTs that failed, and why the first did. */
  refused: number
  firstRefusal?: string
}

export type Fleet = {
  /** Sends a sample now, or together with the next ones when the last is still under way. */
  sample(deviceId: string, sample: Telemetry): void
  /** Sends what a device has kept, oldest first, ahead of what it says from now on. */
  backlog(deviceId: string, samples: readonly Telemetry[]): void
  /** Sends an event at QoS 1; it is never dropped. */
  event(deviceId: string, event: DeviceEvent): void
  counts(): FleetCounts
  /** Resolves when all devices have been connected once, or after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>
  /** Waits up to a second for acknowledgements, then closes every connection. */
  stop(): Promise<void>
}

export type FleetOptions = {
  mqttUrl: string
  devices: readonly { id: string; secret: string }[]
  /** Of samples. */
  qos: 0 | 1
  /** How many devices connect in a second. */
  rampPerSecond?: number
  /** The hub has acknowledged the event: from here on it may not be lost. */
  onEventAcked?(event: DeviceEvent): void
  /**
   * The hub asks a device for something, and asks until it is answered. False: it cannot; undefined: no answer yet.
   * Without this no device listens.
   */
  onCommand?(deviceId: string, command: DeviceCommand): boolean | undefined
}

type Counted = Omit<FleetCounts, 'connected'>

const KEEP_ALIVE_S = 60
const RECONNECT_MS = 1_000
const LAST_ACKS_MS = 1_000

type Radio = {
  client: MqttClient
  /** Samples that wait for the acknowledgement of the last ones. */
  backlog: Telemetry[]
  sending: boolean
  /** Messages without an acknowledgement. */
  unacked: number
  /** Its turn to connect has come. */
  hasBegun: boolean
  wasConnected: boolean
}

/** Begins to connect; a device that is given something before its turn connects first and sends then. */
export function startFleet(options: FleetOptions): Fleet {
  const { devices, qos, rampPerSecond = 200, onEventAcked } = options
  const counts: Counted = {
    devices: devices.length,
    sent: 0,
    acked: 0,
    overwritten: 0,
    reconnects: 0,
    refused: 0,
  }
  const radios = new Map(devices.map(device => [device.id, openRadio(options.mqttUrl, device, counts)]))
  const { onCommand } = options
  if (onCommand) for (const [id, radio] of radios) hearCommands(radio, id, onCommand)
  const stopRamp = ramp([...radios.values()], rampPerSecond)

  /** `done` is called at the acknowledgement; never when the connection is closed for good before it. */
  const publish = (deviceId: string, channel: string, message: object, qosOf: 0 | 1, done: () => void) => {
    const radio = radioOf(radios, deviceId)
    counts.sent++
    radio.unacked++
    radio.client.publish(`hub/v1/${deviceId}/${channel}`, JSON.stringify(message), { qos: qosOf }, error => {
      radio.unacked--
      if (error) return
      counts.acked++
      done()
    })
  }
  const flush = (deviceId: string, radio: Radio) => {
    if (radio.sending || radio.backlog.length === 0) return
    const samples = radio.backlog
    radio.backlog = []
    radio.sending = true
    const message = samples.length === 1 ? (samples[0] as Telemetry) : samples
    publish(deviceId, 'telemetry', message, qos, () => {
      radio.sending = false
      flush(deviceId, radio)
    })
  }

  return {
    sample(deviceId, sample) {
      const radio = radioOf(radios, deviceId)
      if (radio.backlog.length === MAX_SAMPLES) {
        radio.backlog.shift()
        counts.overwritten++
      }
      radio.backlog.push(sample)
      flush(deviceId, radio)
    },
    backlog(deviceId, samples) {
      for (let from = 0; from < samples.length; from += MAX_SAMPLES)
        publish(deviceId, 'telemetry', samples.slice(from, from + MAX_SAMPLES), 1, () => undefined)
    },
    event: (deviceId, event) => publish(deviceId, 'event', event, 1, () => onEventAcked?.(event)),
    counts: () => ({
      ...counts,
      connected: [...radios.values()].filter(({ client }) => client.connected).length,
    }),
    ready: timeoutMs => until(() => [...radios.values()].every(radio => radio.wasConnected), timeoutMs),
    async stop() {
      stopRamp()
      await until(() => counts.acked >= counts.sent, LAST_ACKS_MS)
      // A polite end waits for acknowledgements; where none came in time it would wait for ever.
      const begun = [...radios.values()].filter(({ hasBegun }) => hasBegun)
      await Promise.all(begun.map(({ client, unacked }) => client.endAsync(unacked > 0)))
    },
  }
}

function openRadio(mqttUrl: string, { id, secret }: { id: string; secret: string }, counts: Counted): Radio {
  const client = connect(mqttUrl, {
    manualConnect: true,
    clientId: id,
    username: id,
    password: secret,
    keepalive: KEEP_ALIVE_S,
    // Devices of one fleet do not come back in the same instant.
    reconnectPeriod: RECONNECT_MS + Math.floor(Math.random() * RECONNECT_MS),
    reconnectOnConnackError: true,
    resubscribe: false,
  })
  const radio: Radio = {
    client,
    backlog: [],
    sending: false,
    unacked: 0,
    hasBegun: false,
    wasConnected: false,
  }
  client.on('connect', () => {
    if (radio.wasConnected) counts.reconnects++
    radio.wasConnected = true
  })
  client.on('error', error => {
    counts.refused++
    counts.firstRefusal ??= error.message
  })
  return radio
}

/** Commands that a device remembers, to do none of them twice. */
const REMEMBERED = 100

/** Listens in every connection anew, and answers what is heard; what was done before is only answered again. */
function hearCommands(
  radio: Radio,
  deviceId: string,
  onCommand: NonNullable<FleetOptions['onCommand']>,
): void {
  const { client } = radio
  const topic = `hub/v1/${deviceId}/command`
  const done = new Map<string, boolean>()
  const settled = (): void => {
    radio.unacked--
  }
  client.on('connect', () => {
    radio.unacked++
    client.subscribe(topic, { qos: 1 }, settled)
  })
  client.on('message', (_topic, payload) => {
    const command = readCommand(payload.toString())
    const ok = command && (done.get(command.id) ?? onCommand(deviceId, command))
    if (command === undefined || ok === undefined) return
    done.set(command.id, ok)
    for (const id of done.keys()) if (done.size > REMEMBERED) done.delete(id)
    radio.unacked++
    client.publish(`${topic}/ack`, JSON.stringify({ id: command.id, ok }), { qos: 1 }, settled)
  })
}

function readCommand(text: string): DeviceCommand | undefined {
  try {
    return deviceCommandSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // a device without a screen has nobody to tell
  }
}

/** Connects so many a second, evenly. Returns the way to stop. */
function ramp(radios: readonly Radio[], perSecond: number): () => void {
  const STEP_MS = 50
  let done = 0
  let due = 0
  const timer = setInterval(() => {
    due += (perSecond * STEP_MS) / 1_000
    while (done < due && done < radios.length) begin(radios[done++] as Radio)
    if (done === radios.length) clearInterval(timer)
  }, STEP_MS)
  return () => clearInterval(timer)
}

function begin(radio: Radio): void {
  radio.hasBegun = true
  radio.client.connect()
}

function radioOf(radios: ReadonlyMap<string, Radio>, deviceId: string): Radio {
  const radio = radios.get(deviceId)
  if (radio === undefined) throw new RangeError(`no device ${deviceId} in this fleet`)
  return radio
}

async function until(done: () => boolean, timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  while (!done() && performance.now() < giveUpAt) await new Promise(resolve => setTimeout(resolve, 25))
}

// A wearable that presses its red key and sends samples. It knows every broker of the hub and goes on to the next
// one when a connection breaks; what was not acknowledged is sent again until it is.

import { setTimeout as wait } from 'node:timers/promises'
import mqtt, { type MqttClient } from 'mqtt'

/** One press. Times are epoch ms by the one clock of the test; never acknowledged: still on its way. */
export type Press = { eventId: string; deviceId: string; pressedAt: number; acknowledgedAt?: number }

export type Device = {
  readonly id: string
  /** Presses the red key; resolves when the hub has acknowledged. Rejects never. */
  press(eventId: string): Promise<Press>
  /** Sends a sample at QoS 1, once; not while another one is on its way. */
  sample(): void
  /** Breaks the connection, as a device that walks into a lift; it comes back by itself. */
  drop(): void
  isConnected(): boolean
  /** `eventsSent`: PUBLISH packets, each try one. */
  counts(): { samplesSent: number; samplesAcknowledged: number; eventsSent: number; connects: number }
  close(): Promise<void>
}

const KEEP_ALIVE_S = 4
const CONNECT_WITHIN_MS = 2_000
const RECONNECT_MS = 100
const SPREAD_MS = 100
/** After so long without an answer a device gives a connection up, however alive it looks. */
const ANSWER_WITHIN_MS = 6_000

/** Connects by itself, from now on. `ports` are the MQTT ports of the brokers, the first one to begin with. */
export function startDevice({
  id,
  secret,
  ports,
}: {
  id: string
  secret: string
  ports: readonly number[]
}): Device {
  const client = mqtt.connect({
    protocol: 'mqtt',
    servers: ports.map(port => ({ host: '127.0.0.1', port })),
    username: id,
    password: secret,
    clientId: id,
    clean: false,
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_WITHIN_MS,
    // Devices do not come back in the same instant.
    reconnectPeriod: RECONNECT_MS + Math.floor(Math.random() * SPREAD_MS),
    reconnectOnConnackError: true,
  })
  client.on('error', () => undefined) // it comes back by itself
  const counts = { samplesSent: 0, samplesAcknowledged: 0, eventsSent: 0, connects: 0 }
  client.on('connect', () => {
    counts.connects++
  })
  client.on('packetsend', packet => {
    if (packet.cmd === 'publish' && packet.topic.endsWith('/event')) counts.eventsSent++
  })
  let isSampling = false

  return {
    id,
    async press(eventId) {
      const pressedAt = Date.now()
      // The device's own time does not change from one try to the next.
      const event = JSON.stringify({ id: eventId, ts: pressedAt, kind: 'sos' })
      await publishUntilAcknowledged(client, `hub/v1/${id}/event`, event)
      return { eventId, deviceId: id, pressedAt, acknowledgedAt: Date.now() }
    },
    sample() {
      if (isSampling || !client.connected) return
      isSampling = true
      counts.samplesSent++
      const sample = JSON.stringify({ ts: Date.now(), seq: counts.samplesSent, ...CALM })
      client.publish(`hub/v1/${id}/telemetry`, sample, { qos: 1 }, error => {
        isSampling = false
        if (!error) counts.samplesAcknowledged++
      })
    },
    drop: () => client.stream.destroy(),
    isConnected: () => client.connected,
    counts: () => ({ ...counts }),
    close: () => client.endAsync(true),
  }
}

/** Nothing of it raises anything. */
const CALM = {
  vitals: { hr: 72, spo2: 98, sbp: 124, dbp: 78, temp: 36.6, rr: 15 },
  battery: 81,
  worn: true,
  steps: 1_234,
  signal: -71,
}

/** The client sends again what was on its way when a connection broke; this sends again what it gave up. */
async function publishUntilAcknowledged(client: MqttClient, topic: string, payload: string): Promise<void> {
  for (;;) {
    const impatience = setInterval(() => client.connected && client.stream.destroy(), ANSWER_WITHIN_MS)
    try {
      await client.publishAsync(topic, payload, { qos: 1 })
      return
    } catch {
      await wait(RECONNECT_MS) // the connection broke under it: nobody has acknowledged it
    } finally {
      clearInterval(impatience)
    }
  }
}

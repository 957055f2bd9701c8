// How long an SOS takes to the feed when tens of thousands of routine records are stored before it.
//
// The whole river, in the hub's own order, but the workers start last: the backlog and the SOS behind it are
// published over MQTT, acknowledged and fsynced while nobody folds. Then the workers start, and the clock runs
// until the alarm is on a console's WebSocket. Nothing is skipped: rules, commits, incident row, feed.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import mqtt from 'mqtt'
import { systemClock as clock } from '../clock.ts'
import { parseConfig } from '../config.ts'
import { openHub } from '../hub.ts'
import { startLog } from '../log.ts'
import { followAlarm, metricOf, registerDevices, signIn } from './desk.ts'

const PASSWORD = 'bench'

export type BacklogResult = {
  records: number
  /** Workers started → alarm on the console's socket. */
  sosToFeedMs: number
  /** Workers started → the last record of the backlog committed. */
  drainedMs: number
}

/** Runs it once with `records` routine records of `devices` devices. */
export async function measureBacklog({
  records,
  devices,
}: {
  records: number
  devices: number
}): Promise<BacklogResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-bench-'))
  const env = {
    DATA_DIR: dataDir,
    HTTP_PORT: '0',
    MQTT_PORT: '0',
    BIND: '127.0.0.1',
    ADMIN_PASSWORD: PASSWORD,
  }
  const config = parseConfig({ argv: [], env })
  const hub = await openHub({ config, clock, log: startLog({ level: 'silent' }) })
  try {
    await hub.startAlerts()
    const httpUrl = `http://127.0.0.1:${await hub.startGateway()}`
    const mqttUrl = `mqtt://127.0.0.1:${await hub.startBroker()}`
    const token = await signIn(httpUrl, PASSWORD)
    const secrets = await registerDevices({ httpUrl, token, devices })
    await publishBacklog(mqttUrl, secrets, records)
    const console = await followAlarm({ httpUrl, token, eventId: BEHIND })
    const startedAt = performance.now()
    await hub.startWorkers()
    const sosToFeedMs = (await console.shownAt) - startedAt
    while ((await metricOf(httpUrl, 'anxin_folded_total{lane="routine"}')) < records) await pause(5)
    const drainedMs = performance.now() - startedAt
    console.close()
    return { records, sosToFeedMs, drainedMs }
  } finally {
    await hub.stop()
    await rm(dataDir, { recursive: true })
  }
}

/** Publishes the records, each with what a watch says every minute, and the SOS when all are acknowledged. */
async function publishBacklog(
  url: string,
  secrets: ReadonlyMap<string, string>,
  records: number,
): Promise<void> {
  const perDevice = Math.ceil(records / secrets.size)
  await Promise.all(
    [...secrets].map(async ([deviceId, password], index) => {
      const client = await mqtt.connectAsync(url, { username: deviceId, password, clientId: deviceId })
      const topic = `hub/v1/${deviceId}/telemetry`
      for (let sent = 0; sent < perDevice; sent += IN_FLIGHT) {
        const batch = Array.from({ length: Math.min(IN_FLIGHT, perDevice - sent) }, (_, n) =>
          client.publishAsync(topic, JSON.stringify(sample(index, sent + n)), { qos: 1 }),
        )
        await Promise.all(batch)
      }
      await client.endAsync()
    }),
  )
  const [first] = secrets
  if (!first) return
  const [deviceId, password] = first
  const client = await mqtt.connectAsync(url, { username: deviceId, password, clientId: deviceId })
  await client.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify({ kind: 'sos', id: BEHIND }), {
    qos: 1,
  })
  await client.endAsync()
}

const IN_FLIGHT = 64
const BEHIND = 'behind'
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

const sample = (device: number, seq: number) => ({
  ts: Date.now(),
  seq,
  loc: { lat: 37.51 + device * 1e-4, lon: 122.12, acc: 15, src: 'gps', datum: 'wgs84' },
  vitals: { hr: 70 + (seq % 15), spo2: 97, sbp: 128, dbp: 78, temp: 36.5, rr: 16 },
  steps: seq * 3,
  battery: 81,
  worn: true,
  signal: -85,
})

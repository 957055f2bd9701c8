// A whole embedded hub in the test's own process, on free ports, with a clock that the test can move.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import { parseConfig } from '../../config.ts'
import { startHub } from '../../hub.ts'
import { startLog } from '../../log.ts'
import { epochMs } from '../../model/units.ts'
import { type Desk, type Follower, followFeed, signIn } from '../desk.ts'
import { PASSWORD } from '../hub-process.ts'

export type TestHub = {
  httpUrl: string
  mqttPort: number
  /** Signed in as `admin`. */
  desk: Desk
  /** Follows the feed from its beginning. */
  feed: Follower
  /** Lines that the hub has logged so far, as objects. */
  logged(): { level: string; msg: string; reason?: string; [fact: string]: unknown }[]
  /** Value of a metric; the sum over all labels that fit. */
  metric(name: string, labels?: Record<string, string>): Promise<number>
  /** Connects a registered device. */
  connect(deviceId: string, secret: string, options?: IClientOptions): Promise<MqttClient>
  /** Signs in an operator, made for this test. */
  operator(username: string): Promise<Desk>
  /** Moves the hub's clock. */
  advance(ms: number): void
}

/** Starts a hub that ends with the test. */
export async function startTestHub(env: Record<string, string> = {}): Promise<TestHub> {
  const { hub, stop } = await openTestHub(env)
  onTestFinished(stop)
  return hub
}

/** Starts a hub that runs until `stop`. Environment `CONSOLE_DIST`: a built console other than console/dist. */
export async function openTestHub(
  env: Record<string, string> = {},
): Promise<{ hub: TestHub; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-e2e-'))
  const lines: string[] = []
  let aheadMs = 0
  const hub = await startHub({
    config: parseConfig({
      argv: [],
      env: {
        HTTP_PORT: '0',
        MQTT_PORT: '0',
        BIND: '127.0.0.1',
        DATA_DIR: dataDir,
        ADMIN_PASSWORD: PASSWORD,
        ...env,
      },
    }),
    clock: { now: () => epochMs(Date.now() + aheadMs) },
    log: startLog({ level: 'debug', destination: { write: line => void lines.push(line) } }),
    ...(process.env.CONSOLE_DIST && { consoleDir: process.env.CONSOLE_DIST }),
  })
  const { httpPort, mqttPort } = hub
  if (mqttPort === undefined) throw new Error('a hub with all roles has a broker')
  const httpUrl = `http://127.0.0.1:${httpPort}`
  const desk = await signIn(httpUrl, { password: PASSWORD })
  const feed = followFeed(httpUrl, { token: desk.token })
  const clients: MqttClient[] = []

  const opened: TestHub = {
    httpUrl,
    mqttPort,
    desk,
    feed,
    logged: () => lines.map(line => JSON.parse(line)),
    async metric(name, labels = {}) {
      const text = await (await fetch(`${httpUrl}/metrics`)).text()
      return sumOf(text, name, labels)
    },
    async connect(deviceId, secret, options = {}) {
      const client = await mqtt.connectAsync(
        `mqtt://127.0.0.1:${mqttPort}`,
        { username: deviceId, password: secret, clientId: deviceId, reconnectPeriod: 0, ...options },
        false,
      )
      client.on('error', () => undefined) // the test looks at what the hub made of it
      clients.push(client)
      return client
    },
    async operator(username) {
      const account = { username, name: username, role: 'operator', areaId: 'root', password: PASSWORD }
      await desk.must('POST', '/users', account)
      return signIn(httpUrl, { username, password: PASSWORD })
    },
    advance(ms) {
      aheadMs += ms
    },
  }
  return {
    hub: opened,
    async stop() {
      feed.close()
      for (const client of clients) await client.endAsync(true)
      await hub.stop()
      await rm(dataDir, { recursive: true })
    },
  }
}

/** Adds up the samples `name{…}` of a Prometheus text whose labels hold all of `labels`. */
function sumOf(text: string, name: string, labels: Record<string, string>): number {
  let sum = 0
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${name} `) && !line.startsWith(`${name}{`)) continue
    if (!Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`))) continue
    sum += Number(line.slice(line.lastIndexOf(' ') + 1))
  }
  return sum
}

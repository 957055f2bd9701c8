// The MQTT door with everything around it made up: what it takes is kept for the test to look at and to answer.

import { afterEach } from 'vitest'
import type { Downlink } from '../../broker/downlink.ts'
import type { Channel, Ingest, Message } from '../../broker/ingest.ts'
import { type BrokerLimits, DEFAULT_LIMITS } from '../../broker/limits.ts'
import { startMqtt } from '../../broker/mqtt.ts'
import type { Later } from '../../broker/pace.ts'
import type { Log } from '../../model/log.ts'
import type { Metrics } from '../../model/metrics.ts'
import type { Clock } from '../../model/time.ts'
import { epochMs } from '../../model/units.ts'

export const SECRET = 'rOaI0Yb4kX1l9c7m2QvT'

export type Taken = { message: Message; text: string; done(error?: Error): void }

export type Door = {
  port: number
  /** Everything that came to ingest, in order. */
  taken: Taken[]
  /** Texts of what came in, by channel. */
  texts(channel?: Channel): string[]
  /** Counts by reason. */
  refused: Record<string, number>
  /** Reasons that were logged, in order. */
  logged: string[]
  /** What devices said about commands, and who began and ceased to listen to them. */
  answered: string[]
  listening: string[]
  connections(): number
  credentials: FakeCredentials
  stop(): Promise<void>
}

export type FakeCredentials = {
  /** Secrets by device id. */
  secrets: Map<string, string>
  /** Registered, but the broker has not heard of it before it looks again. */
  unheard: Map<string, string>
  refreshes: number
  revoke(deviceId: string): void
}

/** `answer`: how ingest answers; by default everything is stored at once. */
export async function openDoor({
  devices = ['mei', 'lan'],
  limits = {},
  answer = taken => taken.done(),
  clock = { now: () => epochMs(Date.now()) },
  later,
  downlink,
}: {
  devices?: readonly string[]
  limits?: Partial<BrokerLimits>
  answer?: (taken: Taken) => void
  clock?: Clock
  later?: Later
  downlink?: Downlink
} = {}): Promise<Door> {
  const taken: Taken[] = []
  const ingest: Pick<Ingest, 'take'> = {
    take(message, answered, token) {
      const done = (error?: Error): void => answered(token, error)
      const one = { message, text: Buffer.from(message.payload).toString(), done }
      taken.push(one)
      answer(one)
    },
  }
  const credentials = fakeCredentials(devices)
  const { metrics, refused, connections } = countingMetrics()
  const { made, answered, listening } = listeningDownlink()
  const { log, logged } = listeningLog()
  const { port, stop } = await startMqtt({
    host: '127.0.0.1',
    port: 0,
    credentials,
    ingest,
    downlink: downlink ?? made,
    clock,
    log,
    metrics,
    limits: { ...DEFAULT_LIMITS, ...limits },
    ...(later && { later }),
  })
  const texts = (channel?: Channel) =>
    taken.filter(({ message }) => !channel || message.channel === channel).map(({ text }) => text)
  return { port, taken, texts, refused, logged, answered, listening, connections, credentials, stop }
}

/** Opens doors that are closed after each test of the file. */
export function usingDoors(): typeof openDoor {
  const doors: Door[] = []
  afterEach(async () => {
    for (const door of doors.splice(0)) await door.stop()
  })
  return async options => {
    const door = await openDoor(options)
    doors.push(door)
    return door
  }
}

/** Hears what the door tells, and sends nothing. */
export function listeningDownlink() {
  const answered: string[] = []
  const listening: string[] = []
  const made: Omit<Downlink, 'stop'> = {
    listen: ({ deviceId }, qos) => void listening.push(`${deviceId} ${qos}`),
    unlisten: ({ deviceId }) => void listening.push(`${deviceId} no more`),
    acknowledged: ({ deviceId }, packetId) => void answered.push(`${deviceId} acknowledged ${packetId}`),
    answered: (deviceId, payload) => void answered.push(`${deviceId} ${Buffer.from(payload)}`),
  }
  return { made, answered, listening }
}

function fakeCredentials(devices: readonly string[]) {
  const secrets = new Map(devices.map(id => [id, SECRET]))
  const unheard = new Map<string, string>()
  const listeners = new Set<(deviceId: string) => void>()
  const credentials = {
    secrets,
    unheard,
    refreshes: 0,
    verify(deviceId: string, secret: Uint8Array) {
      const known = secrets.get(deviceId)
      if (known === undefined) return 'unknown_device' as const
      return Buffer.from(secret).toString() === known ? ('known' as const) : ('wrong_secret' as const)
    },
    async refresh() {
      credentials.refreshes++
      for (const [id, secret] of unheard) secrets.set(id, secret)
    },
    onRevoked(listener: (deviceId: string) => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    revoke(deviceId: string) {
      secrets.delete(deviceId)
      for (const listener of listeners) listener(deviceId)
    },
  }
  return credentials
}

export function countingMetrics() {
  const refused: Record<string, number> = {}
  let connected = 0
  const metrics = {
    refused: { inc: ({ reason }: { reason: string }) => count(refused, reason) },
    connections: {
      set(value: number) {
        connected = value
      },
    },
  } as unknown as Metrics // the door uses no others
  return { metrics, refused, connections: () => connected }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

export function listeningLog() {
  const logged: string[] = []
  const keep = (facts: object): void => {
    if ('reason' in facts) logged.push(String(facts.reason))
  }
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log }
  return { log, logged }
}

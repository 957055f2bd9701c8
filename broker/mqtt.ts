// The MQTT door for devices: sockets in at the gate, their messages out to ingest, an acknowledgement back.
//
//   socket ─► gate (one whole CONNECT, a known device) ─► conversation (whole packets) ─► publish ─► ingest
//          ◄───────────────────────────────────────────────────────────────── answers ◄─────── stored
//          ◄──────────────────────────────────────── downlink ◄─────────────────────────────── commands

import { createServer, type Server, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { listenFailure } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import { startAnswers } from './answers.ts'
import type { Connect } from './connect.ts'
import { startConversations } from './conversation.ts'
import type { Credentials } from './credentials.ts'
import type { Downlink } from './downlink.ts'
import { startGate } from './gate.ts'
import type { Ingest } from './ingest.ts'
import { startKeepAlive } from './keepalive.ts'
import { type BrokerLimits, DEFAULT_LIMITS } from './limits.ts'
import { type Later, startWaiting } from './pace.ts'
import { startPublishing } from './publish.ts'
import { type ConnectRefusal, startReport } from './refusal.ts'
import { startSessions } from './sessions.ts'

export type Mqtt = {
  port: number
  /** Takes nothing more in, gives the acknowledgements that are due, closes. Ingest is stopped after it. */
  stop(): Promise<void>
}

/**
 * Listens for devices. `port` 0 takes any free one.
 * @throws HubError PORT_TAKEN
 */
export async function startMqtt({
  host,
  port,
  credentials,
  ingest,
  downlink,
  clock,
  log,
  metrics,
  limits = DEFAULT_LIMITS,
  later = (run, delayMs) => void setTimeout(run, delayMs),
}: {
  host: string
  port: number
  credentials: Pick<Credentials, 'verify' | 'refresh' | 'onRevoked'>
  ingest: Pick<Ingest, 'take'>
  downlink: Omit<Downlink, 'stop'>
  clock: Clock
  log: Log
  metrics: Metrics
  limits?: BrokerLimits
  later?: Later
}): Promise<Mqtt> {
  const report = startReport({ log, metrics, clock })
  const sessions = startSessions({ limits, report, connections: metrics.connections })
  const waiting = startWaiting(later)
  const answers = startAnswers(limits)
  const deps = { sessions, answers, downlink, limits, clock, report, log }
  const publishing = startPublishing({ ...deps, ingest, waiting })
  const conversations = startConversations({ ...deps, publishing })
  const stopFollowing = credentials.onRevoked(deviceId => sessions.closeDevice(deviceId, 'revoked'))
  const gate = startGate({ limits, credentials, report, admit })
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, gate.take)

  function admit(socket: Socket, connect: Connect): ConnectRefusal | undefined {
    if (sessions.isFull(connect)) return 'too_many_connections'
    conversations.begin(sessions.open(connect, socket)) // [MQTT-3.1.4-4]
    return undefined
  }

  try {
    await listen(server, { host, port })
  } catch (error) {
    stopFollowing()
    throw error
  }
  const keepAlive = startKeepAlive({ sessions, limits })
  server.on('error', error => log.error({ error }, 'the MQTT port failed'))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      conversations.end()
      stopFollowing()
      const closed = new Promise(resolve => server.close(resolve))
      gate.stop()
      waiting.release()
      await Promise.race([publishing.drained(), pause(limits.stopWithinMs)])
      await turn() // what ingest has just answered is written at the end of this turn
      for (const { socket } of sessions.all()) socket.destroySoon()
      await Promise.race([closed, pause(limits.lingerMs)])
      for (const { socket } of sessions.all()) socket.destroy()
      keepAlive.stop()
      await closed
    },
  }
}

/** A district reconnects at once: with Node's 511 the others would knock again a second later, and then two. */
const BACKLOG = 4_096

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(listenFailure(error, { variable: 'MQTT_PORT', host, port })))
    server.listen({ host, port, backlog: BACKLOG }, resolve)
  })
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms).unref()
  })
}

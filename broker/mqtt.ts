// The MQTT door for devices: sockets in at the gate, their messages out to ingest, an acknowledgement back.
//
//   socket ─► gate (one whole CONNECT, a known device) ─► handover (packet sizes) ─► aedes ─► publish ─► ingest

import { createServer, type Server, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { Aedes } from 'aedes'
import { listenFailure } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import { onClientError, openAedes, reasonOf } from './aedes.ts'
import { type Connect, rewriteConnect } from './connect.ts'
import type { Credentials } from './credentials.ts'
import { startGate } from './gate.ts'
import { guardReads } from './handover.ts'
import type { Ingest } from './ingest.ts'
import { type BrokerLimits, DEFAULT_LIMITS } from './limits.ts'
import { type Later, startWaiting } from './pace.ts'
import { startPublishing } from './publish.ts'
import { type ConnectRefusal, startReport } from './refusal.ts'
import { type Sessions, startSessions } from './sessions.ts'
import { judgeSubscribe } from './topics.ts'

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
  clock: Clock
  log: Log
  metrics: Metrics
  limits?: BrokerLimits
  later?: Later
}): Promise<Mqtt> {
  const report = startReport({ log, metrics, clock })
  const sessions = startSessions({ limits, report, connections: metrics.connections })
  const waiting = startWaiting(later)
  const publishing = startPublishing({ sessions, ingest, waiting, limits, clock, metrics, report })
  let stopping = false

  const aedes = await openAedes({
    // The gate has judged the secret; only sockets that it let in have a session.
    authenticate: (client, _username, _password, done) => done(null, sessions.of(client.conn) !== undefined),
    authorizePublish: publishing.authorizePublish,
    authorizeSubscribe: (client, subscription, done) => {
      const session = sessions.of(client.conn)
      if (!session) return
      const verdict = judgeSubscribe(session.prefix, subscription.topic)
      if (verdict === 'bad_topic') return sessions.close(session, verdict)
      if (verdict === 'granted') return done(null, subscription)
      report(verdict, { deviceId: session.deviceId, topic: subscription.topic.slice(0, 200) })
      done(null, null) // SUBACK 128 [MQTT-3.9.3-2]
    },
  })
  followAedes({ aedes, sessions, log })
  const stopFollowing = credentials.onRevoked(deviceId => sessions.closeDevice(deviceId, 'revoked'))
  const gate = startGate({ limits, credentials, report, admit })
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, gate.take)

  function admit(socket: Socket, connect: Connect): ConnectRefusal | undefined {
    if (sessions.isFull(connect)) return 'too_many_connections'
    const session = sessions.open(connect, socket)
    guardReads(socket, {
      connectLength: connect.length,
      rewritten: rewriteConnect(connect, session.clientId),
      limits,
      mayRead: () => session.ready && !stopping,
      fail: fault => sessions.close(session, fault),
    })
    aedes.handle(socket)
    return undefined
  }

  try {
    await listen(server, { host, port })
  } catch (error) {
    stopFollowing()
    await closeAedes(aedes)
    throw error
  }
  server.on('error', error => log.error({ error }, 'the MQTT port failed'))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      stopping = true
      stopFollowing()
      const closed = new Promise(resolve => server.close(resolve))
      gate.stop()
      waiting.release()
      await Promise.race([publishing.drained(), pause(limits.stopWithinMs)])
      await turn() // what ingest has just answered is written at the end of this turn
      for (const { socket } of sessions.all()) socket.destroySoon()
      await Promise.race([closed, pause(limits.lingerMs)])
      for (const { socket } of sessions.all()) socket.destroy()
      await closeAedes(aedes)
      await closed
    },
  }
}

function followAedes({ aedes, sessions, log }: { aedes: Aedes; sessions: Sessions; log: Log }): void {
  aedes.on('clientReady', client => {
    const session = sessions.of(client.conn)
    if (session) session.ready = true
  })
  onClientError(aedes, (client, error) => {
    const session = sessions.of(client.conn)
    const reason = reasonOf(error)
    if (session === undefined || session.closedFor !== undefined) return
    if (reason) sessions.close(session, reason, { error: error.message })
    else log.debug({ deviceId: session.deviceId, error: error.message }, 'a device went away')
  })
  // Its type does not name this event; without a listener it would end the process.
  const emitter: NodeJS.EventEmitter = aedes
  emitter.on('error', (error: Error) => log.error({ error }, 'aedes failed'))
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(listenFailure(error, { variable: 'MQTT_PORT', host, port })))
    server.listen({ host, port }, resolve)
  })
}

const closeAedes = (aedes: Aedes): Promise<void> => new Promise(resolve => aedes.close(resolve))

function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms).unref()
  })
}

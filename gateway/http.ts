// The gateway: HTTP, the consoles' feed and the console itself on one port.

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { type CallDesk, openCallDesk } from '../alerts/calls.ts'
import { createGuard, type Guard } from '../alerts/channels/guard.ts'
import type { Way } from '../alerts/recipients.ts'
import { listenFailure } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import { type MapGround, NO_TILES } from '../model/map.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import type { AlarmDesk } from './alarms.ts'
import { type App, createApp, type GuardedRoute, guard as guardRoutes } from './app.ts'
import { auditDeeds } from './audit.ts'
import { startCheckpoints } from './audit-checkpoint.ts'
import { type CallSettings, startNumbers } from './calls.ts'
import { boundSockets, HTTP_LIMITS, type HttpLimits } from './door.ts'
import { type Feed, startFeed } from './feed/feed.ts'
import type { FeedLimits } from './feed/limits.ts'
import type { FindingsSource } from './feed/unrecorded.ts'
import { maskAnswers } from './masking.ts'
import { doOnce } from './once.ts'
import { describe } from './openapi.ts'
import { pageRoutes } from './pages.ts'
import { startPasswords } from './passwords.ts'
import type { Past } from './past.ts'
import type { Readiness } from './readiness.ts'
import { accountRoutes } from './routes/accounts.ts'
import { auditRoutes } from './routes/audit.ts'
import { callRoutes } from './routes/calls.ts'
import { channelRoutes } from './routes/channels.ts'
import { commandRoutes } from './routes/commands.ts'
import { consentRoutes } from './routes/consents.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { deskRoutes } from './routes/desk.ts'
import { deviceRoutes } from './routes/devices.ts'
import { dryRunRoute } from './routes/dry-run.ts'
import { familyRoutes } from './routes/family.ts'
import { historyRoutes } from './routes/history.ts'
import { importRoutes } from './routes/import.ts'
import { ladderRoutes } from './routes/ladders.ts'
import { mapRoute } from './routes/map.ts'
import { peopleRoutes } from './routes/people.ts'
import { personalRoutes } from './routes/personal.ts'
import { placeRoutes } from './routes/places.ts'
import { positionRoutes } from './routes/positions.ts'
import { probeRoutes } from './routes/probes.ts'
import { pushRoutes } from './routes/push.ts'
import { replyRoutes } from './routes/reply.ts'
import { retentionRoutes } from './routes/retention.ts'
import { revealRoutes } from './routes/reveals.ts'
import { secondFactorRoutes } from './routes/second-factor.ts'
import { sessionRoutes } from './routes/session.ts'
import { ownSessionRoutes } from './routes/sessions.ts'
import { statsRoutes } from './routes/stats.ts'
import { userRoutes } from './routes/users.ts'
import { createSessionMemory, type SessionMemory } from './session-memory.ts'

export type GatewayConfig = {
  /** 0 takes any free port. */
  port: number
  /** The address to listen on, such as 127.0.0.1. */
  host: string
  /** Where the built console is; it may be missing, and `/` then says so. */
  consoleDir: string
  /** Staff without a second factor can set one up, and do nothing else. */
  requiresSecondFactor?: boolean
}

export type GatewayParts = {
  records: Records
  clock: Clock
  log: Log
  metrics: Metrics
  /** What `/metrics` shows. */
  registry: Registry
  /** What `/readyz` shows and operators are told of. The gateway adds its own checks, `feed` and `alerts`. */
  readiness: Readiness
  /** `openAlarmDesk(…)` of `alerts`. */
  alarms: AlarmDesk
  /** Where emergencies are told from while they cannot be recorded. */
  findings?: FindingsSource
  /** What charts and tracks are drawn from; without it they are refused. */
  past?: Past
  /** Which receivers channels may be set to; without it none but those of the open internet. */
  guard?: Guard
  /** Channels that the environment sets up for every area. */
  defaults?: readonly Way[]
  /** How numbers are written here, and where recordings of calls are. */
  telephone?: CallSettings
  /** What maps are drawn on; without it on a plain ground. */
  mapGround?: MapGround
  config: GatewayConfig
  feedLimits?: Partial<FeedLimits>
  httpLimits?: Partial<HttpLimits>
}

export type Gateway = {
  /** Where it listens; `url` is for people and programs on this machine. */
  address: { host: string; port: number; url: string }
  /** What it answers below `/api/v1`, and to whom. */
  routes: readonly GuardedRoute[]
  /** Says goodbye to the consoles, finishes what is being answered, and frees the port. */
  stop(): Promise<void>
}

/**
 * Starts the gateway and listens. Records and readiness stay the caller's to close.
 * @throws HubError PORT_TAKEN when something else listens there.
 */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { log, metrics, readiness, config } = parts
  const limits = { ...HTTP_LIMITS, ...parts.httpLimits }
  const app = await createApp({ log, limits })
  const memory = createSessionMemory()
  const routes: GuardedRoute[] = []
  const { records, clock, telephone = {} } = parts
  const calls = openCallDesk({ records, clock, recordingsHost: telephone.recordingsHost })
  let feed: Feed | undefined
  try {
    await addRoutes(app, {
      ...parts,
      calls,
      memory,
      onSignOut: tokenHash => feed?.signOut(tokenHash),
      onRoute: route => routes.push(route),
    })
    await app.ready()
    feed = await startFeed({
      ...parts,
      calls,
      memory,
      server: app.server,
      ...(parts.feedLimits && { limits: parts.feedLimits }),
    })
    boundSockets(app.server, { limits, metrics })
    await listen(app, config)
  } catch (error) {
    await feed?.stop()
    await app.close()
    throw error
  }
  const started = feed
  const checkpoints = startCheckpoints(parts)
  const numbers = startNumbers({ records, log, country: telephone.country })
  const removeChecks = started.checks.map(check => readiness.add(check))
  return {
    address: addressOf(app.server, config.host),
    routes,
    async stop() {
      for (const remove of removeChecks) remove()
      await started.stop()
      await app.close()
      await checkpoints.stop()
      await numbers.stop()
    },
  }
}

type RouteParts = GatewayParts & {
  calls: CallDesk
  memory: SessionMemory
  onSignOut: (tokenHash: string) => void
  onRoute: (route: GuardedRoute) => void
}

async function addRoutes(app: App, parts: RouteParts): Promise<void> {
  const { records, clock, alarms, readiness, registry, memory, onSignOut, config, past } = parts
  const { log, metrics, guard: receivers = createGuard(), mapGround: ground = NO_TILES } = parts
  const { requiresSecondFactor = false } = config
  const passwords = await startPasswords()
  await describe(app)
  await pageRoutes(app, { consoleDir: config.consoleDir, ground })
  await app.register(async open => probeRoutes(open as App, { readiness, registry }))
  await app.register(async open => replyRoutes(open as App, { records, clock }))
  await app.register(
    async api => {
      const guarded = api as App
      guardRoutes(guarded, { records, clock, memory, requiresSecondFactor }, parts.onRoute)
      auditDeeds(guarded, { records, clock, log })
      doOnce(guarded, { records, clock, log })
      maskAnswers(guarded)
      const account = { records, clock, passwords, metrics, onSignOut, requiresSecondFactor }
      sessionRoutes(guarded, account)
      secondFactorRoutes(guarded, account)
      ownSessionRoutes(guarded, { records, clock })
      deskRoutes(guarded, { records, clock, alarms, log })
      peopleRoutes(guarded, { records, clock })
      familyRoutes(guarded, { records, clock, past, log })
      historyRoutes(guarded, { records, clock, past })
      positionRoutes(guarded, { records, clock, past })
      mapRoute(guarded, { ground })
      placeRoutes(guarded, { records, clock })
      dryRunRoute(guarded, { records, clock, past })
      deviceRoutes(guarded, { records, clock })
      await importRoutes(guarded, { records, clock, log })
      commandRoutes(guarded, { records, clock })
      callRoutes(guarded, { records, clock, calls: parts.calls })
      ladderRoutes(guarded, { records, clock })
      deliveryRoutes(guarded, { records, clock, log, defaults: parts.defaults ?? [] })
      channelRoutes(guarded, { records, clock, log, metrics, guard: receivers })
      pushRoutes(guarded, { records, clock, guard: receivers })
      userRoutes(guarded, { records, clock, passwords })
      accountRoutes(guarded, { records, clock })
      auditRoutes(guarded, { records })
      statsRoutes(guarded, { records, clock })
      revealRoutes(guarded, { records })
      retentionRoutes(guarded, { records, clock, past })
      consentRoutes(guarded, { records, clock })
      personalRoutes(guarded, { records, clock, past })
    },
    { prefix: '/api/v1' },
  )
}

async function listen(app: App, { port, host }: GatewayConfig): Promise<void> {
  try {
    await app.listen({ port, host })
  } catch (error) {
    throw listenFailure(error as Error, { variable: 'HTTP_PORT', host, port })
  }
}

function addressOf(server: Server, host: string): Gateway['address'] {
  const { port } = server.address() as AddressInfo
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  const name = reachable.includes(':') ? `[${reachable}]` : reachable
  return { host, port, url: `http://${name}:${port}` }
}

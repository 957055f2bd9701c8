// The probes of a process that is no gateway: whoever watches the hub asks every process the same questions.

import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { listenFailure } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import { type App, createApp } from './app.ts'
import { boundSockets, HTTP_LIMITS, type HttpLimits } from './door.ts'
import type { Readiness } from './readiness.ts'
import { probeRoutes } from './routes/probes.ts'

export type Probes = { port: number; stop(): Promise<void> }

/**
 * Serves `/healthz`, `/readyz` and `/metrics`, and nothing else. `port` 0 takes any free one.
 * @throws HubError PORT_TAKEN
 */
export async function startProbes({
  host,
  port,
  readiness,
  registry,
  metrics,
  log,
  httpLimits = {},
}: {
  host: string
  port: number
  readiness: Readiness
  registry: Registry
  metrics: Metrics
  log: Log
  httpLimits?: Partial<HttpLimits>
}): Promise<Probes> {
  const limits = { ...HTTP_LIMITS, ...httpLimits }
  const app = await createApp({ log, limits })
  boundSockets(app.server, { limits, metrics }) // the broker's process has its devices' sockets in the same table
  await app.register(async open => probeRoutes(open as App, { readiness, registry }))
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw listenFailure(error as Error, { variable: 'HTTP_PORT', host, port })
  }
  return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() }
}

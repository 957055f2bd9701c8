// What `docker compose up` starts, as plain processes of this machine: the same program, environment, checks, order
// and way to stop, with other names, ports and folders.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../eventually.ts'
import { reservePort } from '../servers/ports.ts'
import { type Compose, type Service, spanMs } from './compose.ts'
import { ROOT } from './image.ts'

export type Container = {
  readonly name: string
  readonly service: Service
  readonly httpPort: number
  readonly mqttPort: number
  /** Rejects when the process ends before it is told to. */
  readonly ended: Promise<never>
  /** Runs the check of the service's health. @throws when it is not well */
  check(): Promise<void>
  /** SIGTERM; resolves to the exit code, null when it had to be killed after the grace period. */
  stop(): Promise<number | null>
  kill(): void
}

type Start = {
  name: string
  service: Service
  folder: string
  /** Text in the environment that is another here, such as `redis:6379`. */
  elsewhere: Readonly<Record<string, string>>
}

/** Where the image keeps its data, and where nothing can be written unless a volume is mounted. */
const DATA_DIR = '/data'
/** Machines that test are busier than machines that run a hub: no measure of what the file says. */
const WELL_WITHIN_MS = 90_000

/** The services that are built here with their replicas, each started when what it depends on is well. */
export async function startContainers({
  compose,
  folder,
  elsewhere,
  onStarted,
}: {
  compose: Compose
  folder: string
  elsewhere: Start['elsewhere']
  onStarted: (container: Container) => void
}): Promise<Container[]> {
  const hubs = Object.entries(compose.services).filter(([, { build }]) => build !== undefined)
  const ready = new Map<string, Promise<Container[]>>()

  async function startService(name: string, service: Service): Promise<Container[]> {
    await Promise.all(Object.keys(service.depends_on).map(needed => readyOf(needed)))
    const replicas = Array.from({ length: service.deploy.replicas }, (_, i) => `${name}-${i + 1}`)
    return Promise.all(
      replicas.map(async replica => {
        const container = await startContainer({ name: replica, service, folder, elsewhere })
        onStarted(container)
        const interval = spanMs(service.healthcheck.start_interval)
        const isWell = eventually(container.check, { timeout: WELL_WITHIN_MS, interval })
        await Promise.race([isWell, container.ended])
        return container
      }),
    )
  }

  function readyOf(name: string): Promise<Container[]> | undefined {
    const service = hubs.find(([hub]) => hub === name)?.[1]
    if (service && !ready.has(name)) ready.set(name, startService(name, service))
    return ready.get(name)
  }

  const started = await Promise.all(hubs.map(([name]) => readyOf(name) ?? []))
  return started.flat()
}

async function startContainer({ name, service, folder, elsewhere }: Start): Promise<Container> {
  const [httpPort, mqttPort] = [await reservePort(), await reservePort()]
  const env = {
    ...environmentOf(service, elsewhere),
    NODE_ENV: 'production',
    BIND: '127.0.0.1',
    HTTP_PORT: String(httpPort),
    MQTT_PORT: String(mqttPort),
    HEARTBEAT_EVERY_MS: '1000', // tests do not wait for half a minute
    DATA_DIR: dataDirOf(name, service, folder),
  }
  const hub = spawn(process.execPath, ['main.ts'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = once(hub, 'exit')
  const said = listen(hub)
  let isStopping = false
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined) // who waits for it to be well is told; afterwards `stop` tells
  void gone.then(([code]) => isStopping || ended.reject(new Error(`${name} ended with ${code}: ${said()}`)))
  return {
    name,
    service,
    ended: ended.promise,
    httpPort,
    mqttPort,
    async check() {
      await runCheck(service, { env, programs: { node: process.execPath } }).catch((cause: unknown) => {
        throw new Error(`${name} is not well: ${said()}`, { cause })
      })
    },
    async stop() {
      isStopping = true
      const late = setTimeout(() => hub.kill('SIGKILL'), spanMs(service.stop_grace_period))
      hub.kill('SIGTERM')
      const [code] = await gone
      clearTimeout(late)
      return code
    },
    kill() {
      isStopping = true
      hub.kill('SIGKILL')
    },
  }
}

function environmentOf({ environment }: Service, elsewhere: Start['elsewhere']): Record<string, string> {
  const move = (value: string): string =>
    Object.entries(elsewhere).reduce((text, [there, here]) => text.replaceAll(there, here), value)
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, move(value)]))
}

/** Without a volume the file system is read-only: a folder inside of a file can be made by nobody, root included. */
function dataDirOf(name: string, { volumes }: Service, folder: string): string {
  const own = join(folder, name)
  if (volumes.some(volume => volume.endsWith(`:${DATA_DIR}`))) mkdirSync(own)
  else writeFileSync(own, '')
  return volumes.length > 0 ? own : join(own, 'data')
}

function listen({ stdout, stderr }: ChildProcess): () => string {
  let said = ''
  for (const stream of [stdout, stderr]) {
    stream?.on('data', chunk => {
      said = `${said}${chunk}`.slice(-10_000)
    })
  }
  return () => said
}

/** Runs the check of a service's health as it is written; `programs` says where a program is, `flags` come first. */
export async function runCheck(
  { healthcheck }: Service,
  {
    env,
    programs = {},
    flags = [],
  }: { env: Record<string, string>; programs?: Record<string, string>; flags?: string[] },
): Promise<void> {
  const [, program, ...args] = healthcheck.test
  const timeout = spanMs(healthcheck.timeout)
  await new Promise<void>((resolve, reject) => {
    execFile(programs[program] ?? program, [...flags, ...args], { env, timeout }, error =>
      error ? reject(error) : resolve(),
    )
  })
}

// A real Redis for tests and measurements: on a free port of this machine, with the settings that the hub asks
// for, in a temporary folder.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { reservePort } from './ports.ts'

export type RedisServer = {
  url: string
  port: number
  dir: string
  readonly pid: number
  /** Starts it again on the same folder and port, after `stop` or `kill`. */
  start(): Promise<void>
  /** SIGTERM; resolves when the process has ended. The folder stays. */
  stop(): Promise<void>
  /** SIGKILL; resolves when the process has ended. The folder stays. */
  kill(): Promise<void>
  /** SIGKILL, and starts it again. */
  restart(): Promise<void>
  /** Ends it and deletes the folder, if it was made here. */
  remove(): Promise<void>
}

/** A cluster's bus listens so much above its node. */
const BUS_PORT_ABOVE = 10_000
const START_WITHIN_MS = 10_000
const RUNNING = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of RUNNING) child.kill('SIGKILL')
})

/** Starts redis-server; `args` come last and so win over the hub's settings. Resolves when it answers. */
export async function startRedisServer({
  dir: givenDir,
  port: givenPort,
  password = '',
  args = [],
}: {
  dir?: string
  port?: number
  password?: string
  args?: readonly string[]
} = {}): Promise<RedisServer> {
  const dir = givenDir ?? mkdtempSync(join(tmpdir(), 'anxin-redis-'))
  const port = givenPort ?? (await reservePort({ others: [BUS_PORT_ABOVE] }))
  let child: ChildProcess

  async function start(): Promise<void> {
    child = spawn('redis-server', [...settings({ dir, port, password }), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    RUNNING.add(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (said += data))
    child.once('exit', () => RUNNING.delete(child))
    try {
      await answers({ port, password, child, said: () => said })
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  await start()
  return {
    url: `redis://${password && `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    port,
    dir,
    get pid() {
      return child.pid ?? 0
    },
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL')
      await start()
    },
    async remove() {
      await end('SIGKILL')
      if (givenDir === undefined) rmSync(dir, { recursive: true })
    },
  }
}

const settings = ({ dir, port, password }: { dir: string; port: number; password: string }): string[] =>
  Object.entries({
    port,
    dir,
    bind: '127.0.0.1',
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    loglevel: 'warning',
    requirepass: password,
  }).flatMap(([name, value]) => [`--${name}`, String(value)])

async function answers({
  port,
  password,
  child,
  said,
}: {
  port: number
  password: string
  child: ChildProcess
  said: () => string
}): Promise<void> {
  const redis = new Redis({
    port,
    password,
    lazyConnect: true,
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  })
  redis.on('error', () => undefined) // not there yet
  try {
    const failed = new Promise<never>((_, reject) => {
      child.once('exit', code => reject(new Error(`redis-server ended with ${code}: ${said()}`)))
      child.once('error', reject)
    })
    const late = wait(START_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error(`redis-server did not answer: ${said()}`)
    })
    await Promise.race([redis.ping(), failed, late])
  } finally {
    redis.disconnect()
  }
}

export type RedisCluster = {
  /** A URL that names one node, and one that names all. */
  url: string
  seedsUrl: string
  nodes: readonly RedisServer[]
  remove(): Promise<void>
}

/** Three masters on this machine that share the slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
  const nodes = [
    await startRedisServer({ args }),
    await startRedisServer({ args }),
    await startRedisServer({ args }),
  ]
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const create = ['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes']
  const { status, stdout, stderr } = spawnSync('redis-cli', create, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the cluster was not made: ${stdout}${stderr}`)
  return {
    url: nodes[0]?.url ?? '',
    seedsUrl: nodes.map(({ url }) => url).join(','),
    nodes,
    async remove() {
      await Promise.all(nodes.map(node => node.remove()))
    },
  }
}

// The process edge: arguments and environment in, signals to a stop, an exit code out.

import { systemClock } from './clock.ts'
import { type Config, parseConfig, ROLES } from './config.ts'
import { FOR_VISITORS } from './demo/accounts.ts'
import { type PreparedDemo, prepareDemo } from './demo/demo.ts'
import { type Hub, startHub } from './hub.ts'
import { startLog } from './log.ts'
import { HubError } from './model/error.ts'
import type { Log } from './model/log.ts'
import type { Records } from './records/db.ts'
import { startDemo } from './simulators/demo.ts'

type Demo = { stop(): Promise<void> }

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Ends with one line on what to do; a fault of the hub itself brings its stack along. */
function fail(error: unknown): never {
  const isExpected = error instanceof HubError && error.code !== 'INTERNAL'
  process.stderr.write(
    `anxin: ${isExpected ? error.message : error instanceof Error ? error.stack : error}\n`,
  )
  process.exit(1)
}

function hostOf(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::') return 'localhost'
  return bind.includes(':') ? `[${bind}]` : bind
}

const localUrl = (scheme: string, { bind }: Config, port: number): string =>
  `${scheme}://${hostOf(bind)}:${port}`

function announce(hub: Hub, config: Config): void {
  const isWhole = config.roles.length === ROLES.length
  const http = localUrl('http', config, hub.httpPort)
  say(isWhole ? 'Anxin 安心 is running.' : `Anxin 安心: ${config.roles.join(', ')} running.`)
  if (config.roles.includes('gateway')) say(`  console   ${http}`)
  else say(`  probes    ${http}/readyz`)
  if (hub.mqttPort !== undefined) say(`  devices   ${localUrl('mqtt', config, hub.mqttPort)}`)
  if (isWhole) say(`  data      ${config.dataDir}`)
  if (hub.oneTimePassword !== undefined) {
    say(`  sign in   admin / ${hub.oneTimePassword}   (shown only this once: change it)`)
  }
}

function announceAccounts({ adminPassword = '' }: Config): void {
  const accounts = ['admin', ...FOR_VISITORS.map(({ username }) => username)]
  say(`  sign in   ${accounts.join(', ')}   password ${adminPassword}`)
}

/** Before anybody follows the records; undefined where this is no demo. */
async function startWith(start: {
  config: Config
  log: Log
}): Promise<{ hub: Hub; prepared?: PreparedDemo }> {
  const { config, log } = start
  if (!config.demo) return { hub: await startHub({ ...start, clock: systemClock }) }
  let prepared: PreparedDemo | undefined
  const password = config.adminPassword ?? ''
  const before = async (records: Records) => {
    prepared = await prepareDemo(records, { password, now: systemClock.now(), log })
  }
  const hub = await startHub({ ...start, clock: systemClock, before })
  return { hub, ...(prepared && { prepared }) }
}

async function startLife(hub: Hub, config: Config, settled: PreparedDemo, log: Log): Promise<Demo> {
  const password = config.adminPassword ?? ''
  const demo = await startDemo({
    hubUrl: `http://127.0.0.1:${hub.httpPort}`,
    mqttUrl: `mqtt://127.0.0.1:${hub.mqttPort}`,
    username: 'admin',
    password,
    settled,
    log,
  })
  say('A simulated district lives in it; an elder needs help every half a minute. Ctrl-C ends it.')
  return demo
}

async function main(): Promise<void> {
  process.umask(0o077) // what the hub writes is about people
  const config = parseConfig({ argv: process.argv.slice(2), env: process.env })
  const log = startLog({ level: config.logLevel })
  for (const name of config.unused)
    log.warn({ variable: name }, 'this variable has no effect in this version')
  const { hub, prepared } = await startWith({ config, log })
  announce(hub, config)
  if (prepared) announceAccounts(config) // they are there; the district takes a while to come to life
  const life = prepared && (await startLife(hub, config, prepared, log))

  let stopping = false
  // What starts processes starts this one again; one that cannot store must not go on answering.
  void hub.failed.then(error => {
    log.error({ error }, 'an engine has failed: the hub ends')
    fail(error)
  })
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return // npm delivers Ctrl-C twice: a second one must not cut the first short
    stopping = true
    log.info({ signal }, 'stopping')
    await life?.stop()
    await hub.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal).catch(fail))
}

await main().catch(fail)

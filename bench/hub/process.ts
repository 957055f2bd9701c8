// `main.ts` as a process of its own, as `npm start` runs it: on free ports, ready when `/readyz` says so.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { reservePort } from '../../test/servers/ports.ts'
import { endProcess } from '../process/child.ts'

export type HubProcess = { pid: number; httpUrl: string; mqttPort: number; stop(): Promise<void> }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Of Node, as the script `start` gives them: `exec node <options> main.ts`. */
export const HUB_OPTIONS: readonly string[] = startScript().split(' ').slice(2, -1)
const READY_WITHIN_MS = 60_000
export const PASSWORD = 'a password for a minute'

/**
 * Starts it and waits until it is ready; a process that waits for others is only waited for until it answers, and a broker
 * until it takes devices.
 * @throws Error with what it complained about.
 */
export async function startMain({
  env,
  until = 'ready',
  nodeArgs = [],
}: {
  env: Record<string, string>
  until?: 'ready' | 'answering'
  nodeArgs?: readonly string[] | undefined
}): Promise<HubProcess> {
  const [httpPort, mqttPort] = [await reservePort(), await reservePort()]
  const httpUrl = `http://127.0.0.1:${httpPort}`
  const child = spawn(process.execPath, [...HUB_OPTIONS, ...nodeArgs, 'main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, ...hubEnv({ httpPort, mqttPort }), ...env },
  })
  const atExit = (): void => void child.kill('SIGKILL')
  process.once('exit', atExit)
  child.once('exit', () => process.off('exit', atExit))
  let complaints = ''
  child.stderr.on('data', chunk => {
    complaints = (complaints + chunk).slice(-4_000)
  })
  const path = until === 'ready' ? '/readyz' : '/healthz'
  const isBroker = env.ROLES === undefined || env.ROLES.includes('broker')
  const isUp = async () => (await answers(httpUrl + path)) && (!isBroker || (await accepts(mqttPort)))
  for (const deadline = Date.now() + READY_WITHIN_MS; !(await isUp()); ) {
    const isOver = Date.now() > deadline
    if (isOver) child.kill('SIGKILL')
    if (isOver || child.exitCode !== null) throw new Error(`the hub did not start: ${complaints}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { pid: child.pid ?? 0, httpUrl, mqttPort, stop: () => endProcess(child) }
}

function startScript(): string {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return scripts.start
}

/** What every hub of a benchmark has in common. */
export const hubEnv = ({ httpPort, mqttPort }: { httpPort: number; mqttPort: number }) => ({
  HTTP_PORT: String(httpPort),
  MQTT_PORT: String(mqttPort),
  BIND: '127.0.0.1',
  ADMIN_PASSWORD: PASSWORD,
  LOG_LEVEL: 'error',
})

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false // not yet
  }
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: '127.0.0.1', port })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false)) // not yet
  return promise.finally(() => socket.destroy())
}

// A hub as a process of its own, for tests that kill it: real ports, a real data folder, `node main.ts`.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.ts'
import { reservePort } from './servers/ports.ts'

export const PASSWORD = 'correct horse battery staple'
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

export type HubProcess = {
  readonly httpUrl: string
  readonly mqttPort: number
  readonly dataDir: string
  /** Starts it and waits until it is ready. */
  start(): Promise<void>
  /** Ends it with `signal` and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** What it has written to its error output, newest last. */
  complaints(): string
  /** Kills what still runs and removes its data. */
  remove(): Promise<void>
}

/** Prepares a hub on two free ports. `wrap` puts a program in front of `node`, such as `strace`. */
export async function makeHubProcess({
  env = {},
  wrap = [],
}: {
  env?: Record<string, string>
  wrap?: readonly string[]
} = {}): Promise<HubProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-hub-'))
  const [httpPort, mqttPort] = [await reservePort(), await reservePort()]
  const httpUrl = `http://127.0.0.1:${httpPort}`
  let child: ChildProcess | undefined
  let output = ''

  async function start(): Promise<void> {
    const [command = '', ...args] = [...wrap, process.execPath, MAIN]
    const started = spawn(command, args, {
      detached: wrap.length > 0, // a group of its own, so that a signal reaches the hub behind `wrap`
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        HTTP_PORT: String(httpPort),
        MQTT_PORT: String(mqttPort),
        BIND: '127.0.0.1',
        DATA_DIR: dataDir,
        ADMIN_PASSWORD: PASSWORD,
        LOG_LEVEL: 'warn',
        ...env,
      },
    })
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', chunk => {
        output = (output + chunk).slice(-20_000)
      })
    }
    await eventually(
      async () => {
        if (started.exitCode !== null) throw new Error(`the hub ended: ${output}`)
        const ready = await fetch(`${httpUrl}/readyz`)
        if (!ready.ok) throw new Error(await ready.text())
      },
      { interval: 25 },
    )
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    process.kill(wrap.length > 0 ? -(child.pid ?? 0) : (child.pid ?? 0), signal)
    await gone
  }

  return {
    httpUrl,
    mqttPort,
    dataDir,
    start,
    kill,
    complaints: () => output,
    async remove() {
      await kill('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

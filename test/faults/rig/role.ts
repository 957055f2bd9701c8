// One role of the hub as a process of its own: the real main.ts, started again whenever it ends by itself, as a
// container's restart policy would.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Role } from '../../../config.ts'
import { COMPILED } from '../../servers/compiled.ts'
import type { EngineLine } from '../../servers/line.ts'
import { until } from './until.ts'

const MAIN = fileURLToPath(new URL('../../../main.ts', import.meta.url))
const CLOCK = new URL('./clock.ts', import.meta.url).href
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
/** As long as a container is given. */
const STOP_WITHIN_MS = 10_000
const REPORT_WITHIN_MS = 1_000
/** A process that lived this long before it ended has not failed at its start. */
const LIVED_MS = 10_000
const ASK_EVERY_MS = 200
/** Each of its checks may take 3 s. */
const ANSWER_WITHIN_MS = 4_000
const TAIL_CHARACTERS = 2_000

/** A process that ended although nobody wanted it to. */
export type Ending = {
  name: string
  at: number
  code: number | null
  signal: string | null
  lastWords: string
}

export type RoleProcess = {
  /** Such as `workers-2`. */
  readonly name: string
  readonly role: Role
  readonly httpUrl: string
  readonly mqttPort: number
  /** Its lines to the engines. */
  readonly lines: { redis: EngineLine; postgres: EngineLine }
  /** Starts it, and from then on whenever it ends by itself. */
  start(): void
  /** Resolves when it says that every dependency is well. */
  ready(timeoutMs?: number): Promise<void>
  /**
   * Ends it with `signal` (SIGKILL unless told), and does not start it again by itself. One that takes too long
   * writes down what it waits for, is killed, and counts as an ending.
   */
  end(signal?: NodeJS.Signals): Promise<void>
  /** SIGSTOP and SIGCONT: its lease runs out while it believes to own. */
  freeze(): void
  thaw(): void
  /** Sets its wall clock so much ahead of the machine's; negative is behind. */
  setClock(aheadMs: number): void
  /** Sum over the samples of a metric that carry all `labels`. */
  metric(name: string, labels?: Record<string, string>): Promise<number>
}

/** Prepares one; `logFile` collects what it says, over all its lives. */
export function makeRoleProcess({
  onEnding,
  logFile,
  env,
  ...its
}: Pick<RoleProcess, 'name' | 'role' | 'httpUrl' | 'mqttPort' | 'lines'> & {
  env: Record<string, string>
  logFile: string
  onEnding: (ending: Ending) => void
}): RoleProcess {
  const written = createWriteStream(logFile, { flags: 'a' })
  let child: ChildProcess | undefined
  let isWanted = false
  let aheadMs = 0
  let failures = 0

  function run(): void {
    const startedAt = performance.now()
    let tail = ''
    const reports = ['--report-on-signal', `--report-directory=${dirname(logFile)}`]
    const started = spawn(process.execPath, [...reports, '--import', CLOCK, MAIN], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: COMPILED,
        ...env,
        ROLES: its.role,
        CLOCK_AHEAD_MS: String(aheadMs),
      },
    })
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        written.write(chunk)
        tail = (tail + chunk).slice(-TAIL_CHARACTERS)
      })
    }
    started.on('error', () => undefined) // a message to a process that is gone; `exit` tells
    started.on('exit', (code, signal) => {
      if (child !== started || !isWanted) return
      onEnding({ name: its.name, at: Date.now(), code, signal, lastWords: tail })
      failures = performance.now() - startedAt < LIVED_MS ? failures + 1 : 0
      setTimeout(() => {
        if (child === started && isWanted) run()
      }, pauseAfter(failures))
    })
  }

  async function ready(timeoutMs = 30_000): Promise<void> {
    await until(`${its.name} is ready`, () => isReady(its.httpUrl), timeoutMs)
  }

  return {
    ...its,
    start() {
      isWanted = true
      failures = 0
      run()
    },
    ready,
    async end(signal = 'SIGKILL') {
      isWanted = false
      const ending = child
      child = undefined
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
      const gone = once(ending, 'exit')
      ending.kill(signal)
      const grace = setTimeout(async () => {
        onEnding({ name: its.name, at: Date.now(), code: null, signal: 'SIGKILL', lastWords: 'did not stop' })
        ending.kill('SIGUSR2')
        await wait(REPORT_WITHIN_MS)
        ending.kill('SIGKILL')
      }, STOP_WITHIN_MS)
      await gone
      clearTimeout(grace)
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    setClock(ms) {
      aheadMs = ms
      if (child?.connected) child.send({ aheadMs })
    },
    async metric(name, labels = {}) {
      const answer = await fetch(`${its.httpUrl}/metrics`, { signal: AbortSignal.timeout(2_000) })
      return sumOf(await answer.text(), name, labels)
    },
  }
}

const pauseAfter = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS)

/** To be asked is work for the hub: it proves that it can write. */
async function isReady(httpUrl: string): Promise<boolean> {
  await wait(ASK_EVERY_MS)
  const answer = await fetch(`${httpUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
  if (!answer.ok) throw new Error(await answer.text())
  return true
}

/** Adds up the samples `name{…}` of a Prometheus text whose labels hold all of `labels`. */
function sumOf(text: string, name: string, labels: Record<string, string>): number {
  let sum = 0
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${name} `) && !line.startsWith(`${name}{`)) continue
    if (!Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`))) continue
    sum += Number(line.slice(line.lastIndexOf(' ') + 1))
  }
  return sum
}

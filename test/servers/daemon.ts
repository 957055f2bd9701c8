// A server of a test's own that speaks HTTP: started in a folder, asked until it answers, stopped, frozen, started
// again where it was, and ended with the test's process whatever happens.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

export type Daemon = {
  /** Starts it again on the same data and port, after `stop` or `kill`. */
  start(): Promise<void>
  /** SIGTERM; resolves when the process has ended. The folder stays. */
  stop(): Promise<void>
  /** SIGKILL; resolves when the process has ended. The folder stays. */
  kill(): Promise<void>
  /** It keeps its port and answers nothing. */
  freeze(): void
  thaw(): void
  /** Ends it and deletes the folder. */
  remove(): Promise<void>
}

const START_WITHIN_MS = 20_000
const RUNNING = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of RUNNING) child.kill('SIGKILL')
})

/** Starts `program`; it is there when `aliveUrl` answers with success. */
export async function startDaemon({
  program,
  args,
  dir,
  aliveUrl,
}: {
  program: string
  args: readonly string[]
  dir: string
  aliveUrl: string
}): Promise<Daemon> {
  let child: ChildProcess

  async function start(): Promise<void> {
    child = spawn(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
    RUNNING.add(child)
    child.once('exit', () => RUNNING.delete(child))
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', data => {
        said = `${said}${data}`.slice(-4_000)
      })
    }
    const failed = once(child, 'error').then(([error]) => {
      throw error
    })
    failed.catch(() => undefined) // it has started, or the wait below tells
    for (const until = Date.now() + START_WITHIN_MS; !(await Promise.race([answers(aliveUrl), failed])); ) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said}`)
      if (Date.now() > until) throw new Error(`${program} does not answer: ${said}`)
      await wait(20)
    }
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGCONT')
    child.kill(signal)
    await ended
  }

  await start()
  return {
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async remove() {
      await end('SIGKILL')
      rmSync(dir, { recursive: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    return false // not yet
  }
}

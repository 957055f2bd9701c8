// A program of the benchmark as a process of its own, spoken to over IPC. It ends when the benchmark does.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Child = {
  pid: number
  /** Sends a message and waits for the answer to it. @throws Error when the answer is a failure or never comes. */
  ask(message: object): Promise<unknown>
  /** The next thing that it says by itself. */
  said(): Promise<unknown>
  stop(): Promise<void>
}

/** What a child says: an answer, or why there is none. */
type Said = { answer: unknown } | { failed: string }

/** Starts `bench/<file>`. */
export function startChild(
  file: string,
  { env = {}, nodeArgs = [] }: { env?: Record<string, string>; nodeArgs?: readonly string[] } = {},
): Child {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'], // its log is not asked for, its complaints are
    execArgv: [...nodeArgs],
    env: { PATH: process.env.PATH, ...env },
  })

  async function said(): Promise<unknown> {
    const given = new AbortController()
    const { signal } = given
    const message = once(child, 'message', { signal }).then(([said]) => said as Said)
    const gone = once(child, 'exit', { signal }).then((): Said => ({ failed: `${file} ended` }))
    gone.catch(() => undefined) // it is only waited for until there is a message
    try {
      const said = await Promise.race([message, gone])
      if ('failed' in said) throw new Error(said.failed)
      return said.answer
    } finally {
      message.catch(() => undefined)
      given.abort()
    }
  }

  return {
    pid: child.pid ?? 0,
    ask(message) {
      child.send(message)
      return said()
    },
    said,
    stop: () => endProcess(child),
  }
}

/** Ends a process politely, and after ten seconds by force. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(force)
}

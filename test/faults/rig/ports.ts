// Ports that stay a process's own while it is down: outside the range from which the kernel gives ports to
// outgoing connections, so that a process that was killed finds its port free when it comes back.

import { once } from 'node:events'
import { createServer } from 'node:net'

const FIRST = 20_000
const COUNT = 12_000
const given = new Set<number>()

/** A port that nobody listens on. */
export async function reservePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    const listening = once(server, 'listening')
    server.listen(port, '127.0.0.1')
    await listening
  } catch {
    return false // somebody has it
  }
  const closed = once(server, 'close')
  server.close()
  await closed
  return true
}

// Ports for servers of a test's own. They stay theirs while they are down: outside the range from which the kernel
// gives ports to outgoing connections, so that a process that was killed finds its port free when it comes back.

import { once } from 'node:events'
import { createServer } from 'node:net'

/** The bus of a node of a Redis cluster listens 10,000 above it, and that is below the kernel's range too. */
const FIRST = 11_000
const COUNT = 11_000
const given = new Set<number>()

/** A port that nobody listens on; `others` are ports above it that must be free as well. */
export async function reservePort({ others = [] }: { others?: readonly number[] } = {}): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    const ports = [port, ...others.map(above => port + above)]
    if (ports.some(one => given.has(one)) || !(await areFree(ports))) continue
    for (const one of ports) given.add(one)
    return port
  }
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false
  return true
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

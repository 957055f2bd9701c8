// How the reference servers begin and end: they take a free port, say which, and go with the benchmark.

import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

export async function listening(server: Server): Promise<void> {
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  process.send?.({ answer: { port } })
  process.on('disconnect', () => process.exit(0))
}

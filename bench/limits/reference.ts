// Starts a server that is no hub: the limit, bare aedes, a bare socket.

import { startChild } from '../process/child.ts'
import type { Need, Running } from '../target.ts'

type Server = 'limit.ts' | 'bare-aedes.ts' | 'bare-socket.ts'

export async function startReference(file: Server, { nodeArgs = [] }: Need): Promise<Running> {
  const child = startChild(`limits/${file}`, { nodeArgs })
  const { port } = (await child.said()) as { port: number }
  return { mqttPort: port, brokerPid: child.pid, pids: [child.pid], stop: child.stop }
}

// Starts a server that is no hub: the limit, bare aedes, a bare socket.

import { startChild } from './child.ts'
import type { Running } from './target.ts'

export async function startReference(
  file: 'limit.ts' | 'bare-aedes.ts' | 'bare-socket.ts',
): Promise<Running> {
  const child = startChild(file)
  const { port } = (await child.said()) as { port: number }
  return { mqttPort: port, brokerPid: child.pid, pids: [child.pid], stop: child.stop }
}

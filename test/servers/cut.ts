// A TCP proxy that can cut a reply off: the server has executed the command, and the client never hears of it.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type CuttingProxy = {
  port: number
  /** Replies that were cut off. */
  readonly cuts: number
  /** Cuts the next reply off on every connection that gets one: both ends are closed instead. */
  cutNextReply(): void
  close(): Promise<void>
}

/** Starts a proxy in front of `port` of this machine. */
export async function startCuttingProxy({ port }: { port: number }): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let isArmed = false
  let cuts = 0

  const server = createServer(client => {
    const upstream = connect({ port, host: '127.0.0.1' })
    const both = [client, upstream]
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', () => undefined) // its close follows
      socket.once('close', () => {
        sockets.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    client.on('data', data => upstream.write(data))
    upstream.on('data', data => {
      if (!isArmed) return client.write(data)
      isArmed = false
      cuts++
      return client.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts
    },
    cutNextReply() {
      isArmed = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

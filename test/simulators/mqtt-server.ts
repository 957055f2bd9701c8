// A small MQTT server for the fleet's tests: it notes what it is given and can withhold acknowledgements or go away.

import { createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'

export type Published = { topic: string; payload: unknown; dup: boolean }

export type Server = {
  port: number
  published: Published[]
  /** Says something to whoever has subscribed. */
  say(topic: string, payload: object): void
  /** Closes every connection of the moment without a word, and goes on listening. */
  drop(): void
  stop(): Promise<void>
}

export type ServerOptions = {
  port?: number
  /** Whether a message is acknowledged; otherwise the connection is closed instead. */
  acknowledges?(message: Published): boolean
  admits?(username: string, password: string): boolean
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { port = 0, acknowledges = () => true, admits = () => true } = options
  const published: Published[] = []
  const sockets = new Set<Socket>()
  const aedes = await Aedes.createBroker({
    authenticate(_client, username, password, done) {
      done(null, admits(username ?? '', String(password)))
    },
    authorizePublish(_client, packet, done) {
      const message = { topic: packet.topic, payload: JSON.parse(String(packet.payload)), dup: packet.dup }
      published.push(message)
      done(acknowledges(message) ? null : new Error('not stored'))
    },
  })
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    aedes.handle(socket)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    published,
    say(topic, payload) {
      const packet = { cmd: 'publish' as const, topic, payload: JSON.stringify(payload), qos: 1 as const }
      aedes.publish({ ...packet, dup: false, retain: false }, () => undefined)
    },
    drop,
    async stop() {
      drop()
      await new Promise(resolve => server.close(resolve))
      await new Promise<void>(resolve => aedes.close(() => resolve()))
    },
  }
}

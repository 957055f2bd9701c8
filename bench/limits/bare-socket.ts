// What a connection costs Node itself: a server that answers every CONNECT and does nothing else.

import { createServer } from 'node:net'
import { listening } from './listening.ts'

const CONNACK = Buffer.from([0x20, 2, 0, 0])

const server = createServer({ noDelay: true }, socket => {
  socket.on('error', () => socket.destroy())
  socket.on('data', () => socket.write(CONNACK))
})
await listening(server)

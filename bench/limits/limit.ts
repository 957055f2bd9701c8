// The limit that everything is measured against: a server that takes MQTT apart with mqtt-packet's parser and
// answers CONNACK and PUBACK. It keeps nothing, checks nobody, and no broker on this parser can be faster.
// The answers to what came in one chunk go out together.

import { createServer } from 'node:net'
import { type Packet, parser } from 'mqtt-packet'
import { listening } from './listening.ts'

const CONNACK = Buffer.from([0x20, 2, 0, 0])

const server = createServer({ noDelay: true }, socket => {
  const reader = parser()
  let answers: number[] = []
  reader.on('packet', (packet: Packet) => {
    if (packet.cmd === 'publish' && packet.qos === 1) answers.push(packet.messageId ?? 0)
    else if (packet.cmd === 'connect') socket.write(CONNACK)
  })
  reader.on('error', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', chunk => {
    reader.parse(chunk)
    if (answers.length === 0) return
    socket.write(pubacks(answers))
    answers = []
  })
})
await listening(server)

function pubacks(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(messageIds.length * 4)
  for (let i = 0; i < messageIds.length; i++) bytes.writeUInt32BE(0x40020000 + (messageIds[i] ?? 0), i * 4)
  return bytes
}

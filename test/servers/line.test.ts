// The line that the fault tests break: it must break exactly as it says, or they prove nothing.

import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { until } from '../faults/rig/until.ts'
import { openLine } from './line.ts'

/** An engine that carries out lines of text and answers each with `done <text>`. */
async function setUp() {
  const carriedOut: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.on('data', bytes => {
      for (const text of String(bytes).split('\n').filter(Boolean)) {
        carriedOut.push(text)
        socket.write(`done ${text}\n`)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const line = await openLine({ port: (server.address() as AddressInfo).port })
  onTestFinished(async () => {
    await line.close()
    server.close()
  })
  return { line, carriedOut }
}

async function client(port: number) {
  const socket: Socket = dial({ port, host: '127.0.0.1' })
  let heard = ''
  let isBroken = false
  socket.on('data', bytes => {
    heard += bytes
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isBroken = true
  })
  onTestFinished(() => void socket.destroy())
  await until('connected, or refused', () => isBroken || !socket.connecting)
  return { say: (text: string) => socket.write(`${text}\n`), heard: () => heard, isBroken: () => isBroken }
}

it('cuts the reply of one command that the engine has carried out, and nothing before or after', async () => {
  const { line, carriedOut } = await setUp()
  const first = await client(line.port)
  const second = await client(line.port)
  first.say('one')
  await until('an answer', () => first.heard() === 'done one\n')
  const cut = line.cutReplyTo('COMMIT')
  first.say('two')
  await until('an answer', () => first.heard().endsWith('done two\n'))
  first.say('commit three')
  await cut
  await until('the client sees it', first.isBroken)
  expect(first.heard()).not.toContain('three')
  expect(carriedOut).toEqual(['one', 'two', 'commit three'])
  second.say('commit four')
  await until('others go on', () => second.heard() === 'done commit four\n')
})

it('holds everything without telling anybody, and lets it go on in order', async () => {
  const { line, carriedOut } = await setUp()
  const device = await client(line.port)
  line.hold(true)
  device.say('one')
  device.say('two')
  const other = await client(line.port)
  other.say('three')
  expect(carriedOut).toEqual([])
  line.hold(false)
  await until('both were answered', () => device.heard() === 'done one\ndone two\n')
  await until('the other, too', () => other.heard() === 'done three\n')
  expect(device.isBroken()).toBe(false)
})

it('refuses connections, old and new, until it does not', async () => {
  const { line } = await setUp()
  const old = await client(line.port)
  line.refuse(true)
  await until('the old one is broken', old.isBroken)
  const refused = await client(line.port)
  await until('a new one is closed', refused.isBroken)
  line.refuse(false)
  const back = await client(line.port)
  back.say('one')
  await until('an answer', () => back.heard() === 'done one\n')
})

it('makes everything take longer, in order', async () => {
  const { line } = await setUp()
  const device = await client(line.port)
  line.delay(30)
  const saidAt = performance.now()
  device.say('one')
  device.say('two')
  await until('both were answered', () => device.heard() === 'done one\ndone two\n')
  // There and back; a timer may fire a millisecond early.
  expect(performance.now() - saidAt).toBeGreaterThan(55)
})

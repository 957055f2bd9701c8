// What a connection is spoken to with, and when it is left in peace.

import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createListeners, sendCommand, takeAcknowledged, UNACKNOWLEDGED_MAX } from '../../broker/listeners.ts'
import type { Session } from '../../broker/sessions.ts'

function listener(deviceId = 'mei') {
  const written: Uint8Array[] = []
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    writable: true,
    writableLength: 0,
    write: (bytes: Uint8Array) => written.push(bytes) > 0,
  })
  const session = { deviceId, socket, commands: undefined } as unknown as Session
  return { session, socket, written }
}

const command = (id: string) => ({ id, name: 'locate' as const, args: {}, expiresAt: 1 })

/** Of a PUBLISH of less than 128 bytes. */
function idOf(bytes: Uint8Array | undefined): number {
  const packet = Buffer.from(bytes ?? [])
  return packet.readUInt16BE(4 + packet.readUInt16BE(2))
}

test('a socket that does not fetch what it has gets nothing more, so that it is never stopped for a command', () => {
  const { session, socket, written } = listener()
  createListeners().add(session, 1)
  socket.writableLength = 1
  expect(sendCommand(session, command('a'))).toBe(false)
  socket.writableLength = 0
  expect(sendCommand(session, command('a'))).toBe(true)
  expect(written).toHaveLength(1)
})

test('one that acknowledges nothing gets so many and no more', () => {
  const { session, written } = listener()
  createListeners().add(session, 1)
  for (let n = 0; n < UNACKNOWLEDGED_MAX; n++) expect(sendCommand(session, command(`c${n}`))).toBe(true)
  expect(sendCommand(session, command('one more'))).toBe(false)
  expect(takeAcknowledged(session, idOf(written[0]))).toBe('c0')
  expect(sendCommand(session, command('one more'))).toBe(true)
})

test('packet ids go round, past those that are in use', () => {
  const { session, written } = listener()
  createListeners().add(session, 1)
  sendCommand(session, command('held'))
  for (let n = 0; n < 65_535; n++) {
    sendCommand(session, command(`c${n}`))
    takeAcknowledged(session, idOf(written.pop()))
  }
  sendCommand(session, command('last'))
  expect(idOf(written.at(-1))).toBe(3)
  expect(takeAcknowledged(session, 1)).toBe('held')
})

test('the connection that asked last is spoken to, and the one before it when it is gone', () => {
  const listeners = createListeners()
  const [older, newer] = [listener(), listener()]
  listeners.add(older.session, 1)
  listeners.add(newer.session, 1)
  expect(listeners.of('mei')).toBe(newer.session)
  listeners.add(older.session, 0)
  expect(listeners.of('mei')).toBe(older.session)
  older.socket.emit('close')
  expect(listeners.of('mei')).toBe(newer.session)
  listeners.remove(newer.session)
  expect([...listeners.deviceIds()]).toEqual([])
})

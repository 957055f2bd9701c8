// A band whose secret is renewed while it is connected: it is cut off, and comes back with the new one alone.

import { expect, it } from 'vitest'
import { startTestHub } from './hub.ts'

it('ends the connection of the old secret, and lets the new one in', async () => {
  const hub = await startTestHub()
  const old = await hub.desk.register('band')
  const band = await hub.connect('band', old)
  const closed = new Promise<void>(resolve => band.once('close', () => resolve()))
  const { secret } = await hub.desk.must<{ secret: string }>('POST', '/devices/band/secret')
  await closed
  expect(await hub.metric('anxin_refused_total', { reason: 'revoked' })).toBe(1)
  await expect(hub.connect('band', old)).rejects.toThrow(/Not authorized/i)
  expect((await hub.connect('band', secret)).connected).toBe(true)
})

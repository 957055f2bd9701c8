// A data folder whose parts are of different ages: the stream was lost, or an older copy of it was put back.

import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, it, onTestFinished } from 'vitest'
import { followFeed, signIn } from '../desk.ts'
import { type HubProcess, makeHubProcess, PASSWORD } from '../hub-process.ts'

const FILES = ['stream.db', 'stream.db-wal', 'stream.db-shm']

async function press(hub: HubProcess, secret: string, ...ids: string[]): Promise<void> {
  const device = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, { username: 'd1', password: secret })
  for (const id of ids) {
    await device.publishAsync('hub/v1/d1/event', JSON.stringify({ kind: 'sos', id }), { qos: 1 })
  }
  await device.endAsync()
}

async function hubWithPresses(count: number) {
  const hub = await makeHubProcess()
  onTestFinished(() => hub.remove())
  await hub.start()
  const desk = await signIn(hub.httpUrl, { password: PASSWORD })
  const secret = await desk.register('d1')
  const feed = followFeed(hub.httpUrl, { token: desk.token })
  onTestFinished(() => feed.close())
  await press(hub, secret, ...Array.from({ length: count }, (_, i) => `before-${i}`))
  await feed.waitFor(message => message.entry.eventId === `before-${count - 1}`)
  return { hub, secret, feed }
}

it('raises what comes after the stream was lost, and nothing twice', async () => {
  const { hub, secret, feed } = await hubWithPresses(30)
  await hub.kill('SIGTERM')
  for (const file of FILES) await rm(join(hub.dataDir, file), { force: true })
  await hub.start()
  await press(hub, secret, 'after')
  await feed.waitFor(message => message.entry.eventId === 'after')
  const ids = feed.findings().map(({ entry }) => entry.eventId)
  expect(ids.length).toBe(new Set(ids).size)
})

it('raises what comes after an older stream was put back, and nothing twice', async () => {
  const { hub, secret, feed } = await hubWithPresses(2)
  await hub.kill('SIGTERM')
  await cp(join(hub.dataDir, 'stream.db'), join(hub.dataDir, 'old.db'))
  await hub.start()
  await press(hub, secret, ...Array.from({ length: 30 }, (_, i) => `lost-${i}`))
  await feed.waitFor(message => message.entry.eventId === 'lost-29')
  await hub.kill('SIGTERM')
  for (const file of FILES) await rm(join(hub.dataDir, file), { force: true })
  await cp(join(hub.dataDir, 'old.db'), join(hub.dataDir, 'stream.db'))
  await hub.start()
  await press(hub, secret, 'after')
  await feed.waitFor(message => message.entry.eventId === 'after')
  const ids = feed.findings().map(({ entry }) => entry.eventId)
  expect(ids.length).toBe(new Set(ids).size)
})

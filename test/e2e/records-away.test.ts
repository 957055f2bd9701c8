// The database is away while the part of the hub that devices talk to starts: they are let in and acknowledged all
// the same, and what they said is raised when it is back.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock as clock } from '../../clock.ts'
import { parseConfig } from '../../config.ts'
import { type Hub, startHub } from '../../hub.ts'
import { startLog } from '../../log.ts'
import { followFeed, signIn } from '../desk.ts'
import { needs } from '../needs.ts'
import { startPostgresServer } from '../servers/postgres.ts'
import { startRedisServer } from '../servers/redis.ts'

const PASSWORD = 'a password'

it.runIf(needs('redis-server', 'postgres'))(
  'a broker and workers start without the records',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'anxin-away-'))
    const redis = await startRedisServer({ args: ['--maxmemory', '3gb'] })
    const postgres = await startPostgresServer()
    const hubs: Hub[] = []
    onTestFinished(async () => {
      for (const hub of hubs.reverse()) await hub.stop()
      await Promise.all([redis.remove(), postgres.remove(), rm(dataDir, { recursive: true })])
    })

    async function start(roles: string): Promise<Hub> {
      const env = { HTTP_PORT: '0', MQTT_PORT: '0', BIND: '127.0.0.1', ADMIN_PASSWORD: PASSWORD }
      const engines = { REDIS_URL: redis.url, DATABASE_URL: postgres.url, DATA_DIR: dataDir, ROLES: roles }
      const config = parseConfig({ argv: [], env: { ...env, ...engines } })
      const hub = await startHub({ config, clock, log: startLog({ level: 'silent' }) })
      hubs.push(hub)
      return hub
    }

    const first = await start('broker,gateway')
    const desk = await signIn(`http://127.0.0.1:${first.httpPort}`, { password: PASSWORD })
    const secret = await desk.register('d1')
    await press(first, secret, 'before') // the broker knows the device, and so will the snapshot
    await hubs.pop()?.stop()

    await postgres.stop()
    await press(await start('broker,workers'), secret, 'meanwhile')

    await postgres.start()
    const { httpPort } = await start('alerts,gateway')
    const url = `http://127.0.0.1:${httpPort}`
    const feed = followFeed(url, { token: (await signIn(url, { password: PASSWORD })).token })
    onTestFinished(() => feed.close())
    for (const eventId of ['before', 'meanwhile']) {
      const { alarm } = await feed.waitFor(message => message.entry.eventId === eventId)
      expect(alarm).toMatchObject({ class: 'emergency', severity: 'critical', deviceId: 'd1' })
    }
  },
  60_000,
)

/** Presses the red key of `d1`; resolves when the hub has acknowledged it. */
async function press({ mqttPort }: Hub, secret: string, id: string): Promise<void> {
  const options = { username: 'd1', password: secret, clientId: 'd1' }
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, options)
  await device.publishAsync('hub/v1/d1/event', JSON.stringify({ kind: 'sos', id }), { qos: 1 })
  await device.endAsync()
}

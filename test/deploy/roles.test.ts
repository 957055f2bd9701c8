// The hub of docker-compose.yml, by hand: the engines with its flags, every role with its environment, its own
// checks of health. An SOS goes through all of them, and a stop ends each in time.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, followFeed, signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { postgresBin, query, startPostgresServer } from '../servers/postgres.ts'
import { startRedisServer } from '../servers/redis.ts'
import { readCompose, type Service } from './compose.ts'
import { type Container, runCheck, startContainers } from './containers.ts'

/** The switch of each role; the host is another one here, and its own part of the path tells who calls. */
const SWITCHES = Object.fromEntries(
  ['BROKER', 'WORKERS', 'ALERTS', 'GATEWAY'].map(role => [
    `HEARTBEAT_URL_${role}`,
    `http://switch:80/${role}`,
  ]),
)
const SECRETS = {
  POSTGRES_PASSWORD: 'p0stgres',
  REDIS_PASSWORD: 'r3dis',
  INFLUX_TOKEN: '1nflux',
  ADMIN_PASSWORD: 'a password of admin',
}
const { compose } = readCompose({ ...SECRETS, ...SWITCHES })
const serviceOf = (name: string): Service => {
  const service = compose.services[name]
  if (!service) throw new Error(`there is no service ${name}`)
  return service
}

/** The server of the tests is asked whether it is there before anybody has a password: it gets one afterwards. */
const isPassword = (flags: string[], i: number): boolean => [flags[i], flags[i - 1]].includes('--requirepass')
async function askPassword({ port }: { port: number }, password: string): Promise<void> {
  const client = new Redis({ port })
  await client.config('SET', 'requirepass', password)
  client.disconnect()
}

const flagsOf = (name: string): string[] => serviceOf(name).command?.slice(1) ?? []

describe.runIf(needs('redis-server', 'postgres'))('the hub of docker-compose.yml', () => {
  let folder: string
  let redis: Awaited<ReturnType<typeof startRedisServer>>
  let postgres: Awaited<ReturnType<typeof startPostgresServer>>
  const calls = new Set<string>()
  const switchboard = createServer((request, response) => {
    calls.add(request.url ?? '')
    response.end()
  })
  const containers: Container[] = []
  const one = (name: string): Container =>
    containers.find(container => container.name === `${name}-1`) as Container
  const httpOf = (name: string): string => `http://127.0.0.1:${one(name).httpPort}`

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anxin-compose-'))
    ;[redis, postgres] = await Promise.all([
      startRedisServer({ args: flagsOf('redis').filter((_, i, flags) => !isPassword(flags, i)) }),
      startPostgresServer({ args: flagsOf('postgres') }),
    ])
    await askPassword(redis, SECRETS.REDIS_PASSWORD)
    const { POSTGRES_USER: user, POSTGRES_DB: database = '' } = serviceOf('postgres').environment
    await query(postgres.url, `create role ${user} superuser login`)
    await postgres.createDatabase(database, `owner ${user}`)
    switchboard.listen(0, '127.0.0.1')
    await once(switchboard, 'listening')
    const { port } = switchboard.address() as AddressInfo
    const elsewhere = {
      'switch:80': `127.0.0.1:${port}`,
      'redis:6379': `127.0.0.1:${redis.port}`,
      'postgres:5432': `127.0.0.1:${postgres.port}`,
      'influxdb:8086': '127.0.0.1:9', // nobody is there, and nobody waits for it
    }
    await startContainers({
      compose,
      folder,
      elsewhere,
      onStarted: container => void containers.push(container),
    })
  }, 120_000)

  afterAll(async () => {
    for (const container of containers) container.kill()
    await Promise.all([redis?.remove(), postgres?.remove()])
    switchboard.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('passes the checks of the engines', async () => {
    const bin = { pg_isready: join(postgresBin() ?? '', 'pg_isready') }
    const check = (name: string, port: number) =>
      runCheck(serviceOf(name), {
        env: { PATH: process.env.PATH ?? '', ...serviceOf(name).environment },
        programs: bin,
        flags: ['-p', String(port)],
      })
    await expect(check('redis', redis.port)).resolves.toBeUndefined()
    await expect(check('postgres', postgres.port)).resolves.toBeUndefined()
  })

  it('is ready in every process', async () => {
    for (const { name, httpPort } of containers) {
      // The last of them has just begun, and the others ask for it once a second or so.
      await eventually(async () => {
        const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`)
        expect([name, answer.status, await answer.text()]).toEqual([name, 200, expect.any(String)])
      })
      expect((await fetch(`http://127.0.0.1:${httpPort}/metrics`)).status).toBe(200)
    }
    expect(containers.map(({ name }) => name).sort()).toEqual([
      'alerts-1',
      'broker-1',
      'gateway-1',
      'gateway-standby-1',
      'workers-1',
      'workers-2',
    ])
  })

  it("calls each role's switch: one that is shared would hide who is silent", async () => {
    await eventually(() => expect([...calls].sort()).toEqual(['/ALERTS', '/BROKER', '/GATEWAY', '/WORKERS']))
  })

  it('brings an SOS to the consoles of both gateways', async () => {
    const desk: Desk = await signIn(httpOf('gateway'), { password: SECRETS.ADMIN_PASSWORD })
    const secret = await desk.register('d1')
    // A session is known to both.
    const feeds = ['gateway', 'gateway-standby'].map(name => followFeed(httpOf(name), { token: desk.token }))
    const url = `mqtt://127.0.0.1:${one('broker').mqttPort}`
    const device = await connectAsync(url, { username: 'd1', password: secret, clientId: 'd1' }, false)
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"red"}', { qos: 1 })
    for (const feed of feeds) {
      const { alarm } = await feed.waitFor(message => message.entry.eventId === 'red')
      expect(alarm).toMatchObject({ kind: 'sos', severity: 'critical', state: 'raised' })
      feed.close()
    }
    await device.endAsync()
  })

  it('stops: each process in its time, with code 0', async () => {
    const codes = await Promise.all(containers.map(async ({ name, stop }) => `${name} ${await stop()}`))
    expect(codes).toEqual(containers.map(({ name }) => `${name} 0`))
  })
})

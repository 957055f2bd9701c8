import { afterEach, describe, expect, test } from 'vitest'
import { type Fleet, type FleetOptions, startFleet } from '../../simulators/fleet.ts'
import { eventually } from '../eventually.ts'
import { type Published, type Server, type ServerOptions, startServer } from './mqtt-server.ts'

const WAIT = { interval: 20 }
const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of opened.splice(0).reverse()) await stop()
})

async function serve(options: ServerOptions = {}): Promise<Server> {
  const server = await startServer(options)
  opened.push(() => server.stop())
  return server
}

function fleetOf(count: number, server: Server, options: Partial<FleetOptions> = {}): Fleet {
  const devices = Array.from({ length: count }, (_, i) => ({ id: `d${i}`, secret: `s${i}` }))
  const mqttUrl = `mqtt://127.0.0.1:${server.port}`
  const fleet = startFleet({ mqttUrl, devices, qos: 1, rampPerSecond: 1_000, ...options })
  opened.push(() => fleet.stop())
  return fleet
}

const ids = (published: readonly Published[]) =>
  published.map(({ payload }) => (payload as { id?: string }).id)
const press = (id: string) => ({ id, kind: 'sos' }) as const

describe('the fleet', () => {
  test('one connection a device, with its own name and secret; everything is acknowledged', async () => {
    const admitted = new Set<string>()
    const server = await serve({
      admits: (name, secret) => admitted.add(name) && secret === `s${name.slice(1)}`,
    })
    const acked: (string | undefined)[] = []
    const fleet = fleetOf(30, server, { onEventAcked: ({ id }) => acked.push(id) })
    await fleet.ready(10_000)
    expect(fleet.counts()).toMatchObject({ devices: 30, connected: 30, refused: 0 })
    for (let i = 0; i < 30; i++) {
      fleet.sample(`d${i}`, { seq: 1 })
      fleet.event(`d${i}`, press(`e${i}`))
    }
    await eventually(() => expect(fleet.counts()).toMatchObject({ sent: 60, acked: 60 }), WAIT)
    expect(admitted.size).toBe(30)
    expect(acked.sort()).toEqual(Array.from({ length: 30 }, (_, i) => `e${i}`).sort())
    expect(server.published.find(({ topic }) => topic === 'hub/v1/d7/event')?.payload).toEqual(press('e7'))
  })

  test('a device hears what it is asked, does it once, and answers every time', async () => {
    const server = await serve()
    const asked: string[] = []
    const obeys: Record<string, boolean | undefined> = { c1: true, c2: false }
    const fleet = fleetOf(2, server, {
      onCommand: (deviceId, { id }) => {
        asked.push(`${deviceId} ${id}`)
        return obeys[id]
      },
    })
    await fleet.ready(10_000)
    const answers = () => server.published.filter(({ topic }) => topic === 'hub/v1/d0/command/ack')
    const say = (id: string) =>
      server.say('hub/v1/d0/command', { id, name: 'locate', args: {}, expiresAt: 1 })
    await eventually(() => {
      if (answers().length === 0) say('c1') // until it has subscribed nobody hears it
      expect(answers()[0]?.payload).toEqual({ id: 'c1', ok: true })
    }, WAIT)
    server.say('hub/v1/d0/command', { id: 'c0' }) // no command
    say('c3') // not to be answered yet
    say('c2')
    say('c1')
    const all = () => answers().map(({ payload }) => payload)
    await eventually(() => expect(all()).toContainEqual({ id: 'c2', ok: false }), WAIT)
    await eventually(() => expect(all().at(-1)).toEqual({ id: 'c1', ok: true }), WAIT)
    expect(asked).toEqual(['d0 c1', 'd0 c3', 'd0 c2'])
  })

  test('an event whose connection breaks before the acknowledgement is sent again', async () => {
    let refusals = 2
    const server = await serve({ acknowledges: ({ topic }) => !topic.endsWith('event') || refusals-- <= 0 })
    const acked: (string | undefined)[] = []
    const fleet = fleetOf(1, server, { onEventAcked: ({ id }) => acked.push(id) })
    await fleet.ready(10_000)
    fleet.event('d0', press('e0'))
    await eventually(() => expect(acked).toEqual(['e0']), WAIT)
    expect(ids(server.published)).toEqual(['e0', 'e0', 'e0'])
    expect(fleet.counts()).toMatchObject({ sent: 1, acked: 1 })
  })

  test('what is pressed while the hub is away arrives when it is back, all of it', async () => {
    const first = await startServer()
    const fleet = fleetOf(3, first)
    await fleet.ready(10_000)
    await first.stop()
    await eventually(() => expect(fleet.counts().connected).toBe(0), WAIT)
    for (let n = 0; n < 5; n++) for (const id of ['d0', 'd1', 'd2']) fleet.event(id, press(`${id}-${n}`))
    const second = await serve({ port: first.port })
    await eventually(() => expect(fleet.counts().acked).toBe(15), WAIT)
    expect(new Set(ids(second.published)).size).toBe(15)
  })

  test('samples wait in the device while the last are under way, and go out in one message', async () => {
    const first = await startServer()
    const fleet = fleetOf(1, first)
    await fleet.ready(10_000)
    await first.stop()
    await eventually(() => expect(fleet.counts().connected).toBe(0), WAIT)
    for (let seq = 0; seq < 150; seq++) fleet.sample('d0', { seq })
    const second = await serve({ port: first.port })
    await eventually(() => expect(fleet.counts()).toMatchObject({ sent: 2, acked: 2, overwritten: 49 }), WAIT)
    const [one, rest] = second.published.map(({ payload }) => payload)
    expect(one).toEqual({ seq: 0 })
    expect(rest).toEqual(Array.from({ length: 100 }, (_, i) => ({ seq: i + 50 })))
  })

  test('a device that is refused is counted with the reason, and tries again', async () => {
    const server = await serve({ admits: name => name !== 'd1' })
    const fleet = fleetOf(2, server)
    await eventually(() => expect(fleet.counts().refused).toBeGreaterThan(1), WAIT)
    expect(fleet.counts()).toMatchObject({ connected: 1 })
    expect(fleet.counts().firstRefusal).toMatch(/refused|authorized/i)
  })

  test('stops before every device has had its turn', async () => {
    const server = await serve()
    const fleet = fleetOf(100, server, { rampPerSecond: 20 })
    fleet.event('d99', press('e99'))
    await eventually(() => expect(fleet.counts().connected).toBeGreaterThan(0), WAIT)
    await fleet.stop()
    expect(fleet.counts()).toMatchObject({ sent: 1, acked: 0 })
  })

  test('stops although acknowledgements are missing', async () => {
    const server = await serve({ acknowledges: () => false })
    const fleet = fleetOf(2, server)
    await fleet.ready(10_000)
    fleet.event('d0', press('e0'))
    await fleet.stop()
    expect(fleet.counts()).toMatchObject({ connected: 0, acked: 0 })
  })
})

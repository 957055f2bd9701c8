// Commands down to devices: over real records and real connections.

import mqtt from 'mqtt'
import type { IPublishPacket, Packet } from 'mqtt-packet'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDownlink } from '../../broker/downlink.ts'
import { startMetrics } from '../../metrics.ts'
import type { Command, NewCommand } from '../../model/command.ts'
import { HubError } from '../../model/error.ts'
import { epochMs } from '../../model/units.ts'
import { askDevice, getCommand } from '../../records/commands.ts'
import type { Records } from '../../records/db.ts'
import { createDevice } from '../../records/devices.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { eventually } from '../eventually.ts'
import { newPlace } from '../records/started.ts'
import { openDoor, SECRET } from './door.ts'
import { openDevice, publishPacket, subscribePacket, WITHIN, type Wire } from './wire.ts'

const RETRY_MS = 100
const LOCATE: NewCommand = { name: 'locate', args: {} }
const TOPIC = 'hub/v1/mei/command'

/** Records with two devices, and as many brokers on them as a test starts. */
async function openPost() {
  let aheadMs = 0
  const clock = { now: () => epochMs(Date.now() + aheadMs) }
  const place = await newPlace(clock)
  onTestFinished(place.remove)
  const records = await place.open()
  for (const id of ['mei', 'lan'])
    await createDevice(records, {
      scope: WHOLE_HUB,
      at: clock.now(),
      device: { id, kind: 'bracelet', protocol: 'mqtt' },
    })
  let isAway = false
  const refuse = new Proxy({} as Records['db'], {
    get() {
      throw new HubError('UNAVAILABLE', 'the records are away')
    },
  })

  /** `hears`: nudges reach it. */
  async function startBroker({ hears = true, firstRetryMs = RETRY_MS } = {}) {
    const { metrics, registry } = startMetrics()
    const own: Pick<Records, 'db' | 'read' | 'nudge'> = {
      get db() {
        return isAway ? refuse : records.db
      },
      get read() {
        return isAway ? refuse : records.read
      },
      nudge: hears ? records.nudge : { publish: () => undefined, subscribe: () => () => undefined },
    }
    const downlink = startDownlink({
      records: own,
      clock,
      log: silent,
      metrics,
      firstRetryMs,
      checkEveryMs: 20,
      sweepEveryMs: 100,
    })
    const door = await openDoor({ downlink, clock })
    onTestFinished(async () => {
      await door.stop()
      await downlink.stop()
    })
    const count = async (outcome: string): Promise<number> => {
      const counted = await registry.getSingleMetric('anxin_commands_total')?.get()
      return counted?.values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0
    }
    return { port: door.port, count }
  }

  return {
    startBroker,
    records,
    ask: (command: NewCommand = LOCATE, deviceId = 'mei'): Promise<Command> =>
      askDevice(records, { scope: WHOLE_HUB, deviceId, command, at: clock.now(), by: 'chen' }),
    async stored(id: string, deviceId = 'mei'): Promise<Command> {
      const command = await getCommand(records.read, { deviceId, id })
      if (!command) throw new Error(`there is no command ${id}`)
      return command
    },
    advance(ms: number) {
      aheadMs += ms
    },
    away(is: boolean) {
      isAway = is
    },
  }
}

const noLine = (): void => undefined
const silent = { debug: noLine, info: noLine, warn: noLine, error: noLine, child: () => silent }

/** What a device has received, in order. */
const received = (wire: Wire): IPublishPacket[] =>
  wire.got.filter((packet): packet is IPublishPacket => packet.cmd === 'publish')
const idsOf = (wire: Wire): string[] => received(wire).map(({ payload }) => JSON.parse(String(payload)).id)

async function receives(wire: Wire, count: number): Promise<IPublishPacket[]> {
  return eventually(() => {
    expect(received(wire).length).toBeGreaterThanOrEqual(count)
    return received(wire)
  }, WITHIN)
}

async function listening(port: number, over: { username?: string; clientId?: string } = {}): Promise<Wire> {
  const wire = await openDevice(port, over)
  wire.send(subscribePacket(`hub/v1/${over.username ?? 'mei'}/command`))
  await wire.next('suback')
  return wire
}

const puback = (messageId: number | undefined): Packet => ({ cmd: 'puback', messageId: messageId ?? 0 })
const answer = (ack: object | string, deviceId = 'mei'): Packet =>
  publishPacket(`hub/v1/${deviceId}/command/ack`, typeof ack === 'string' ? ack : JSON.stringify(ack))

describe('a command', () => {
  test('reaches a device that listens, as PUBLISH at QoS 1; its row says how far it has come', async () => {
    const post = await openPost()
    const { port, count } = await post.startBroker({ firstRetryMs: 60_000 })
    const wire = await listening(port)
    const { id, expiresAt, state } = await post.ask({ name: 'interval', args: { everyMs: 20_000 } })
    expect(state).toBe('queued')
    const [packet] = await receives(wire, 1)
    expect(packet).toMatchObject({ topic: TOPIC, qos: 1, dup: false, retain: false })
    const told = { id, name: 'interval', args: { everyMs: 20_000 }, expiresAt }
    expect(JSON.parse(String(packet?.payload))).toEqual(told)
    expect(await post.stored(id)).toMatchObject({ state: 'queued', attempts: 1, sentAt: null })

    wire.send(puback(packet?.messageId))
    await eventually(async () => expect(await post.stored(id)).toMatchObject({ state: 'sent' }), WITHIN)
    expect((await post.stored(id)).sentAt).not.toBe(null)

    wire.send(answer({ id, ok: true, detail: 'every 20 s' }))
    await wire.next('puback')
    const acked = { state: 'acked', attempts: 1, detail: 'every 20 s' }
    await eventually(async () => expect(await post.stored(id)).toMatchObject(acked), WITHIN)
    expect(await Promise.all(['sent', 'delivered', 'acked'].map(count))).toEqual([1, 1, 1])
  })

  test('is taken and answered by an ordinary client', async () => {
    const post = await openPost()
    const { port } = await post.startBroker()
    const asked = await post.ask()
    const client = await mqtt.connectAsync({ port, host: '127.0.0.1', username: 'mei', password: SECRET })
    onTestFinished(() => client.endAsync(true))
    client.on('message', (topic, payload) => {
      const { id } = JSON.parse(String(payload))
      client.publish(`${topic}/ack`, JSON.stringify({ id, ok: false, detail: 'no fix' }), { qos: 1 })
    })
    await client.subscribeAsync(TOPIC, { qos: 1 })
    const failed = { state: 'failed', detail: 'no fix' }
    await eventually(async () => expect(await post.stored(asked.id)).toMatchObject(failed), WITHIN)
  })

  test('waits for its device, and those of one device come in the order in which they were asked', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 60_000 })
    const asked: string[] = []
    for (const text of ['一', '二', '三'])
      asked.push((await post.ask({ name: 'message', args: { text } })).id)
    const wire = await listening(port)
    await receives(wire, 3)
    asked.push((await post.ask({ name: 'find', args: {} })).id)
    await receives(wire, 4)
    expect(idsOf(wire)).toEqual(asked)
    expect(new Set(received(wire).map(({ messageId }) => messageId)).size).toBe(4)
  })

  test('whose nudge got lost is found by the sweep', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ hears: false })
    const wire = await listening(port)
    const { id } = await post.ask()
    await receives(wire, 1)
    expect(idsOf(wire)[0]).toBe(id)
  })

  test('of another device goes to nobody else', async () => {
    const post = await openPost()
    const { port } = await post.startBroker()
    const mei = await listening(port)
    const lan = await listening(port, { username: 'lan' })
    const { id } = await post.ask(LOCATE, 'lan')
    await receives(lan, 1)
    expect(idsOf(lan)).toContain(id)
    expect(received(mei)).toEqual([])
  })

  test('goes to the connection that listens, and of several to the one that asked last', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 60_000 })
    const older = await listening(port, { clientId: 'older' })
    const newer = await listening(port, { clientId: 'newer' })
    const deaf = await openDevice(port, { clientId: 'deaf' })
    await post.ask()
    await receives(newer, 1)
    newer.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: [TOPIC] })
    await newer.next('unsuback')
    await post.ask()
    await receives(older, 1)
    expect([received(newer).length, received(older).length, received(deaf).length]).toEqual([1, 1, 0])
  })

  test('goes at QoS 0 to whoever listens at QoS 0', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 60_000 })
    const wire = await openDevice(port)
    wire.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: TOPIC, qos: 0 }] })
    const { id } = await post.ask()
    const [packet] = await receives(wire, 1)
    expect(packet?.qos).toBe(0)
    await eventually(async () => expect((await post.stored(id)).state).toBe('sent'), WITHIN)
  })
})

describe('until the device has answered', () => {
  test('without a PUBACK it is the same packet again, with DUP; with one it is a new one', async () => {
    const post = await openPost()
    const { port } = await post.startBroker()
    const wire = await listening(port)
    const { id } = await post.ask()
    const [first, second] = await receives(wire, 2)
    expect([first?.dup, second?.dup]).toEqual([false, true])
    expect(second?.messageId).toBe(first?.messageId)
    wire.send(puback(second?.messageId))
    await eventually(async () => expect((await post.stored(id)).state).toBe('sent'), WITHIN)
    const before = received(wire).length
    const all = await receives(wire, before + 1)
    expect(all.at(-1)).toMatchObject({ dup: false })
    expect(new Set(idsOf(wire))).toEqual(new Set([id]))
  })

  test('a device that comes back is told at once, whatever the pause', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 60_000 })
    const first = await listening(port)
    const { id } = await post.ask()
    await receives(first, 1)
    first.end()
    const second = await listening(port)
    await receives(second, 1)
    expect(received(second)[0]).toMatchObject({ dup: false })
    expect(await post.stored(id)).toMatchObject({ attempts: 2 })
  })

  test('to subscribe again in one connection asks for nothing that was sent there', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 60_000 })
    const wire = await listening(port)
    const first = await post.ask()
    await receives(wire, 1)
    for (let n = 0; n < 100; n++) wire.send(subscribePacket(TOPIC))
    const second = await post.ask({ name: 'find', args: {} })
    await receives(wire, 2)
    expect(idsOf(wire)).toEqual([first.id, second.id])
  })

  test('it is sent, and then no more', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 30 })
    const wire = await listening(port)
    const first = await post.ask()
    await receives(wire, 1)
    wire.send(answer({ id: first.id, ok: true }))
    await eventually(async () => expect((await post.stored(first.id)).state).toBe('acked'), WITHIN)
    const { attempts } = await post.stored(first.id)
    const other = await post.ask()
    await eventually(async () => expect((await post.stored(other.id)).attempts).toBeGreaterThan(2), WITHIN)
    expect(await post.stored(first.id)).toMatchObject({ attempts })
  })

  test('or it expires, also when its device never comes', async () => {
    const post = await openPost()
    const { port, count } = await post.startBroker()
    const [mei, lan] = [await post.ask(), await post.ask(LOCATE, 'lan')]
    const wire = await listening(port)
    await receives(wire, 1)
    post.advance(3_600_000)
    await eventually(async () => expect((await post.stored(mei.id)).state).toBe('expired'), WITHIN)
    await eventually(async () => expect((await post.stored(lan.id, 'lan')).state).toBe('expired'), WITHIN)
    await eventually(async () => expect(await count('expired')).toBe(2), WITHIN)
    const late = await listening(port, { username: 'lan' })
    await post.ask({ name: 'find', args: {} }, 'lan')
    await receives(late, 1)
    expect(idsOf(late)).not.toContain(lan.id)
  })
})

describe('what devices answer', () => {
  test('about nothing that was asked of them is acknowledged, counted and ignored', async () => {
    const post = await openPost()
    const { port, count } = await post.startBroker({ firstRetryMs: 60_000 })
    const wire = await listening(port)
    const mine = await post.ask()
    const hers = await post.ask(LOCATE, 'lan')
    const junk = [
      '',
      '{',
      '[]',
      'null',
      '{"id":7,"ok":true}',
      `{"id":"a","ok":true,"x":"${'x'.repeat(20_000)}"}`,
    ]
    for (const text of junk) wire.send(answer(text))
    wire.send(answer({ id: hers.id, ok: true }), answer({ id: 'cmd_none', ok: true }))
    wire.send(answer({ id: mine.id, ok: true }), answer({ id: mine.id, ok: false }))
    await eventually(async () => expect((await post.stored(mine.id)).state).toBe('acked'), WITHIN)
    await eventually(async () => expect(await count('late_answer')).toBe(1), WITHIN)
    expect(wire.got.filter(({ cmd }) => cmd === 'puback')).toHaveLength(junk.length + 4)
    expect(await count('unreadable_answer')).toBe(junk.length)
    expect(await count('unknown_answer')).toBe(2)
    expect((await post.stored(hers.id, 'lan')).state).toBe('queued')
  })

  test('PUBACKs of nothing change nothing', async () => {
    const post = await openPost()
    const { port } = await post.startBroker({ firstRetryMs: 60_000 })
    const wire = await listening(port)
    const { id } = await post.ask()
    const [packet] = await receives(wire, 1)
    wire.send(puback(40_000), puback((packet?.messageId ?? 0) + 1))
    wire.send(answer({ id: 'cmd_none', ok: true }))
    await wire.next('puback')
    expect((await post.stored(id)).state).toBe('queued')
  })
})

describe('while the records are away', () => {
  test('nothing is lost: what was heard is written when they are back, and what was asked is sent', async () => {
    const post = await openPost()
    const { port } = await post.startBroker()
    const wire = await listening(port)
    const first = await post.ask()
    await receives(wire, 1)
    post.away(true)
    wire.send(answer({ id: first.id, ok: true }))
    await wire.next('puback')
    const second = await post.ask({ name: 'find', args: {} })
    const other = await listening(port, { username: 'lan' })
    const third = await post.ask(LOCATE, 'lan')
    expect((await post.stored(first.id)).state).not.toBe('acked')
    expect(idsOf(wire)).not.toContain(second.id)
    post.away(false)
    await eventually(async () => expect((await post.stored(first.id)).state).toBe('acked'), WITHIN)
    await eventually(() => expect(idsOf(wire)).toContain(second.id), WITHIN)
    await eventually(() => expect(idsOf(other)).toContain(third.id), WITHIN)
  })

  test('a broker that starts then sends when they are back', async () => {
    const post = await openPost()
    const { id } = await post.ask()
    post.away(true)
    const { port } = await post.startBroker()
    const wire = await listening(port)
    post.away(false)
    await receives(wire, 1)
    expect(idsOf(wire)[0]).toBe(id)
  })
})

describe('of several brokers', () => {
  test('only the one that holds the device sends', async () => {
    const post = await openPost()
    const one = await post.startBroker({ firstRetryMs: 60_000 })
    const two = await post.startBroker({ firstRetryMs: 60_000 })
    const wire = await listening(two.port)
    await listening(one.port, { username: 'lan' })
    const { id } = await post.ask()
    await receives(wire, 1)
    expect(await post.stored(id)).toMatchObject({ attempts: 1 })
    expect([await one.count('sent'), await two.count('sent')]).toEqual([0, 1])
  })

  test('a device that has gone to another one is told there, and its answer counts there', async () => {
    const post = await openPost()
    const one = await post.startBroker({ firstRetryMs: 60_000 })
    const two = await post.startBroker({ firstRetryMs: 60_000 })
    const here = await listening(one.port)
    const { id } = await post.ask()
    await receives(here, 1)
    here.end()
    const there = await listening(two.port)
    await receives(there, 1)
    there.send(answer({ id, ok: true }))
    await eventually(async () => expect((await post.stored(id)).state).toBe('acked'), WITHIN)
  })
})

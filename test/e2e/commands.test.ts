// What a hub asks of a band: while its elder is lost, and whatever happens to the hub meanwhile.

import mqtt, { type MqttClient } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TRACK_EVERY_MS, USUAL_INTERVAL_MS } from '../../alerts/track.ts'
import type { Command } from '../../model/command.ts'
import { type Desk, signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { makeHubProcess, PASSWORD } from '../hub-process.ts'
import { ENGINE_KINDS, useEngines } from './engines.ts'
import { startTestHub } from './hub.ts'

const WITHIN = { timeout: 10_000, interval: 10 }
const TOPIC = 'hub/v1/band/command'
const HOME = { circle: { center: [122.12, 37.51], radiusM: 100 } }
const FAR_AWAY = { lat: 37.6, lon: 122.3, acc: 5, src: 'gps' }

type Heard = { id: string; name: string; args: { everyMs?: number }; expiresAt: number }

/** An elder who wanders, with a band and a home. Returns the band's secret. */
async function moveIn(desk: Desk): Promise<string> {
  const elder = { areaId: 'root', name: '王芳', wandering: true }
  const { id: residentId } = await desk.must<{ id: string }>('POST', '/residents', elder)
  await desk.must('POST', '/zones', { name: '家', kind: 'safe', shape: HOME, dwellMs: 0, residentId })
  return desk.register('band', residentId)
}

/** A band that does what it is asked, once, and says so. */
async function listen(band: MqttClient): Promise<{ heard: Heard[]; done(): string[] }> {
  const heard: Heard[] = []
  band.on('message', (topic, payload) => {
    const command: Heard = JSON.parse(String(payload))
    heard.push(command)
    band.publish(`${topic}/ack`, JSON.stringify({ id: command.id, ok: true }), { qos: 1 })
  })
  await band.subscribeAsync(TOPIC, { qos: 1 })
  const done = (): string[] => {
    const once = new Map(heard.map(command => [command.id, command]))
    return [...once.values()].map(({ name, args }) => [name, args.everyMs].filter(Boolean).join(' '))
  }
  return { heard, done }
}

const walkAway = (band: MqttClient) =>
  band.publishAsync('hub/v1/band/telemetry', JSON.stringify({ worn: true, loc: FAR_AWAY }), { qos: 1 })

async function states(desk: Desk): Promise<string[]> {
  const { items } = await desk.must<{ items: Command[] }>('GET', '/devices/band/commands')
  return items.reverse().map(({ name, state }) => `${name} ${state}`)
}

async function bringHome(desk: Desk): Promise<void> {
  const [alarm] = await desk.openAlarms('&class=emergency')
  await desk.must('POST', `/alarms/${alarm?.id}/accept`)
  const seen = { disposition: 'brought_home', seenSeq: alarm?.seq }
  await desk.must('POST', `/alarms/${alarm?.id}/resolve`, seen)
}

describe.each(ENGINE_KINDS)('an elder who wanders leaves, on %s engines', kind => {
  const engines = useEngines(kind)

  it('the band says where it is, now and often, until the alarm is over', async () => {
    const hub = await startTestHub(await engines())
    const secret = await moveIn(hub.desk)
    const band = await hub.connect('band', secret)
    const { done } = await listen(band)
    await walkAway(band)
    await hub.feed.waitFor(({ alarm }) => alarm.kind === 'zone_exit' && alarm.severity === 'critical')
    await eventually(() => expect(done()).toEqual([`interval ${TRACK_EVERY_MS}`, 'locate']), WITHIN)
    await eventually(
      async () => expect(await states(hub.desk)).toEqual(['interval acked', 'locate acked']),
      WITHIN,
    )

    await bringHome(hub.desk)
    await eventually(() => expect(done().at(-1)).toBe(`interval ${USUAL_INTERVAL_MS}`), WITHIN)
    const all = ['interval acked', 'locate acked', 'interval acked']
    await eventually(async () => expect(await states(hub.desk)).toEqual(all), WITHIN)
    expect(await hub.metric('anxin_commands_total', { outcome: 'acked' })).toBe(3)
  })

  it('a band that does not listen at first is told when it does', async () => {
    const hub = await startTestHub(await engines())
    const secret = await moveIn(hub.desk)
    const deaf = await hub.connect('band', secret)
    await walkAway(deaf)
    await hub.feed.waitFor(({ alarm }) => alarm.kind === 'zone_exit')
    expect(await states(hub.desk)).toEqual(['interval queued', 'locate queued'])
    await deaf.endAsync()
    const { done } = await listen(await hub.connect('band', secret))
    await eventually(() => expect(done()).toEqual([`interval ${TRACK_EVERY_MS}`, 'locate']), WITHIN)
  })
})

it('a hub that is killed between the row and the band sends after its restart', {
  timeout: 90_000,
}, async () => {
  const hub = await makeHubProcess()
  onTestFinished(hub.remove)
  await hub.start()
  const before = await signIn(hub.httpUrl, { password: PASSWORD })
  const secret = await moveIn(before)
  const connect = async (): Promise<MqttClient> => {
    const band = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
      username: 'band',
      password: secret,
      clientId: 'band',
      reconnectPeriod: 0,
    })
    band.on('error', () => undefined) // the hub is killed under it
    onTestFinished(() => band.endAsync(true))
    return band
  }
  await walkAway(await connect())
  await eventually(async () => expect(await states(before)).toHaveLength(2), WITHIN)
  await before.must('POST', '/devices/band/commands', { name: 'message', args: { text: '女儿在路上' } })
  await hub.kill('SIGKILL')
  await hub.start()
  const { done } = await listen(await connect())
  await eventually(() => expect(done()).toEqual([`interval ${TRACK_EVERY_MS}`, 'locate', 'message']), WITHIN)
  const after = await signIn(hub.httpUrl, { password: PASSWORD })
  await eventually(
    async () => expect(await states(after)).toEqual(['interval acked', 'locate acked', 'message acked']),
    WITHIN,
  )
})

// Acknowledged means stored: clients re-send without PUBACK while the hub is killed again and again.

import mqtt, { type MqttClient } from 'mqtt'
import { expect, it, onTestFinished } from 'vitest'
import { type Follower, followFeed, signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { type HubProcess, makeHubProcess, PASSWORD } from '../hub-process.ts'

const EVENTS = 500
const DEVICES = 10
const KILLS = 10
/** Events are offered over about this long, so that every kill hits some of them on their way. */
const OFFERED_FOR_MS = 20_000

const STORY = `${EVENTS} SOS through ${KILLS} kills: every acknowledged one is on the feed exactly once`

it(STORY, { timeout: 240_000 }, async () => {
  const hub = await makeHubProcess()
  onTestFinished(() => hub.remove())
  await hub.start()
  const desk = await signIn(hub.httpUrl, { password: PASSWORD })
  const feed = followFeed(hub.httpUrl, { token: desk.token })
  onTestFinished(() => feed.close())
  const devices: { id: string; client: MqttClient }[] = []
  for (let i = 0; i < DEVICES; i++) {
    const id = `kill-${i}`
    devices.push({ id, client: connect(hub, id, await desk.register(id)) })
  }

  const acknowledged = new Set<string>()
  const presses: Promise<unknown>[] = []
  let isOffering = true
  const offering = Promise.all(
    devices.map(async ({ id, client }, index) => {
      for (let n = index; n < EVENTS; n += DEVICES) {
        presses.push(press(client, id, `e${n}`).then(() => acknowledged.add(`e${n}`)))
        await pause((OFFERED_FOR_MS / EVENTS) * DEVICES)
      }
    }),
  ).finally(() => {
    isOffering = false
  })
  let kills = 0
  for (; kills < KILLS || isOffering; kills++) {
    await pause(200 + Math.random() * 1_500)
    await hub.kill('SIGKILL')
    await hub.start()
  }
  await offering
  await Promise.all(presses)
  expect(acknowledged.size).toBe(EVENTS)

  const inOrder = [...acknowledged].sort()
  await eventually(() => expect([...new Set(eventIds(feed))].sort()).toEqual(inOrder))
  expect(eventIds(feed).sort(), 'the console that stayed, over all reconnects').toEqual(inOrder)
  const late = followFeed(hub.httpUrl, { token: desk.token })
  onTestFinished(() => late.close())
  await late.waitFor(message => message.seq === feed.messages.at(-1)?.seq)
  expect(eventIds(late).sort(), 'a console that comes later').toEqual(inOrder)
})

function connect(hub: HubProcess, deviceId: string, password: string): MqttClient {
  const client = mqtt.connect(`mqtt://127.0.0.1:${hub.mqttPort}`, {
    username: deviceId,
    password,
    clientId: deviceId,
    clean: false,
    reconnectPeriod: 50,
    connectTimeout: 2_000,
  })
  client.on('error', () => undefined) // it comes back by itself
  onTestFinished(() => client.endAsync(true))
  return client
}

/** Sends one SOS until it is acknowledged: the client sends again what was on its way, this what it gave up. */
async function press(client: MqttClient, deviceId: string, id: string): Promise<void> {
  for (;;) {
    try {
      await client.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify({ id, kind: 'sos' }), { qos: 1 })
      return
    } catch {
      await pause(20) // the connection broke under it: nobody has acknowledged it
    }
  }
}

/** Ids of the presses that feed entries stand for; a folded entry lists those that it stands for. */
function eventIds(feed: Follower): string[] {
  return feed.findings().flatMap(({ entry }) => {
    const folded = (entry.detail.evidence as { eventIds?: string[] } | undefined)?.eventIds
    return folded ?? entry.eventId ?? []
  })
}

/** Time between two presses or two kills; nothing is expected to have happened after it. */
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

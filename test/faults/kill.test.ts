// Acknowledged means stored: clients re-send without PUBACK while the hub is killed again and again.

import mqtt from 'mqtt'
import { expect, it, onTestFinished, vi } from 'vitest'
import { followFeed, signIn } from '../desk.ts'
import { makeHubProcess, PASSWORD } from '../hub-process.ts'

const EVENTS = 500
const DEVICES = 10
const KILLS = 10
/** Events are offered over about this long, so that every kill hits some of them on their way. */
const OFFERED_FOR_MS = 25_000

it(`${EVENTS} SOS through ${KILLS} kills: every acknowledged one is on the feed exactly once`, {
  timeout: 240_000,
}, async () => {
  const hub = await makeHubProcess()
  onTestFinished(() => hub.remove())
  await hub.start()
  const desk = await signIn(hub.httpUrl, { password: PASSWORD })
  const feed = followFeed(hub.httpUrl, { token: desk.token })
  onTestFinished(() => feed.close())

  const acknowledged = new Set<string>()
  const offered: Promise<void>[] = []
  const offering = Promise.all(
    Array.from({ length: DEVICES }, async (_, index) => {
      const deviceId = `kill-${index}`
      const client = mqtt.connect(`mqtt://127.0.0.1:${hub.mqttPort}`, {
        username: deviceId,
        password: await desk.register(deviceId),
        clientId: deviceId,
        clean: false,
        reconnectPeriod: 50,
        connectTimeout: 2_000,
      })
      client.on('error', () => undefined) // it reconnects by itself, and sends again what was not acknowledged
      onTestFinished(async () => client.endAsync(true).then(() => undefined))
      for (let n = index; n < EVENTS; n += DEVICES) {
        const id = `e${n}`
        const sent = client.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify({ id, kind: 'sos' }), {
          qos: 1,
        })
        offered.push(sent.then(() => void acknowledged.add(id)))
        await pause(OFFERED_FOR_MS / (EVENTS / DEVICES))
      }
    }),
  )

  let kills = 0
  let isOffering = true
  void offering.finally(() => {
    isOffering = false
  })
  while (kills < KILLS || isOffering) {
    await pause(200 + Math.random() * 1_500)
    await hub.kill('SIGKILL')
    kills++
    await hub.start()
  }
  await offering
  await Promise.all(offered) // all are sent again until they are acknowledged
  expect(acknowledged.size).toBe(EVENTS)
  expect(kills).toBeGreaterThanOrEqual(KILLS)

  await vi.waitFor(() => expect(new Set(eventIds(feed.findings()))).toEqual(acknowledged), {
    timeout: 20_000,
    interval: 100,
  })
  expect(eventIds(feed.findings()), 'the console that stayed, over all reconnects').toHaveLength(EVENTS)
  const late = followFeed(hub.httpUrl, { token: desk.token })
  onTestFinished(() => late.close())
  await vi.waitFor(() => expect(late.messages.at(-1)?.seq).toBe(feed.messages.at(-1)?.seq), {
    timeout: 10_000,
  })
  expect(eventIds(late.findings()).sort(), 'a console that comes later').toEqual([...acknowledged].sort())
})

/** Ids of the presses that feed entries stand for; a folded entry lists those that it stands for. */
function eventIds(messages: ReturnType<ReturnType<typeof followFeed>['findings']>): string[] {
  return messages.flatMap(({ entry }) => {
    const folded = (entry.detail.evidence as { eventIds?: string[] } | undefined)?.eventIds
    return folded ?? entry.eventId ?? []
  })
}

/** Time between two presses or two kills; nothing is expected to have happened after it. */
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

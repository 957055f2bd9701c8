// A hundred elders of one community fall silent: one alarm for the desk, an SOS among them on its own, and an end by
// itself when they are heard again. Against a whole hub, on both kinds of engines.

import type { MqttClient } from 'mqtt'
import { describe, expect, it } from 'vitest'
import { partitionOf } from '../../broker/stream.ts'
import type { Alarm } from '../../model/incident.ts'
import { eventually } from '../eventually.ts'
import { ENGINE_KINDS, useEngines } from './engines.ts'
import { startTestHub, type TestHub } from './hub.ts'

const SILENT = 100
const PARTITIONS = 8
/** The hub is there all the time: records are never further apart than this, by its clock. */
const STEP_MS = 45_000
const STEPS = 17
const HOUR_MS = 3_600_000
/** Ticks come every ten seconds of real time; a busy machine is given more. */
const TICKS = { timeout: 60_000 }

type Elder = { id: string; secret: string }

/** Elders of an area with a band each that reports every minute. */
async function settle(hub: TestHub, areaId: string, ids: readonly string[]): Promise<Elder[]> {
  const elders: Elder[] = []
  for (const id of ids) {
    const { id: residentId } = await hub.desk.must<{ id: string }>('POST', '/residents', {
      areaId,
      name: `老人${id}`,
    })
    const device = { id, kind: 'bracelet', protocol: 'mqtt', residentId, intervalMs: 60_000 }
    const { secret } = await hub.desk.must<{ secret: string }>('POST', '/devices', device)
    elders.push({ id, secret })
  }
  return elders
}

const report = (client: MqttClient, id: string) =>
  client.publishAsync(`hub/v1/${id}/telemetry`, '{"battery":50,"worn":true}', { qos: 1 })

/** Each connects, reports and goes. */
async function reportAll(hub: TestHub, elders: readonly Elder[]): Promise<void> {
  for (let i = 0; i < elders.length; i += 20) {
    await Promise.all(
      elders.slice(i, i + 20).map(async ({ id, secret }) => {
        const client = await hub.connect(id, secret)
        await report(client, id)
        await client.endAsync()
      }),
    )
  }
}

/** One device in every partition. */
function oneInEach(): string[] {
  const ids: string[] = []
  for (let n = 0; ids.length < PARTITIONS; n++) {
    const id = `awake-${n}`
    if (partitionOf(id, PARTITIONS) === ids.length) ids.push(id)
  }
  return ids
}

describe.each(ENGINE_KINDS)('an area out of reach, on %s engines', kind => {
  const engines = useEngines(kind)

  it('is one alarm', async () => {
    const hub = await startTestHub(await engines())
    for (const id of ['out', 'well'])
      await hub.desk.must('POST', '/areas', { id, name: id, level: 'community', parentId: 'root' })
    const elders = await settle(
      hub,
      'out',
      Array.from({ length: SILENT }, (_, n) => `band-${n}`),
    )
    const awake = await settle(hub, 'well', oneInEach())
    await reportAll(hub, elders)
    const clients = await Promise.all(awake.map(({ id, secret }) => hub.connect(id, secret)))

    /** Time passes in which only the others are heard. */
    async function pass(): Promise<void> {
      for (let step = 0; step < STEPS; step++) {
        await Promise.all(clients.map((client, n) => report(client, String(awake[n]?.id))))
        hub.advance(STEP_MS)
      }
      await Promise.all(clients.map((client, n) => report(client, String(awake[n]?.id))))
    }
    const outages = () => hub.feed.messages.filter(({ alarm }) => alarm.kind === 'area_outage')
    const listed = () =>
      new Set(
        outages().flatMap(({ entry }) => (entry.detail.kind === 'silent' ? [entry.detail.deviceId] : [])),
      )

    // An hour in which nothing at all is in the logs is one of the hub: it makes nobody silent, then or later.
    hub.advance(HOUR_MS)
    await pass()
    await hub.feed.waitFor(() => listed().size === SILENT, TICKS)
    const { alarm } = outages()[0] as { alarm: Alarm }
    expect(alarm).toMatchObject({
      class: 'emergency',
      severity: 'high',
      subject: { type: 'area', id: 'out' },
    })
    expect(new Set(outages().map(message => message.alarm.id))).toEqual(new Set([alarm.id]))
    expect(await hub.desk.openAlarms()).toMatchObject([{ id: alarm.id }])

    const silentForMs = outages().flatMap(({ entry: { detail } }) =>
      detail.kind === 'silent' ? [Number((detail.evidence as { silentForMs: number }).silentForMs)] : [],
    )
    expect(Math.max(...silentForMs)).toBeLessThan(HOUR_MS)

    // What one of them says is their own alarm.
    const [first] = elders as [Elder, ...Elder[]]
    const device = await hub.connect(first.id, first.secret)
    await device.publishAsync(`hub/v1/${first.id}/event`, '{"kind":"sos","id":"red-key"}', { qos: 1 })
    const sos = await hub.feed.waitFor(({ entry }) => entry.eventId === 'red-key')
    expect(sos.alarm).toMatchObject({ severity: 'critical', subject: { type: 'resident' } })
    await device.endAsync()

    await reportAll(hub, elders)
    const over = await hub.feed.waitFor(
      ({ entry, alarm: { id } }) => id === alarm.id && entry.kind === 'closed',
    )
    expect(over.alarm).toMatchObject({ state: 'closed', kind: 'area_outage' })
    // The last few had their own conditions back for a moment.
    await eventually(async () => expect(await hub.desk.openAlarms()).toMatchObject([{ id: sos.alarm.id }]))
  }, 150_000)
})

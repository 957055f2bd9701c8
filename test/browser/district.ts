// A district in which every screen has something to show, the awkward included: an elder of whom all is known, one of whom
// nothing is, one whose name and address are as long and as wild as the hub takes them; and an area where nobody is.

import type { MqttClient } from 'mqtt'
import { expect } from 'vitest'
import { signIn } from '../desk.ts'
import type { TestHub } from '../e2e/hub.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { makeAccount } from './browser.ts'
import { pressRedKey, registerElder } from './desk-scene.ts'

/** 60 letters: nobody is called so, and somebody is always called nearly so. */
export const LONG_NAME =
  '阿卜杜热依木·买买提明·阿卜杜拉·艾尔肯·吐尔逊江·阿卜杜热合曼·穆罕默德·依布拉音·阿不都拉江尔肯江·买买提艾力'.padEnd(
    60,
    '江',
  )
/** What a page that took it for a program would do shows in the title. */
export const MARKUP = '<b>北京</b>路 <img src=x onerror="document.title=\'run\'"> 5 号'

/** Nobody lives there yet. */
export const EMPTY_AREA = 'new'
export const EMPTY_AREA_NAME = '<b>新建</b>社区'

export type District = {
  known: { residentId: string; device: MqttClient }
  bare: { residentId: string; device: MqttClient }
  wild: { residentId: string; device: MqttClient }
}

export const HOME = { lat: 37.51, lon: 122.12 }
const NEAR = 0.0009

/** Elders at d1, d2 and d3, an empty area, and somebody to be sent. Nothing has happened yet. */
export async function settleDistrict(hub: TestHub): Promise<District> {
  const { desk } = hub
  await desk.must('POST', '/areas', {
    id: EMPTY_AREA,
    name: EMPTY_AREA_NAME,
    level: 'community',
    parentId: 'root',
  })
  await makeAccount(hub, { username: 'gang', name: '吴刚', role: 'responder' })
  const known = await registerElder(hub)
  const bare = await addElder(hub, 'd2', { name: '刘老太' })
  const wild = await addElder(hub, 'd3', { name: LONG_NAME, address: MARKUP, accessNotes: MARKUP })
  await desk.must('POST', '/contacts', {
    residentId: wild.residentId,
    name: LONG_NAME,
    relation: '邻居',
    phone: '19900000001', // the number of another elder's daughter, too
    position: 1,
  })
  await desk.must('POST', '/zones', {
    name: '家',
    kind: 'safe',
    residentId: known.residentId,
    shape: { circle: { center: [HOME.lon, HOME.lat], radiusM: 300 } },
  })
  await desk.must('PATCH', `/residents/${known.residentId}`, {
    thresholds: { hr: { low: { critical: 40 }, high: { critical: 140 } } },
  })
  return {
    known: { residentId: known.residentId, device: await hub.connect('d1', known.secret) },
    bare: { residentId: bare.residentId, device: await hub.connect('d2', bare.secret) },
    wild: { residentId: wild.residentId, device: await hub.connect('d3', wild.secret) },
  }
}

async function addElder({ desk }: TestHub, deviceId: string, elder: object) {
  const { id: residentId } = await desk.must<{ id: string }>('POST', '/residents', elder)
  return { residentId, secret: await desk.register(deviceId, residentId) }
}

/** All three press, one asks for a service, one takes the band off; who is known has walked about at home. */
export async function letThingsHappen(hub: TestHub, { known, bare, wild }: District): Promise<void> {
  await walkAtHome(known.device)
  await pressRedKey(known.device, 'd1', 'known')
  await pressRedKey(bare.device, 'd2', 'bare')
  await pressRedKey(wild.device, 'd3', 'wild')
  await say(known.device, 'd1', { kind: 'service', id: 'green' })
  await say(bare.device, 'd2', { kind: 'removed', id: 'off' })
  await eventually(async () => expect(await hub.desk.openAlarms()).toHaveLength(5))
}

export const say = (device: MqttClient, deviceId: string, event: object): Promise<unknown> =>
  device.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify(event), { qos: 1 })

const walkAtHome = (device: MqttClient): Promise<unknown> => {
  const now = Date.now()
  const samples = Array.from({ length: 8 }, (_, i) => ({
    ts: now - (8 - i) * 100,
    loc: { lat: HOME.lat + (i % 2) * NEAR * 0.1, lon: HOME.lon, acc: 12, src: 'gps' },
    vitals: { hr: 70 + i, spo2: 97 },
    battery: 80,
  }))
  return device.publishAsync('hub/v1/d1/telemetry', JSON.stringify(samples), { qos: 1 })
}

/** The telephone switch of the district. */
export async function aSwitch(hub: TestHub): Promise<(report: object) => Promise<unknown>> {
  await makeAccount(hub, { username: 'pbx', role: 'integration' })
  const pbx = await signIn(hub.httpUrl, { username: 'pbx', password: PASSWORD })
  return report => pbx.must('POST', '/calls', report)
}

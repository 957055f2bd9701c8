// The hazards that other systems have, each against a whole hub.

import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '../eventually.ts'
import { ENGINE_KINDS, useEngines } from './engines.ts'
import { startTestHub as startHubWith, type TestHub } from './hub.ts'

async function press(hub: TestHub, secret: string, event: object, deviceId = 'd1') {
  const device = await hub.connect(deviceId, secret)
  await device.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify({ kind: 'sos', ...event }), { qos: 1 })
  await device.endAsync()
}

describe.each(ENGINE_KINDS)('hazards on %s engines', kind => {
  const engines = useEngines(kind)
  const startTestHub = async (env: Record<string, string> = {}) =>
    startHubWith({ ...(await engines()), ...env })

  it('1: an SOS is not masked by a low battery and a fence in the same moment', async () => {
    const hub = await startTestHub()
    const { id: residentId } = await hub.desk.must<{ id: string }>('POST', '/residents', {
      areaId: 'root',
      name: '王芳',
    })
    const secret = await hub.desk.register('d1', residentId)
    const home = { circle: { center: [122.12, 37.51], radiusM: 100 } }
    await hub.desk.must('POST', '/zones', { name: '家', kind: 'safe', shape: home, dwellMs: 0, residentId })
    const device = await hub.connect('d1', secret)
    const away = { lat: 37.6, lon: 122.3, acc: 5, src: 'gps' }
    await Promise.all([
      device.publishAsync('hub/v1/d1/event', '{"kind":"low_battery","id":"low"}', { qos: 1 }),
      device.publishAsync('hub/v1/d1/telemetry', JSON.stringify({ battery: 3, loc: away }), { qos: 1 }),
      device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"red-key"}', { qos: 1 }),
    ])
    const sos = await hub.feed.waitFor(message => message.entry.eventId === 'red-key')
    expect(sos.alarm).toMatchObject({ class: 'emergency', severity: 'critical', kind: 'sos' })
    const battery = await hub.feed.waitFor(message => message.alarm.class === 'technical')
    expect(battery.alarm.conditions).toContain('low_battery')
    expect(battery.alarm.id).not.toBe(sos.alarm.id)
    const exit = await hub.feed.waitFor(({ entry }) => JSON.stringify(entry.detail).includes('zone_exit'))
    expect(exit.alarm.kind).toBe('sos') // the gravest stays on top
  })

  it('2: an SOS of an elder who is in an alarm already is told again, not dropped', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    await press(hub, secret, { id: 'first' })
    const first = await hub.feed.waitFor(message => message.entry.eventId === 'first')
    await hub.desk.must('POST', `/alarms/${first.alarm.id}/accept`)
    hub.advance(60_000)
    await press(hub, secret, { id: 'second' })
    const second = await hub.feed.waitFor(message => message.entry.eventId === 'second')
    expect(second.alarm).toMatchObject({ id: first.alarm.id, state: 'accepted', findings: 2 })
    expect(second.alarm.alertedAt).toBeGreaterThanOrEqual(first.alarm.alertedAt + 60_000)
  })

  it('3: an SOS with an old device time is raised at once and marked late', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    await press(hub, secret, { id: 'old', ts: Date.now() - 3 * 3_600_000 })
    const { alarm } = await hub.feed.waitFor(message => message.entry.eventId === 'old')
    expect(alarm).toMatchObject({ state: 'raised', severity: 'critical' })
    expect(alarm.lateMs).toBeGreaterThanOrEqual(3 * 3_600_000)
  })

  it('7: a console that comes back gets the alarms of the gap, in order, none twice', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    await press(hub, secret, { id: 'before' })
    await hub.feed.waitFor(message => message.entry.eventId === 'before')
    hub.feed.drop()
    for (let i = 0; i < 20; i++) await press(hub, secret, { id: `gap-${i}` })
    await hub.feed.waitFor(message => message.entry.eventId === 'gap-19')
    const ids = hub.feed.findings().map(message => message.entry.eventId)
    expect(ids).toEqual(['before', ...Array.from({ length: 20 }, (_, i) => `gap-${i}`)])
  })

  it('8: of two operators who accept at once one owns the alarm and the other is told who', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    await press(hub, secret, { id: 'race' })
    const { alarm } = await hub.feed.waitFor(message => message.entry.eventId === 'race')
    const [anna, bert] = await Promise.all([hub.operator('anna'), hub.operator('bert')])
    const answers = await Promise.all(
      [anna, bert].map(desk => desk.call('POST', `/alarms/${alarm.id}/accept`)),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
    const won = answers.find(answer => answer.status === 200)?.body as unknown as { owner: { id: string } }
    const lost = answers.find(answer => answer.status === 409)?.body as unknown as {
      code: string
      owner: object
    }
    expect(lost).toMatchObject({ code: 'ALARM_TAKEN', owner: { id: won.owner.id } })
  })

  it('8: an alarm whose owner is gone is unowned at the top of the queue', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    await press(hub, secret, { id: 'left-alone' })
    const { alarm } = await hub.feed.waitFor(message => message.entry.eventId === 'left-alone')
    const anna = await hub.operator('anna') // she has no console open
    await anna.must('POST', `/alarms/${alarm.id}/accept`)
    // In small steps: after a jump the hub would give her one more lease.
    const passing = setInterval(() => hub.advance(500), 200)
    onTestFinished(() => clearInterval(passing))
    const lapsed = await hub.feed.waitFor(message => message.entry.kind === 'lapsed')
    expect(lapsed.alarm).toMatchObject({ id: alarm.id, state: 'raised' })
    expect(lapsed.alarm.owner).toBeUndefined()
  })

  it('10: an elder who is outside already when the zone is drawn is told of', async () => {
    const hub = await startTestHub()
    const { id: residentId } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '李强' })
    const device = await hub.connect('d1', await hub.desk.register('d1', residentId))
    const away = { lat: 37.6, lon: 122.3, acc: 5, src: 'gps' }
    await device.publishAsync('hub/v1/d1/telemetry', JSON.stringify({ loc: away }), { qos: 1 })
    await eventually(async () =>
      expect(await hub.metric('anxin_messages_total', { lane: 'routine' })).toBe(1),
    )
    const home = { circle: { center: [122.12, 37.51], radiusM: 100 } }
    await hub.desk.must('POST', '/zones', { name: '家', kind: 'safe', shape: home, residentId })
    const { alarm } = await hub.feed.waitFor(message => message.alarm.kind === 'zone_exit')
    expect(alarm).toMatchObject({ class: 'emergency', subject: { id: residentId, name: '李强' } })
  })

  it('11: a flood of low-battery notices does not hide an SOS', async () => {
    const hub = await startTestHub()
    const noisy = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        hub.connect(`low-${i}`, await hub.desk.register(`low-${i}`)),
      ),
    )
    const secret = await hub.desk.register('d1')
    const flood = noisy.flatMap((device, i) =>
      Array.from({ length: 100 }, (_, n) =>
        device.publishAsync(`hub/v1/low-${i}/event`, JSON.stringify({ kind: 'low_battery', id: `${n}` }), {
          qos: 1,
        }),
      ),
    )
    await press(hub, secret, { id: 'urgent' })
    const { alarm } = await hub.feed.waitFor(message => message.entry.eventId === 'urgent')
    expect(alarm).toMatchObject({ class: 'emergency', severity: 'critical', deviceId: 'd1' })
    await Promise.all(flood)
    // Their partitions are worked on side by side: the last to send need not be the last to be told of.
    await Promise.all(noisy.map((_, i) => hub.feed.waitFor(({ alarm }) => alarm.deviceId === `low-${i}`)))
    const notices = await hub.desk.openAlarms('&class=technical&limit=200')
    expect(new Set(notices.map(notice => notice.deviceId)).size).toBe(20) // nothing was silently dropped
  })

  it('12: a wearable with a wrong clock breaks no order: receive time counts, and the fault is shown', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    const wrong = { factory: 0, future: Date.UTC(2036, 0) }
    for (const [id, ts] of Object.entries(wrong)) await press(hub, secret, { id, ts })
    await press(hub, secret, { id: 'right', ts: Date.now() })
    await hub.feed.waitFor(message => message.entry.eventId === 'right')
    const entries = hub.feed.findings().map(({ entry }) => entry)
    expect(entries.map(entry => entry.eventId)).toEqual(['factory', 'future', 'right'])
    expect(entries.map(entry => (entry.detail.evidence as { clockFault?: string }).clockFault)).toEqual([
      'past',
      'future',
      undefined,
    ])
  })

  it('the same bytes without an id are a re-send within seconds, and a new press on another day', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('d1')
    const resolve = async (id: string) => {
      await hub.desk.must('POST', `/alarms/${id}/accept`)
      await hub.desk.must('POST', `/alarms/${id}/resolve`, { disposition: 'false_alarm' })
    }
    await press(hub, secret, {})
    await press(hub, secret, {})
    await hub.feed.waitFor(message => message.entry.kind === 'resent')
    const [monday, ...others] = await hub.desk.openAlarms()
    expect(others).toEqual([])
    expect(monday?.findings).toBe(1)
    await resolve(monday?.id ?? '')

    hub.advance(3 * 24 * 3_600_000)
    await press(hub, secret, {})
    const thursday = await hub.feed.waitFor(({ alarm }) => alarm.id !== monday?.id)
    expect(thursday.alarm).toMatchObject({ state: 'raised', previousId: monday?.id })
  })
})

// What a family is told of its elder, and what it is not.

import { describe, expect, it } from 'vitest'
import type { Telemetry } from '../../model/telemetry.ts'
import { changeDispatches } from '../../records/dispatches.ts'
import { entriesOf } from '../contract/history.entries.ts'
import { raiseAlarm } from './alarm.ts'
import { change, joinFinding, MINUTE_MS, saying, startFamily } from './family.ts'

describe('what a family is told', () => {
  it('says how far help has come, and never which operator is on it', async () => {
    const { desk, mother } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    const at = desk.clock.now()
    expect((await mother()).open).toMatchObject([
      { class: 'emergency', kind: 'sos', help: { stage: 'told', since: at } },
    ])
    const operator = await desk.person('operator')
    const worker = await desk.person('responder')
    desk.clock.advance(MINUTE_MS)
    await operator.call('POST', `/alarms/${id}/accept`)
    const { open } = await mother()
    expect(open).toMatchObject([{ help: { stage: 'answered', since: desk.clock.now() } }])
    expect(JSON.stringify(open)).not.toContain('operator')
    await operator.call('POST', `/alarms/${id}/dispatch`, { responderId: worker.id, note: '门禁 4711' })
    const asked = { who: 'worker', name: 'responder5', state: 'asked' }
    expect((await mother()).open).toMatchObject([{ help: { stage: 'sent', helpers: [asked] } }])
    expect(JSON.stringify(await mother())).not.toContain('4711')
    const { items } = (await worker.call('GET', '/dispatches')).body
    desk.clock.advance(MINUTE_MS)
    await worker.call('POST', `/dispatches/${items[0].id}/on-the-way`)
    const leftAt = desk.clock.now()
    expect((await mother()).open).toMatchObject([
      {
        help: {
          stage: 'on_the_way',
          since: leftAt,
          helpers: [{ ...asked, state: 'on_the_way', since: leftAt }],
        },
      },
    ])
    await worker.call('POST', `/dispatches/${items[0].id}/arrive`)
    expect((await mother()).open).toMatchObject([{ help: { stage: 'arrived' } }])
    await operator.call('POST', `/alarms/${id}/hand-over`, { service: '120' })
    expect((await mother()).open[0]?.help?.helpers).toMatchObject([
      { name: 'responder5' },
      { who: 'service', name: '120' },
    ])
  })

  it('leaves out who was called off', async () => {
    const { desk, mother } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    const operator = await desk.person('operator')
    const worker = await desk.person('responder')
    await operator.call('POST', `/alarms/${id}/accept`)
    await operator.call('POST', `/alarms/${id}/dispatch`, { responderId: worker.id })
    const { items } = (await worker.call('GET', '/dispatches')).body
    await desk.records.db
      .transaction()
      .execute(tx => changeDispatches(tx, [items[0].id], { state: 'called_off' }))
    expect((await mother()).open[0]?.help?.helpers).toEqual([])
  })

  it('has what happened within thirty days, with what came of it, and nothing technical', async () => {
    const { desk, mother } = await startFamily()
    const old = await raiseAlarm(desk, { residentId: 'wang' })
    const longAgo = desk.clock.now() - 31 * 24 * 60 * MINUTE_MS
    await change(desk, old, { state: 'closed', disposition: 'test', raisedAt: longAgo, resolvedAt: longAgo })
    const over = await raiseAlarm(desk, { residentId: 'wang' })
    await change(desk, over, { state: 'resolved', disposition: 'false_alarm', resolvedAt: desk.clock.now() })
    const notice = await raiseAlarm(desk, { residentId: 'wang' })
    const conditionsJson = JSON.stringify([{ kind: 'low_battery', deviceId: 'd1' }])
    await change(desk, notice, {
      class: 'technical',
      kind: 'low_battery',
      severity: 'notice',
      conditionsJson,
    })
    const elder = await mother()
    expect(elder.open).toEqual([])
    expect(elder.past).toMatchObject([{ id: over, disposition: 'false_alarm', endedAt: desk.clock.now() }])
    expect(elder.sign).toMatchObject({ devices: 1, isBatteryLow: true, isOff: false })
  })

  it('has the last sign of life, as far as it is known', async () => {
    const { desk, history, mother, admin } = await startFamily({ withHistory: true })
    desk.clock.advance(60 * MINUTE_MS)
    const at = desk.clock.now() - MINUTE_MS
    await history?.write(entriesOf([saying(at, { battery: 81, worn: true })]))
    expect((await mother()).sign).toEqual({
      devices: 1,
      isRead: true,
      heardAt: at,
      isWorn: true,
      batteryPercent: 81,
      isBatteryLow: false,
      isOff: false,
      silentSince: null,
    })
    await admin.call('PATCH', '/devices/d1', { residentId: null })
    expect((await mother()).sign).toMatchObject({
      devices: 0,
      heardAt: null,
      batteryPercent: null,
      isWorn: null,
    })
  })

  it('says that it could not be read, where there is no history', async () => {
    const { mother } = await startFamily()
    expect((await mother()).sign).toMatchObject({ isRead: false, heardAt: null, isWorn: null })
  })
})

describe('where an elder is', () => {
  const LOC = { lat: 37.5, lon: 122.1, acc: 12, src: 'gps', datum: 'wgs84' } as const

  async function located() {
    const family = await startFamily({ withHistory: true })
    const { desk, history } = family
    desk.clock.advance(60 * MINUTE_MS)
    const heard = (loc: Telemetry['loc']) => history?.write(entriesOf([saying(desk.clock.now(), { loc })]))
    await heard(LOC)
    return { ...family, heard }
  }

  it('is not sent while nothing is wrong', async () => {
    const { desk, mother } = await located()
    expect(await mother()).toMatchObject({ isLost: false, place: null, placeReason: 'not_needed' })
    await raiseAlarm(desk, { residentId: 'wang' }) // an SOS is no search
    expect(await mother()).toMatchObject({ isLost: false, place: null, placeReason: 'not_needed' })
  })

  it('is sent live while they have wandered off, and no longer once that is over', async () => {
    const { desk, mother, heard } = await located()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    await change(desk, id, { kind: 'zone_exit' })
    const evidence = { zoneName: '家', position: { lat: 37.4, lon: 122, accuracyM: 20 } }
    desk.clock.advance(MINUTE_MS)
    await joinFinding(desk, id, { kind: 'zone_exit', severity: 'critical', at: desk.clock.now(), evidence })
    expect(await mother()).toMatchObject({
      isLost: true,
      placeReason: 'lost',
      open: [{ kind: 'zone_exit', zone: '家' }],
      place: { lat: 37.4, lon: 122, accuracyM: 20, source: null, at: desk.clock.now() },
    })
    desk.clock.advance(MINUTE_MS)
    await heard({ ...LOC, lat: 37.41 })
    expect((await mother()).place).toMatchObject({ lat: 37.41, lon: 122.1, accuracyM: 12, source: 'gps' })
    await change(desk, id, { state: 'resolved', disposition: 'brought_home', resolvedAt: desk.clock.now() })
    expect(await mother()).toMatchObject({ isLost: false, place: null, placeReason: 'not_needed' })
  })

  it('is sent when they agreed to it, and gone at once when they take it back', async () => {
    const { consent, mother } = await located()
    expect((await consent('family_sharing', 'given')).status).toBe(201)
    expect(await mother()).toMatchObject({ placeReason: 'consent', place: { lat: 37.5, lon: 122.1 } })
    await consent('location', 'withdrawn')
    expect(await mother()).toMatchObject({ placeReason: 'not_needed', place: null })
  })

  it('is said to be unknown where nobody knows it', async () => {
    const { desk, mother } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    await joinFinding(desk, id, { kind: 'danger_zone_enter', severity: 'critical' })
    expect(await mother()).toMatchObject({ isLost: true, place: null, placeReason: 'unknown' })
  })

  it('and all but open alarms is withheld from a family that they do not want told', async () => {
    const { desk, consent, mother, daughter } = await located()
    const over = await raiseAlarm(desk, { residentId: 'wang' })
    await change(desk, over, { state: 'closed', disposition: 'test', resolvedAt: desk.clock.now() })
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    await joinFinding(desk, id, { kind: 'zone_exit', severity: 'critical', evidence: { position: LOC } })
    await consent('family_sharing', 'withdrawn')
    const elder = await mother()
    expect(elder).toMatchObject({
      isShared: false,
      sign: null,
      place: null,
      placeReason: 'withheld',
      past: [],
    })
    expect(elder.open).toMatchObject([{ id, help: { stage: 'told' } }])
    expect(await daughter.call('POST', `/alarms/${id}/going`)).toMatchObject({ status: 200 })
  })
})

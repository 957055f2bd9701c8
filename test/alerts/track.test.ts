// Location while an elder is lost: what the bands are asked for as long as the alarm lasts, and never twice.

import { expect, onTestFinished, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { performRun } from '../../alerts/retention-run.ts'
import { TRACK_EVERY_MS, USUAL_INTERVAL_MS } from '../../alerts/track.ts'
import { lineOf } from '../../console/desk/sentences.ts'
import { en } from '../../console/desk/words.en.ts'
import type { Command } from '../../model/command.ts'
import type { Finding } from '../../model/finding.ts'
import { RETENTION } from '../../model/retention.ts'
import { askDevice, listCommands } from '../../records/commands.ts'
import { writeDesk } from '../../records/db.ts'
import { updateDevice } from '../../records/devices.ts'
import { claimCommands, expireCommands, noteAnswers } from '../../records/downlink.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { DAY, type Desk, finding, MINUTE, openDesk } from './desk.ts'

const LEFT = { kind: 'zone_exit', severity: 'critical' } as const satisfies Partial<Finding>

async function open() {
  const desk = await openDesk()
  onTestFinished(desk.close)
  return desk
}

/** What a device was asked, oldest first, as `name everyMs? state`. */
async function asked(desk: Desk, deviceId: string): Promise<string[]> {
  return (await commands(desk, deviceId)).map(({ name, args, state, undoOf }) =>
    [name, args.everyMs, undoOf && 'undo', state].filter(Boolean).join(' '),
  )
}

async function commands(desk: Desk, deviceId: string): Promise<Command[]> {
  const { items } = await listCommands(desk.records.db, { deviceId, limit: 100 })
  return items.reverse()
}

/** The device hears what it was asked so far. */
async function hears(desk: Desk, deviceId: string): Promise<void> {
  const ids = (await commands(desk, deviceId)).map(({ id }) => id)
  await claimCommands(desk.records, { ids, at: desk.now() })
}

async function answers(desk: Desk, deviceId: string, ok = true): Promise<void> {
  await hears(desk, deviceId)
  const said = (await commands(desk, deviceId)).map(({ id }) => ({ id, deviceId, ok, detail: null }))
  await noteAnswers(desk.records, { answers: said, at: desk.now() })
}

async function resolved(desk: Desk): Promise<string> {
  const { id, seq } = await desk.alarm('emergency')
  await desk.does('chen', 'accept', id)
  await desk.does('chen', 'resolve', id, { disposition: 'brought_home', seenSeq: seq })
  return id
}

test('an elder who wanders leaves: every band says where it is, and often; found, they go back to what was', async () => {
  const desk = await open()
  await updateDevice(desk.records, {
    scope: WHOLE_HUB,
    id: 'p-li',
    change: { intervalMs: 600_000 },
    at: desk.now(),
  })
  await desk.take(LEFT)
  const { id } = await desk.alarm('emergency')
  for (const device of ['b-li', 'p-li'])
    expect(await asked(desk, device)).toEqual([`interval ${TRACK_EVERY_MS} queued`, 'locate queued'])
  expect(await commands(desk, 'b-li')).toMatchObject([{ incidentId: id }, { incidentId: id }])
  expect(await asked(desk, 'b-wang')).toEqual([])

  await answers(desk, 'b-li')
  await answers(desk, 'p-li')
  await resolved(desk)
  expect((await asked(desk, 'b-li')).at(-1)).toBe(`interval ${USUAL_INTERVAL_MS} undo queued`)
  expect((await asked(desk, 'p-li')).at(-1)).toBe('interval 600000 undo queued')
  expect(await asked(desk, 'b-li')).toHaveLength(3)
})

test('what is asked of which band stands on the timeline, and that it is over', async () => {
  const desk = await open()
  await updateDevice(desk.records, {
    scope: WHOLE_HUB,
    id: 'p-li',
    change: { intervalMs: 10_000 },
    at: desk.now(),
  })
  await desk.take(LEFT)
  const { id } = await desk.alarm('emergency')
  await desk.sweep()
  await desk.sweep()
  await answers(desk, 'b-li')
  await desk.does('chen', 'accept', id)
  await desk.does('chen', 'resolve', id, {
    disposition: 'brought_home',
    seenSeq: (await desk.byId(id)).seq,
  })
  const until = desk.now() + 7 * DAY
  const told = await desk.timeline(id)
  expect(told.map(({ kind }) => kind)).toEqual([
    'finding',
    'tracked',
    'tracked',
    'accepted',
    'resolved',
    'untracked',
    'untracked',
  ])
  expect(told[1]?.detail).toMatchObject({ deviceId: 'b-li', everyMs: TRACK_EVERY_MS, until })
  expect(told[2]?.detail).toMatchObject({ deviceId: 'p-li', until })
  expect(told[2]?.detail.everyMs).toBeUndefined()
  expect(told.slice(5).map(({ detail }) => detail)).toEqual([
    { deviceId: 'b-li', everyMs: USUAL_INTERVAL_MS },
    { deviceId: 'p-li' },
  ])
  expect(told.filter(({ kind }) => kind.endsWith('tracked')).map(entry => lineOf(entry, en).text)).toEqual([
    'b-li is asked where it is, now and every 20 s, for 7 d at most',
    'p-li is asked where it is, now, for 7 d at most',
    'b-li is no longer asked where it is; it goes back to every 5 min',
    'p-li is no longer asked where it is',
  ])
})

test('a band that is put on while the alarm lasts is asked as the others, once', async () => {
  const desk = await open()
  await desk.take(LEFT)
  const { id } = await desk.alarm('emergency')
  await desk.sweep()
  const change = { residentId: 'li' }
  await updateDevice(desk.records, { scope: WHOLE_HUB, id: 'b-spare', change, at: desk.now() })
  await desk.forward(3_000)
  expect(await asked(desk, 'b-spare')).toEqual([`interval ${TRACK_EVERY_MS} queued`, 'locate queued'])
  const told = (await desk.timeline(id)).filter(({ kind }) => kind === 'tracked')
  expect(told.map(({ detail }) => detail.deviceId)).toEqual(['b-li', 'p-li', 'b-spare'])
  await resolved(desk)
  await desk.forward(3_000)
  expect(await asked(desk, 'b-spare')).toEqual([`interval ${TRACK_EVERY_MS} cancelled`, 'locate cancelled'])
})

test('one that is put on during an alarm in which nobody wanders is asked nothing', async () => {
  const desk = await open()
  await desk.take({ kind: 'sos' })
  const change = { residentId: 'li' }
  await updateDevice(desk.records, { scope: WHOLE_HUB, id: 'b-spare', change, at: desk.now() })
  await desk.forward(3_000)
  expect(await asked(desk, 'b-spare')).toEqual([])
})

test('what ended long ago is forgotten, and what an open alarm asks is not', async () => {
  const desk = await open()
  const letGo = () =>
    performRun(
      { records: desk.records, history: undefined, pause: async () => true },
      { id: 'run', because: 'schedule', startedAt: desk.now(), askedBy: null },
    )
  await desk.take(LEFT)
  await answers(desk, 'b-li')
  const old = { scope: WHOLE_HUB, deviceId: 'b-wang', by: 'chen', at: desk.now() }
  await askDevice(desk.records, { ...old, command: { name: 'locate', args: {} } })
  await answers(desk, 'b-wang')
  await askDevice(desk.records, { ...old, command: { name: 'find', args: {} } })
  desk.wait(RETENTION.commands.days * DAY - MINUTE)
  await letGo()
  expect(await asked(desk, 'b-wang')).toEqual(['locate acked', 'find queued'])
  desk.wait(61 * MINUTE)
  await letGo()
  expect(await asked(desk, 'b-wang')).toEqual(['find queued'])
  expect(await asked(desk, 'b-li')).toHaveLength(2)
  await resolved(desk)
  await answers(desk, 'b-li')
  await expireCommands(desk.records, desk.now())
  desk.wait(RETENTION.commands.days * DAY + 61 * MINUTE)
  await letGo()
  for (const device of ['b-li', 'b-wang', 'p-li'])
    expect((await asked(desk, device)).filter(line => !line.endsWith('queued'))).toEqual([])
})

test.each<[why: string, given: Partial<Finding>, isTracked: boolean]>([
  ['into a danger', { kind: 'danger_zone_enter', severity: 'critical' }, true],
  ['an elder who knows the way', { kind: 'zone_exit', severity: 'high' }, false],
  ['the red key', { kind: 'sos' }, false],
  ['a fall', { kind: 'fall' }, false],
])('%s', async (_why, given, isTracked) => {
  const desk = await open()
  await desk.take(given)
  expect(await asked(desk, 'b-li')).toHaveLength(isTracked ? 2 : 0)
})

test('it is asked once: not by the next finding, nor by the same one read again', async () => {
  const desk = await open()
  const same = finding({ receivedAt: desk.now(), ...LEFT })
  await desk.take(same, { ...LEFT, kind: 'danger_zone_enter' })
  await desk.take(same)
  desk.wait(MINUTE)
  await desk.take(LEFT)
  expect(await asked(desk, 'b-li')).toHaveLength(2)
})

test('it is asked too when the alarm is open already, of the red key', async () => {
  const desk = await open()
  await desk.take({ kind: 'sos' })
  expect(await asked(desk, 'b-li')).toEqual([])
  await desk.take(LEFT)
  expect(await asked(desk, 'b-li')).toHaveLength(2)
})

test('a transaction that is given up leaves nothing behind', async () => {
  const desk = await open()
  const givenUp = writeDesk(desk.records, async tx => {
    await applyFindings(tx, [finding({ receivedAt: desk.now(), ...LEFT })], desk.now())
    throw new Error('the process dies')
  })
  await expect(givenUp).rejects.toThrow('the process dies')
  expect(await desk.alarms()).toEqual([])
  expect(await asked(desk, 'b-li')).toEqual([])
})

test('what a band has never heard is cancelled, and nothing has to be taken back', async () => {
  const desk = await open()
  await desk.take(LEFT)
  await resolved(desk)
  expect(await asked(desk, 'b-li')).toEqual([`interval ${TRACK_EVERY_MS} cancelled`, 'locate cancelled'])
})

test('what it may have heard is taken back, whether it has answered or not', async () => {
  const desk = await open()
  await desk.take(LEFT)
  await hears(desk, 'b-li')
  await resolved(desk)
  expect(await asked(desk, 'b-li')).toEqual([
    `interval ${TRACK_EVERY_MS} cancelled`,
    'locate cancelled',
    `interval ${USUAL_INTERVAL_MS} undo queued`,
  ])
})

test('what it said it could not do is not taken back', async () => {
  const desk = await open()
  await desk.take(LEFT)
  await answers(desk, 'b-li', false)
  await resolved(desk)
  expect(await asked(desk, 'b-li')).toEqual([`interval ${TRACK_EVERY_MS} failed`, 'locate failed'])
})

test('taken up again, the alarm asks again, and the undo that was not heard yet makes way', async () => {
  const desk = await open()
  await desk.take(LEFT)
  await answers(desk, 'b-li')
  const id = await resolved(desk)
  await desk.does('chen', 'reopen', id)
  expect((await asked(desk, 'b-li')).slice(2)).toEqual([
    `interval ${USUAL_INTERVAL_MS} undo cancelled`,
    `interval ${TRACK_EVERY_MS} queued`,
    'locate queued',
  ])
  await answers(desk, 'b-li')
  const { seq } = await desk.byId(id)
  await desk.does('chen', 'resolve', id, { disposition: 'brought_home', seenSeq: seq })
  await desk.does('chen', 'close', id, { seenSeq: (await desk.byId(id)).seq })
  expect((await asked(desk, 'b-li')).at(-1)).toBe(`interval ${USUAL_INTERVAL_MS} undo queued`)
  expect(await asked(desk, 'b-li')).toHaveLength(6)
})

test('an alarm without wandering asks nothing when it is taken up again', async () => {
  const desk = await open()
  await desk.take({ kind: 'sos' })
  const id = await resolved(desk)
  await desk.does('chen', 'reopen', id)
  expect(await asked(desk, 'b-li')).toEqual([])
})

test('lost again after the alarm: the next one asks anew', async () => {
  const desk = await open()
  await desk.take(LEFT)
  await answers(desk, 'b-li')
  await resolved(desk)
  desk.wait(MINUTE)
  await desk.take(LEFT)
  expect((await asked(desk, 'b-li')).slice(2)).toEqual([
    `interval ${USUAL_INTERVAL_MS} undo cancelled`,
    `interval ${TRACK_EVERY_MS} queued`,
    'locate queued',
  ])
})

test('a band that reports more often by itself is not slowed down', async () => {
  const desk = await open()
  const change = { intervalMs: 10_000 }
  await updateDevice(desk.records, { scope: WHOLE_HUB, id: 'b-li', change, at: desk.now() })
  await desk.take(LEFT)
  expect(await asked(desk, 'b-li')).toEqual(['locate queued'])
})

test('a band that was given to another elder who is lost, too, stays with that one', async () => {
  const desk = await open()
  await desk.take(LEFT)
  await answers(desk, 'b-li')
  await updateDevice(desk.records, {
    scope: WHOLE_HUB,
    id: 'b-li',
    change: { residentId: 'wang' },
    at: desk.now(),
  })
  desk.wait(MINUTE)
  await desk.take(LEFT)
  const [first] = await desk.alarms('emergency')
  await desk.does('chen', 'accept', first?.id ?? '')
  await desk.does('chen', 'resolve', first?.id ?? '', { disposition: 'brought_home', seenSeq: first?.seq })
  expect(await asked(desk, 'b-li')).toEqual([
    `interval ${TRACK_EVERY_MS} acked`,
    'locate acked',
    `interval ${TRACK_EVERY_MS} queued`,
    'locate queued',
  ])
})

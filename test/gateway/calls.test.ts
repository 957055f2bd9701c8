// The telephone over HTTP and both WebSockets: who is shown what, and what the switch is answered.

import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { FeedMessage } from '../../model/feed.ts'
import { newSecret } from '../../model/id.ts'
import { eventually } from '../eventually.ts'
import { raiseAlarm } from './alarm.ts'
import { type Person, startDesk, type TestDesk } from './desk.ts'

const MOTHER = '13800001111'
type PopUp = FeedMessage & { type: 'call' }
const popUps = (messages: readonly FeedMessage[]): PopUp[] =>
  messages.filter(({ type }) => type === 'call') as PopUp[]

/** Two cities; an elder in each, and a switch for both. */
async function district(): Promise<
  TestDesk & { pbx: Person; add: (path: string, body: object) => Promise<unknown> }
> {
  const desk = await startDesk({ telephone: { recordingsHost: 'pbx.example' }, feedLimits: { sweepMs: 50 } })
  const admin = await desk.person('admin')
  const add = async (path: string, body: object) => {
    const { status, body: made } = await admin.call('POST', path, body)
    expect(status, JSON.stringify(made)).toBe(201)
    return made
  }
  for (const id of ['wh', 'qd']) await add('/areas', { id, parentId: 'root', name: id, level: 'city' })
  await add('/residents', { id: 'li', areaId: 'wh', name: '李秀英', phone: '138 0000 1111' })
  await add('/residents', { id: 'zhao', areaId: 'qd', name: '赵玉兰' })
  await add('/contacts', { residentId: 'zhao', name: '赵军', relation: '儿子', phone: '+86 139-0000-2222' })
  await add('/devices', {
    id: 'one-key',
    kind: 'phone',
    protocol: 'mqtt',
    residentId: 'zhao',
    phone: '13700003333',
  })
  const pbx = await desk.person('integration')
  return { ...desk, pbx, add }
}

const ring = (pbx: Person, given: object) => pbx.call('POST', '/calls', { state: 'ringing', ...given })

test('the file of whoever calls pops up where it belongs, and follows the call to its end', async () => {
  const desk = await district()
  const { pbx } = desk
  const [here, there, supervisor] = [
    await desk.person('operator', 'wh'),
    await desk.person('operator', 'qd'),
    await desk.person('supervisor'),
  ]
  const [near, far, all] = [await desk.follow(here), await desk.follow(there), await desk.follow(supervisor)]
  expect((await ring(pbx, { callId: '1', from: MOTHER })).body).toMatchObject({ ok: true, callId: '1' })
  await near.until(messages => popUps(messages).length === 1)
  expect(popUps(near.messages)[0]).toMatchObject({
    call: { callId: '1', state: 'ringing', from: '138****1111', number: '+86****1111', alarmId: null },
    candidates: [
      { subject: { type: 'resident', id: 'li', name: '李秀英' }, ways: [{ by: 'self' }], alarms: [] },
    ],
  })
  await all.until(messages => popUps(messages).length === 1)

  await ring(pbx, { callId: '2', from: '13900002222' })
  await far.until(messages => popUps(messages).length === 1)
  expect(popUps(far.messages)[0]?.candidates).toMatchObject([
    { subject: { id: 'zhao' }, ways: [{ by: 'contact', name: '赵军', relation: '儿子' }] },
  ])
  await ring(pbx, { callId: '3', from: '13700003333' })
  await far.until(messages => popUps(messages).length === 2)
  expect(popUps(far.messages)[1]?.candidates).toMatchObject([
    { ways: [{ by: 'device', deviceId: 'one-key' }] },
  ])

  const { username } = (await supervisor.call('GET', `/users/${here.id}`)).body
  await pbx.call('POST', '/calls', { callId: '1', state: 'answered', operator: username })
  await pbx.call('POST', '/calls', { callId: '1', state: 'ended' })
  await near.until(messages => popUps(messages).at(-1)?.call.state === 'ended')
  expect(popUps(near.messages).at(-1)?.call).toMatchObject({ owner: { id: here.id }, from: MOTHER })
  await all.until(messages => popUps(messages).at(-1)?.call.state === 'ended')
  expect(popUps(all.messages).at(-1)?.call).toMatchObject({ from: '138****1111' })
  expect(popUps(near.messages).every(({ call }) => call.callId === '1')).toBe(true)
})

test('an unknown number and a withheld one pop up for the whole desk of the switch', async () => {
  const desk = await district()
  const local = await desk.person('integration', 'wh')
  const [above, here, elsewhere] = [
    await desk.person('supervisor'),
    await desk.person('operator', 'wh'),
    await desk.person('operator', 'qd'),
  ]
  const [top, near, far] = [await desk.follow(above), await desk.follow(here), await desk.follow(elsewhere)]
  await ring(local, { callId: 'x', from: 'anonymous' })
  await ring(local, { callId: 'y', from: '0532 8888 1234' })
  for (const follower of [top, near]) {
    await follower.until(messages => new Set(popUps(messages).map(({ call }) => call.callId)).size === 2)
    expect(popUps(follower.messages).flatMap(({ candidates }) => candidates)).toEqual([])
  }
  await ring(desk.pbx, { callId: 'z', from: null })
  await far.until(messages => popUps(messages).length === 1)
  expect(popUps(far.messages)[0]?.call).toMatchObject({ callId: 'z', from: null, number: null })
})

test('a console that comes back has what goes on: by the feed and by the list', async () => {
  const desk = await district()
  const operator = await desk.person('operator', 'wh')
  await ring(desk.pbx, { callId: 'on', from: MOTHER })
  await ring(desk.pbx, { callId: 'over', from: MOTHER })
  await desk.pbx.call('POST', '/calls', { callId: 'over', state: 'missed' })
  desk.clock.advance(60_000)
  const back = await desk.follow(operator)
  await back.until(messages => popUps(messages).length > 0)
  expect(popUps(back.messages).map(({ call }) => call.callId)).toEqual(['on'])
  const ids = async (state: string) => {
    const { items } = (await operator.call('GET', `/calls?state=${state}`)).body as { items: PopUp[] }
    return items.map(({ call }) => call.callId)
  }
  expect(await ids('open')).toEqual(['on'])
  expect(await ids('missed')).toEqual(['over'])
  const stranger = await desk.person('operator', 'qd')
  expect((await stranger.call('GET', '/calls')).body.items).toEqual([])
})

test('calls of other districts take no place in the list of those that were missed', async () => {
  const desk = await district()
  const operator = await desk.person('operator', 'wh')
  await ring(desk.pbx, { callId: 'own', from: MOTHER })
  await desk.pbx.call('POST', '/calls', { callId: 'own', state: 'missed' })
  const { db } = desk.records
  const [own] = await db.selectFrom('calls').selectAll().execute()
  const others = Array.from({ length: 450 }, (_, n) => ({
    ...(own as NonNullable<typeof own>),
    id: `other_${n}`,
    callId: `other-${n}`,
    number: '+8613700003333',
    startedAt: (own?.startedAt ?? 0) + n + 1,
  }))
  await db.insertInto('calls').values(others).execute()
  const { items } = (await operator.call('GET', '/calls?state=missed')).body as { items: PopUp[] }
  expect(items.map(({ call }) => call.callId)).toEqual(['own'])
})

test('a call whose end was lost is over for the screens, too, and is told to nobody who comes later', async () => {
  const desk = await district()
  const operator = await desk.person('operator', 'wh')
  await ring(desk.pbx, { callId: 'lost', from: MOTHER })
  const there = await desk.follow(operator)
  await there.until(messages => popUps(messages).length === 1)
  desk.clock.advance(4 * 3_600_000 + 1_000)
  await there.until(messages => popUps(messages).at(-1)?.call.state === 'ended')
  await ring(desk.pbx, { callId: 'new', from: MOTHER })
  const later = await desk.follow(operator)
  await later.until(messages => popUps(messages).length > 0)
  expect(popUps(later.messages).map(({ call }) => call.callId)).toEqual(['new'])
})

test('one of two has it; the other is told who', async () => {
  const desk = await district()
  const [one, other] = [await desk.person('operator', 'wh'), await desk.person('operator', 'wh')]
  const { id } = (await ring(desk.pbx, { callId: '1', from: MOTHER })).body
  const answers = await Promise.all([one, other].map(person => person.call('POST', `/calls/${id}/take`)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  const refused = answers.find(({ status }) => status === 409)
  expect(refused?.body).toMatchObject({
    code: 'CALL_TAKEN',
    owner: { name: expect.stringMatching(/^operator/) },
  })
  expect((await one.call('POST', '/calls/none/take')).status).toBe(404)
})

test('an emergency that is called in is an alarm of the queue; a green key has a queue of its own', async () => {
  const desk = await district()
  const operator = await desk.person('operator', 'wh')
  const { id } = (await ring(desk.pbx, { callId: '1', from: MOTHER })).body
  const raised = await operator.call('POST', `/calls/${id}/alarm`, { kind: 'sos', text: '摔倒了' })
  expect(raised).toMatchObject({
    status: 200,
    body: { class: 'emergency', kind: 'sos', subject: { id: 'li' } },
  })
  expect((await operator.call('GET', '/alarms?class=service')).body.items).toEqual([])
  const ticket = await raiseAlarm(desk, { areaId: 'wh', residentId: 'li2' })
  await desk.records.db.updateTable('incidents').set({ class: 'service' }).where('id', '=', ticket).execute()
  const queue = async (cls: string) =>
    (await operator.call('GET', `/alarms?state=open&class=${cls}`)).body.items.map(
      (alarm: { id: string }) => alarm.id,
    )
  expect(await queue('service')).toEqual([ticket])
  expect(await queue('emergency')).toEqual([raised.body.id])
})

test('a recording is for whoever answers for the desk, and each look at it is written down', async () => {
  const desk = await district()
  const [operator, supervisor] = [await desk.person('operator'), await desk.person('supervisor')]
  const { id } = (await ring(desk.pbx, { callId: '1', from: MOTHER })).body
  expect((await supervisor.call('GET', `/calls/${id}/recording`)).status).toBe(404)
  const recordingUrl = 'https://pbx.example/r/1.wav'
  await desk.pbx.call('POST', '/calls', { callId: '1', state: 'ended', recordingUrl })
  expect((await operator.call('GET', `/calls/${id}/recording`)).status).toBe(403)
  expect((await supervisor.call('GET', `/calls/${id}/recording`)).body).toEqual({ url: recordingUrl })
  expect((await operator.call('GET', `/calls/${id}`)).body.call).toMatchObject({ isRecorded: true })
  expect(JSON.stringify((await operator.call('GET', `/calls/${id}`)).body)).not.toContain('pbx.example')
  const noted = await desk.records.db
    .selectFrom('audit')
    .select(['actorId', 'targetId'])
    .where('action', '=', 'GET /calls/:id/recording')
    .where('reason', 'is', null)
    .execute()
  expect(noted).toEqual([{ actorId: supervisor.id, targetId: id }])
})

test('what is wrong with a report is said by the field', async () => {
  const desk = await startDesk()
  const pbx = await desk.person('integration')
  const WRONG: [body: object, path: string, why: string][] = [
    [{ callId: '1' }, 'body.state', 'no state'],
    [{ callId: '1', state: 'sleeping' }, 'body.state', 'no such state'],
    [{ state: 'ringing' }, 'body.callId', 'no id'],
    [{ callId: 'a b', state: 'ringing' }, 'body.callId', 'a blank in the id'],
    [{ callId: '1', state: 'ringing', at: 1.5 }, 'body.at', 'half a millisecond'],
    [{ callId: '1', state: 'ringing', at: 9e14 }, 'at', 'a time that is far away'],
    [{ callId: '1', state: 'ringing', colour: 'red' }, 'body.colour', 'a field that is not known'],
    [{ callId: '1', state: 'ringing', from: 'HELP' }, 'from', 'letters'],
    [{ callId: '1', state: 'ringing', from: '\u202E123' }, 'from', 'turned around'],
    [{ callId: '1', state: 'answered', operator: 'nobody' }, 'operator', 'nobody of that name'],
  ]
  for (const [body, path, why] of WRONG)
    expect
      .soft(await pbx.call('POST', '/calls', body), why)
      .toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path }] } })
})

test('the switch may say it over a WebSocket: each frame is answered in order, and a wrong one harms no other', async () => {
  const desk = await district()
  const line = await dial(desk, desk.pbx.token)
  line.say({ callId: '1', state: 'ringing', from: MOTHER })
  line.say('not JSON')
  line.say({ callId: '2', state: 'answered', operator: 'nobody' })
  line.say({ callId: '1', state: 'answered' })
  line.say({ callId: '1', state: 'missed' })
  await eventually(() => expect(line.said).toHaveLength(5))
  expect(line.said).toMatchObject([
    { ok: true, callId: '1', state: 'ringing' },
    { ok: false, problem: { status: 400, code: 'BAD_REQUEST' } },
    { ok: false, callId: '2', problem: { code: 'BAD_REQUEST', errors: [{ path: 'operator' }] } },
    { ok: true, callId: '1', state: 'answered' },
    { ok: false, callId: '1', problem: { status: 409, code: 'CONFLICT' } },
  ])
})

test('hundreds of frames at once are all answered, in order', async () => {
  const desk = await district()
  const line = await dial(desk, desk.pbx.token)
  for (let n = 0; n < 300; n++) line.say({ callId: `c${n}`, state: 'ringing', from: null })
  await eventually(() => expect(line.said).toHaveLength(300))
  expect(line.said.map(({ callId }) => callId)).toEqual(Array.from({ length: 300 }, (_, n) => `c${n}`))
})

test('only a switch is let in, and a session that ends takes its line along', async () => {
  const desk = await startDesk({ feedLimits: { heartbeatMs: 30 } })
  for (const role of ['operator', 'admin', 'family'] as const)
    await expect(dial(desk, (await desk.person(role)).token)).rejects.toThrow('403')
  await expect(dial(desk, newSecret())).rejects.toThrow('401')
  const pbx = await desk.person('integration')
  const line = await dial(desk, pbx.token)
  const pinged = new Promise(resolve => line.socket.once('ping', resolve))
  await pinged
  const closed = new Promise(resolve => line.socket.once('close', resolve))
  await desk.records.db.deleteFrom('sessions').where('userId', '=', pbx.id).execute()
  expect(await closed).toBe(4401)
})

type Line = { socket: WebSocket; said: Record<string, unknown>[]; say(frame: object | string): void }

async function dial({ url }: Pick<TestDesk, 'url'>, token: string): Promise<Line> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/switch`, ['token', token])
  const said: Record<string, unknown>[] = []
  socket.on('message', data => said.push(JSON.parse(String(data))))
  onTestFinished(() => socket.terminate())
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => reject(new Error(`${response.statusCode}`)))
  })
  socket.on('error', () => undefined)
  return {
    socket,
    said,
    say: frame => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
  }
}

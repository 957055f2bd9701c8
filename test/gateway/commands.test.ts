// Asking a device to do something over HTTP, and looking at what became of it.

import { describe, expect, test } from 'vitest'
import { noteAnswers } from '../../records/downlink.ts'
import { startDesk, type TestDesk } from './desk.ts'

async function open() {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const area = { id: 'wh', parentId: 'root', name: '威海', level: 'city' }
  expect((await admin.call('POST', '/areas', area)).status).toBe(201)
  const band = { id: 'band-1', kind: 'bracelet', protocol: 'mqtt', areaId: 'wh' }
  expect((await admin.call('POST', '/devices', band)).status).toBe(201)
  return { desk, admin, operator: await desk.person('operator', 'wh') }
}

const PATH = '/devices/band-1/commands'

test('what is asked is stored, nudged, and told with its state', async () => {
  const { desk, operator } = await open()
  const nudged = Promise.withResolvers<void>()
  desk.records.nudge.subscribe('commands', nudged.resolve)
  const { status, body } = await operator.call('POST', PATH, { name: 'interval', args: { everyMs: 20_000 } })
  expect(status).toBe(201)
  const stored = {
    deviceId: 'band-1',
    name: 'interval',
    args: { everyMs: 20_000 },
    state: 'queued',
    attempts: 0,
  }
  expect(body).toMatchObject({ ...stored, byUserId: operator.id, createdAt: desk.clock.now() })
  await nudged.promise

  await answer(desk, body.id)
  const one = await operator.call('GET', `${PATH}/${body.id}`)
  expect(one.body).toEqual({ ...body, state: 'acked', ackedAt: desk.clock.now(), detail: 'done' })
  await operator.call('POST', PATH, { name: 'locate' })
  const list = await operator.call('GET', `${PATH}?limit=1`)
  expect(list.body.items).toMatchObject([{ name: 'locate', args: {}, state: 'queued' }])
  const rest = await operator.call('GET', `${PATH}?limit=1&cursor=${list.body.next}`)
  expect(rest.body).toMatchObject({ items: [one.body], next: null })
  const acked = await operator.call('GET', `${PATH}?state=acked`)
  expect(acked.body.items).toEqual([one.body])
})

describe('refused', () => {
  test.each<[why: string, body: unknown, path: string | undefined]>([
    ['a name that nobody knows', { name: 'explode', args: {} }, 'name'],
    ['without what it needs', { name: 'interval', args: {} }, 'args.everyMs'],
    ['more often than a battery lasts', { name: 'interval', args: { everyMs: 1 } }, 'args.everyMs'],
    ['no number', { name: 'call', args: { number: 'mum' } }, 'args.number'],
    ['a field that nobody knows', { name: 'locate', args: {}, at: 7 }, undefined],
    ['nothing', undefined, undefined],
  ])('%s', async (_why, body, path) => {
    const { operator } = await open()
    const refused = await operator.call('POST', PATH, body)
    expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
    if (path !== undefined) expect(JSON.stringify(refused.body.errors)).toContain(path)
    expect((await operator.call('GET', PATH)).body.items).toEqual([])
  })

  test('outside of the areas of the account, as if it were not there', async () => {
    const { desk, operator } = await open()
    const { body } = await operator.call('POST', PATH, { name: 'locate' })
    const stranger = await desk.person('admin', 'wh')
    expect((await stranger.call('GET', PATH)).status).toBe(200)
    await (await desk.person('admin')).call('POST', '/areas', {
      id: 'qd',
      parentId: 'root',
      name: '青岛',
      level: 'city',
    })
    const far = await desk.person('admin', 'qd')
    for (const [method, path] of [
      ['GET', PATH],
      ['GET', `${PATH}/${body.id}`],
      ['POST', PATH],
    ] as const) {
      const refused = await far.call(method, path, method === 'POST' ? { name: 'locate' } : undefined)
      expect(refused).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
    }
  })

  test('a command that there is not, or that is another device’s', async () => {
    const { admin, operator } = await open()
    await admin.call('POST', '/devices', { id: 'band-2', kind: 'bracelet', protocol: 'mqtt', areaId: 'wh' })
    const { body } = await operator.call('POST', '/devices/band-2/commands', { name: 'find' })
    for (const id of ['cmd_none', body.id])
      expect((await operator.call('GET', `${PATH}/${id}`)).body.code).toBe('NOT_FOUND')
    await admin.call('DELETE', '/devices/band-2')
    expect((await operator.call('POST', '/devices/band-2/commands', { name: 'find' })).status).toBe(404)
    expect((await operator.call('GET', '/devices/band-2/commands')).body.items).toHaveLength(1)
  })

  test('while the records are away', async () => {
    const { desk, operator } = await open()
    await operator.call('GET', PATH)
    desk.outage.isOn = true
    expect(await operator.call('POST', PATH, { name: 'locate' })).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE' },
    })
    desk.outage.isOn = false
    expect((await operator.call('GET', PATH)).body.items).toEqual([])
  })
})

function answer(desk: TestDesk, id: string) {
  const said = { id, deviceId: 'band-1', ok: true, detail: 'done' }
  return noteAnswers(desk.records, { answers: [said], at: desk.clock.now() })
}

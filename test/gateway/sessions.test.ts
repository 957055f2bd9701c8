// Where an account is signed in: seen, ended, and over in the end by itself.

import { describe, expect, test } from 'vitest'
import { call, PASSWORD, type Person, startDesk, type TestDesk } from './desk.ts'

const HOUR_MS = 3_600_000
const OTHER = 'quite another password'

async function signInAgain(desk: TestDesk, username: string, password = PASSWORD): Promise<Person['call']> {
  const { body, status } = await call(desk.url, {
    method: 'POST',
    path: '/session',
    body: { username, password },
  })
  expect(status).toBe(200)
  return (method, path, sent) => call(desk.url, { method, path, body: sent, token: body.token })
}

const statusOf = async (ask: Person['call']) => (await ask('GET', '/session')).status

test('a session in daily use ends a week after the sign-in all the same', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  let hours = 0
  while ((await statusOf(operator.call)) === 200) {
    desk.clock.advance(6 * HOUR_MS)
    hours += 6
    expect(hours).toBeLessThanOrEqual(7 * 24)
  }
  expect(hours).toBe(7 * 24)
})

test('somebody sees where they are signed in, and ends one, or all others', async () => {
  const desk = await startDesk()
  const here = await desk.person('operator')
  desk.clock.advance(1_000)
  const home = await signInAgain(desk, 'operator1')
  desk.clock.advance(1_000)
  const wall = await signInAgain(desk, 'operator1')
  const list = async () => (await here.call('GET', '/sessions')).body.items
  const seen = await list()
  expect(seen.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toEqual([false, false, true])
  expect(JSON.stringify(seen)).not.toContain(here.token)

  expect((await here.call('DELETE', `/sessions/${seen[0].id}`)).status).toBe(204)
  expect([await statusOf(wall), await statusOf(home)]).toEqual([401, 200])
  expect((await here.call('DELETE', `/sessions/${seen[0].id}`)).status).toBe(404)
  expect((await here.call('DELETE', '/sessions')).status).toBe(204)
  expect([await statusOf(home), await statusOf(here.call)]).toEqual([401, 200])
  expect(await list()).toHaveLength(1)
})

test('nobody ends the session of somebody else by its id', async () => {
  const desk = await startDesk()
  const [one, other] = [await desk.person('operator'), await desk.person('operator')]
  const [{ id }] = (await one.call('GET', '/sessions')).body.items
  expect((await other.call('DELETE', `/sessions/${id}`)).status).toBe(404)
  expect(await statusOf(one.call)).toBe(200)
})

test('an administrator sees and ends the sessions of an account', async () => {
  const desk = await startDesk()
  const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
  const again = await signInAgain(desk, 'operator2')
  const path = `/users/${operator.id}/sessions`
  const { items } = (await admin.call('GET', path)).body
  expect(items).toHaveLength(2)
  expect((await admin.call('DELETE', `${path}/${items[0].id}`)).status).toBe(204)
  expect((await admin.call('GET', path)).body.items).toHaveLength(1)
  expect((await admin.call('DELETE', path)).status).toBe(204)
  expect([await statusOf(again), await statusOf(operator.call)]).toEqual([401, 401])
  expect(await statusOf(admin.call)).toBe(200)
})

describe('the consoles of a session close with it', () => {
  const SIGNED_OUT = 4401

  test.each<[how: string, end: (desk: TestDesk, admin: Person, operator: Person) => Promise<unknown>]>([
    ['ended by an administrator', (_desk, admin, { id }) => admin.call('DELETE', `/users/${id}/sessions`)],
    [
      'ended elsewhere by its owner',
      async desk => (await signInAgain(desk, 'operator2'))('DELETE', '/sessions'),
    ],
    ['a new role', (_desk, admin, { id }) => admin.call('PATCH', `/users/${id}`, { role: 'supervisor' })],
    ['a new password', (_desk, admin, { id }) => admin.call('PATCH', `/users/${id}`, { password: OTHER })],
    [
      'a new password of their own',
      (_desk, _admin, operator) =>
        operator.call('POST', '/session/password', { password: PASSWORD, newPassword: OTHER }),
    ],
  ])('%s', async (_how, end) => {
    const desk = await startDesk()
    const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
    const follower = await desk.follow(operator)
    await end(desk, admin, operator)
    expect(await follower.closed).toBe(SIGNED_OUT)
  })
})

describe('a new password of one’s own', () => {
  const change = (person: Person, body: object) => person.call('POST', '/session/password', body)

  test('ends every session, and answers with a new one', async () => {
    const desk = await startDesk()
    const operator = await desk.person('operator')
    const again = await signInAgain(desk, 'operator1')
    const changed = await change(operator, { password: PASSWORD, newPassword: OTHER })
    expect(changed).toMatchObject({ status: 200, body: { user: { username: 'operator1' } } })
    expect(changed.headers.get('set-cookie')).toContain('anxin_session=')
    expect([await statusOf(operator.call), await statusOf(again)]).toEqual([401, 401])
    const { status } = await call(desk.url, { path: '/session', token: changed.body.token })
    expect(status).toBe(200)
    expect(await statusOf(await signInAgain(desk, 'operator1', OTHER))).toBe(200)
  })

  test.each<[why: string, body: object, path: string]>([
    ['the old one is wrong', { password: 'wrong', newPassword: OTHER }, 'body.password'],
    ['it is short', { password: PASSWORD, newPassword: 'ninechars' }, 'body.newPassword'],
    ['it is the user name', { password: PASSWORD, newPassword: 'OPERATOR.1' }, 'body.newPassword'],
  ])('is refused when %s', async (_why, body, path) => {
    const desk = await startDesk()
    const operator = await desk.person('operator')
    await desk.records.db.updateTable('users').set({ username: 'operator.1' }).execute()
    const refused = await change(operator, body)
    expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path }] } })
    expect(await statusOf(operator.call)).toBe(200)
  })

  test('cannot be had by guessing the old one', async () => {
    const desk = await startDesk()
    const operator = await desk.person('operator')
    const statuses: number[] = []
    for (let n = 0; n < 7; n++)
      statuses.push((await change(operator, { password: `guess ${n}`, newPassword: OTHER })).status)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 429])
  })

  test('goes for accounts that are made or changed, too', async () => {
    const desk = await startDesk()
    const admin = await desk.person('admin')
    const user = { username: 'li.na.2026', name: '李娜', role: 'operator', password: 'LI.NA.2026' }
    expect((await admin.call('POST', '/users', user)).body.errors).toMatchObject([{ path: 'body.password' }])
    const made = await admin.call('POST', '/users', { ...user, password: OTHER })
    expect(made.status).toBe(201)
    const path = `/users/${made.body.id}`
    expect((await admin.call('PATCH', path, { password: 'li.na.2026' })).status).toBe(400)
    expect((await admin.call('PATCH', path, { password: 'tooshort' })).status).toBe(400)
  })
})

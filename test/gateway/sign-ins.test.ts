// Whoever guesses passwords waits, ever longer and never for ever; whoever does not is not kept waiting by others.

import { describe, expect, test } from 'vitest'
import { ACCOUNT_FREE, ADDRESS_FREE, LONGEST_WAIT_MS, waitAfter } from '../../records/sign-ins.ts'
import { call, PASSWORD, startDesk, type TestDesk } from './desk.ts'

const signIn = (desk: TestDesk, username: string, password: string, from?: string) =>
  call(desk.url, {
    method: 'POST',
    path: '/session',
    body: { username, password },
    headers: from === undefined ? {} : { 'x-forwarded-for': from },
  })

async function fail(desk: TestDesk, username: string, { times, from }: { times: number; from?: string }) {
  const statuses: number[] = []
  for (let n = 0; n < times; n++) statuses.push((await signIn(desk, username, 'wrong', from)).status)
  return statuses
}

test.each<[reason: string, failures: number, waitMs: number]>([
  ['a person mistypes', ACCOUNT_FREE, 0],
  ['the first that costs', ACCOUNT_FREE + 1, 1_000],
  ['twice as long', ACCOUNT_FREE + 2, 2_000],
  ['and so on', ACCOUNT_FREE + 5, 16_000],
  ['never for ever', ACCOUNT_FREE + 500, LONGEST_WAIT_MS],
])('%s: after %i failures', (_reason, failures, waitMs) => {
  expect(waitAfter(failures, ACCOUNT_FREE)).toBe(waitMs)
})

test('after too many failures even the right password waits, and is told for how long', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const statuses = await fail(desk, 'operator1', { times: ACCOUNT_FREE + 1 })
  expect(new Set(statuses)).toEqual(new Set([401]))
  const refused = await signIn(desk, 'operator1', PASSWORD)
  expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS', retryAfterMs: 1_000 } })
  expect(refused.headers.get('retry-after')).toBe('1')
  desk.clock.advance(1_000)
  expect((await signIn(desk, 'operator1', PASSWORD)).status).toBe(200)
  expect(await fail(desk, 'operator1', { times: 2 })).toEqual([401, 401])
  expect(await desk.metric(/anxin_sign_ins_total\{outcome="account_waits"\} (\d+)/)).toBe(1)
  expect(await desk.metric(/anxin_sign_ins_total\{outcome="wrong_password"\} (\d+)/)).toBe(ACCOUNT_FREE + 3)
})

test('waits double up to a quarter of an hour, and a day without a failure forgets them', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  let waited = 0
  for (let n = 0; n < ACCOUNT_FREE + 14; ) {
    const { status, body } = await signIn(desk, 'operator1', 'wrong')
    if (status === 401) n++
    else {
      waited = body.retryAfterMs
      desk.clock.advance(waited)
    }
  }
  expect(waited).toBe(LONGEST_WAIT_MS)
  desk.clock.advance(25 * 3_600_000)
  expect(await fail(desk, 'operator1', { times: ACCOUNT_FREE })).not.toContain(429)
})

test('a name that nobody has waits like one that somebody has', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const told = async (username: string) => {
    const answers = []
    for (let n = 0; n < ACCOUNT_FREE + 3; n++) {
      const { status, body } = await signIn(desk, username, 'wrong')
      answers.push({ status, ...body, requestId: '' })
    }
    return answers
  }
  expect(await told('nobody')).toEqual(await told('operator1'))
})

test('of many tries at once no more are looked at than are free', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const tries = Array.from({ length: 20 }, () => signIn(desk, 'operator1', 'wrong'))
  const statuses = (await Promise.all(tries)).map(({ status }) => status)
  expect(statuses.filter(status => status === 401)).toHaveLength(ACCOUNT_FREE + 1)
  expect(statuses.filter(status => status === 429)).toHaveLength(20 - ACCOUNT_FREE - 1)
})

test('strangers who try a name do not keep it out of its own desk', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  expect((await signIn(desk, 'operator1', PASSWORD, '192.0.2.7')).status).toBe(200)
  await fail(desk, 'operator1', { times: ACCOUNT_FREE + 3, from: '198.51.100.9' })
  expect((await signIn(desk, 'operator1', PASSWORD, '198.51.100.9')).status).toBe(429)
  expect((await signIn(desk, 'operator1', PASSWORD, '192.0.2.7')).status).toBe(200)
})

test('an address that tries many names waits, and nobody else does', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const statuses: number[] = []
  for (let n = 0; n <= ADDRESS_FREE + 1; n++)
    statuses.push((await signIn(desk, `name${n}`, 'wrong', '203.0.113.5')).status)
  expect(statuses.at(-2)).toBe(401)
  expect(statuses.at(-1)).toBe(429)
  expect((await signIn(desk, 'operator1', PASSWORD, '203.0.113.5')).status).toBe(429)
  expect((await signIn(desk, 'operator1', PASSWORD, '203.0.113.6')).status).toBe(200)
  expect(await desk.metric(/anxin_sign_ins_total\{outcome="address_waits"\} (\d+)/)).toBe(2)
})

test('people of one address who sign in properly are never in the way of each other', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  for (let n = 0; n < ADDRESS_FREE + 5; n++) {
    // another name each time, so that none of them is known there
    await desk.records.db.deleteFrom('signInPlaces').execute()
    expect((await signIn(desk, 'operator1', PASSWORD, '203.0.113.5')).status).toBe(200)
  }
})

describe('an administrator', () => {
  test('sees that an account waits, and lets it in', async () => {
    const desk = await startDesk()
    const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
    await fail(desk, 'operator2', { times: ACCOUNT_FREE + 1 })
    const state = async () => (await admin.call('GET', `/users/${operator.id}/sign-in`)).body
    expect(await state()).toEqual({ secondFactor: 'off', blockedUntil: desk.clock.now() + 1_000 })
    expect((await admin.call('POST', `/users/${operator.id}/unlock`)).status).toBe(204)
    expect(await state()).toEqual({ secondFactor: 'off', blockedUntil: null })
    expect((await signIn(desk, 'operator2', PASSWORD)).status).toBe(200)
  })

  test('reads in the audit log who was refused, without the name that was typed', async () => {
    const desk = await startDesk()
    const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
    await signIn(desk, 'operator2', 'wrong')
    await signIn(desk, 'my-password-by-mistake', 'x')
    await signIn(desk, 'operator2', PASSWORD)
    const { items } = (await admin.call('GET', '/audit?targetType=user')).body
    expect(items).toMatchObject([
      { action: 'sign_in', actorId: operator.id, targetId: operator.id, reason: 'password' },
      { action: 'sign_in_refused', actorId: null, targetId: null, reason: 'wrong_password' },
      { action: 'sign_in_refused', actorId: null, targetId: operator.id, reason: 'wrong_password' },
    ])
    expect(JSON.stringify(items)).not.toContain('my-password')
  })
})

test('records that are away refuse nobody for ever: it is said, and tried again', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  desk.outage.isOn = true
  expect((await signIn(desk, 'operator1', PASSWORD)).status).toBe(503)
  desk.outage.isOn = false
  expect((await signIn(desk, 'operator1', PASSWORD)).status).toBe(200)
})

test('a clock that was ahead and is set back locks nobody out for longer than any wait', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  desk.clock.advance(24 * 3_600_000)
  await fail(desk, 'operator1', { times: ACCOUNT_FREE + 1 })
  desk.clock.advance(-24 * 3_600_000)
  expect((await signIn(desk, 'operator1', PASSWORD)).status).toBe(200)
})

test('a network of IPv6 is one place: whoever has one cannot guess from each of its addresses anew', async () => {
  const desk = await startDesk()
  const from = (n: number) => `2001:db8:0:1:${n.toString(16)}::1`
  const statuses: number[] = []
  for (let n = 0; n <= ADDRESS_FREE + 1; n++)
    statuses.push((await signIn(desk, `nobody${n}`, 'wrong', from(n))).status)
  expect(statuses.at(-1)).toBe(429)
  expect((await signIn(desk, 'nobody', 'wrong', '2001:db8:0:2::1')).status).toBe(401)
})

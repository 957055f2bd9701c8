// The code that comes after the password: set up, proved, asked for, used up, lost.

import { describe, expect, test } from 'vitest'
import { codeAt } from '../../gateway/totp.ts'
import { call, PASSWORD, type Person, startDesk, type TestDesk } from './desk.ts'

const URL_OF = '/session/second-factor'
const STEP_MS = 30_000

const signIn = (desk: TestDesk, username: string, more: object = {}) =>
  call(desk.url, { method: 'POST', path: '/session', body: { username, password: PASSWORD, ...more } })

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What an authenticator shows that was told `secret`, as many half minutes from now. */
function codeOf(desk: TestDesk, secret: string, steps = 0): string {
  const bits = [...secret].map(letter => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))
  const step = Math.floor(desk.clock.now() / STEP_MS) + steps
  return codeAt(step, { secret: Buffer.from(bytes).toString('hex') })
}

async function enrolled(
  desk: TestDesk,
  person: Person,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { body } = await person.call('POST', URL_OF, { password: PASSWORD })
  const confirmed = await person.call('POST', `${URL_OF}/confirm`, { code: codeOf(desk, body.secret) })
  expect(confirmed.status).toBe(200)
  desk.clock.advance(STEP_MS) // the code that confirmed it is used up
  return { secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes }
}

test('somebody sets it up, and from then on signs in with a code', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  expect((await operator.call('GET', URL_OF)).body).toEqual({
    state: 'off',
    recoveryCodesLeft: 0,
    isRequired: false,
  })
  const begun = await operator.call('POST', URL_OF, { password: PASSWORD })
  expect(begun).toMatchObject({
    status: 201,
    body: { uri: expect.stringContaining('otpauth://totp/Anxin:') },
  })
  const { secret } = begun.body
  expect((await operator.call('GET', URL_OF)).body.state).toBe('to_confirm')
  expect((await signIn(desk, 'operator1')).status).toBe(200) // it counts once it is confirmed

  const wrong = await operator.call('POST', `${URL_OF}/confirm`, { code: '000000' })
  expect(wrong).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  const confirmed = await operator.call('POST', `${URL_OF}/confirm`, { code: codeOf(desk, secret) })
  expect(confirmed.body.recoveryCodes).toHaveLength(10)
  expect((await operator.call('GET', URL_OF)).body).toMatchObject({ state: 'on', recoveryCodesLeft: 10 })

  const without = await signIn(desk, 'operator1')
  expect(without).toMatchObject({ status: 401, body: { code: 'SECOND_FACTOR_REQUIRED' } })
  desk.clock.advance(STEP_MS)
  expect((await signIn(desk, 'operator1', { code: codeOf(desk, secret) })).status).toBe(200)
})

test('that a code is needed is told to nobody who has the password wrong', async () => {
  const desk = await startDesk()
  await enrolled(desk, await desk.person('operator'))
  const answer = await signIn(desk, 'operator1', { password: 'wrong' })
  expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
})

describe('a code', () => {
  test.each<[reason: string, steps: number, status: number]>([
    ['of the half minute before', -1, 200],
    ['of the next one', 1, 200],
    ['of a minute ago', -2, 401],
    ['of a minute ahead', 2, 401],
  ])('%s', async (_reason, steps, status) => {
    const desk = await startDesk()
    const { secret } = await enrolled(desk, await desk.person('operator'))
    desk.clock.advance(10 * STEP_MS)
    const code = codeOf(desk, secret, steps)
    expect((await signIn(desk, 'operator1', { code })).status).toBe(status)
  })

  test('counts once, and none before it does afterwards', async () => {
    const desk = await startDesk()
    const { secret } = await enrolled(desk, await desk.person('operator'))
    desk.clock.advance(10 * STEP_MS)
    const [before, code] = [codeOf(desk, secret, -1), codeOf(desk, secret)]
    const statuses = await Promise.all([1, 2, 3].map(() => signIn(desk, 'operator1', { code })))
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    expect((await signIn(desk, 'operator1', { code: before })).status).toBe(401)
    expect((await signIn(desk, 'operator1', { code })).body.code).toBe('SECOND_FACTOR_REQUIRED')
  })

  test('that is guessed waits like a password, and no other sign-in in between washes that away', async () => {
    const desk = await startDesk()
    await enrolled(desk, await desk.person('operator'))
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) {
      statuses.push((await signIn(desk, 'operator1', { code: '000000' })).status)
      statuses.push((await signIn(desk, 'operator1')).status)
    }
    expect(statuses.slice(0, 6)).toEqual(Array(6).fill(401))
    expect(statuses.slice(6)).toEqual([429, 429])
  })
})

describe('recovery codes', () => {
  test('sign in once each, however they are written', async () => {
    const desk = await startDesk()
    const operator = await desk.person('operator')
    const { recoveryCodes } = await enrolled(desk, operator)
    const code = ` ${String(recoveryCodes[0]).toLowerCase().replaceAll('-', ' ')} `
    expect((await signIn(desk, 'operator1', { code })).status).toBe(200)
    expect((await signIn(desk, 'operator1', { code })).status).toBe(401)
    expect((await operator.call('GET', URL_OF)).body.recoveryCodesLeft).toBe(9)
  })

  test('are kept as hashes', async () => {
    const desk = await startDesk()
    const { recoveryCodes } = await enrolled(desk, await desk.person('operator'))
    const rows = await desk.records.db.selectFrom('recoveryCodes').selectAll().execute()
    expect(rows).toHaveLength(10)
    for (const code of recoveryCodes) expect(JSON.stringify(rows)).not.toContain(code.slice(0, 9))
  })

  test('are made anew with password and code, and the old ones are void', async () => {
    const desk = await startDesk()
    const operator = await desk.person('operator')
    const { secret, recoveryCodes } = await enrolled(desk, operator)
    const asked = (body: object) => operator.call('POST', `${URL_OF}/recovery-codes`, body)
    expect((await asked({ password: PASSWORD })).status).toBe(400)
    const anew = await asked({ password: PASSWORD, code: codeOf(desk, secret) })
    expect(anew.body.recoveryCodes).toHaveLength(10)
    expect((await signIn(desk, 'operator1', { code: recoveryCodes[1] })).status).toBe(401)
    expect((await signIn(desk, 'operator1', { code: anew.body.recoveryCodes[1] })).status).toBe(200)
  })
})

describe('it is taken away', () => {
  test('by its owner, with password and code', async () => {
    const desk = await startDesk()
    const operator = await desk.person('operator')
    const { secret } = await enrolled(desk, operator)
    const remove = (body: object) => operator.call('POST', `${URL_OF}/remove`, body)
    expect((await remove({ password: 'wrong', code: codeOf(desk, secret) })).status).toBe(400)
    expect((await remove({ password: PASSWORD })).status).toBe(400)
    expect((await remove({ password: PASSWORD, code: '000000' })).status).toBe(400)
    expect((await remove({ password: PASSWORD, code: codeOf(desk, secret) })).status).toBe(204)
    expect((await signIn(desk, 'operator1')).status).toBe(200)
    expect((await remove({ password: PASSWORD })).body.code).toBe('CONFLICT')
  })

  test('by an administrator, who cannot do so with their own, and it is on record', async () => {
    const desk = await startDesk()
    const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
    await enrolled(desk, operator)
    const path = `/users/${operator.id}/second-factor`
    expect((await admin.call('DELETE', path)).status).toBe(204)
    expect((await operator.call('GET', '/session')).status).toBe(401) // whoever has it may be signed in
    expect((await signIn(desk, 'operator2')).status).toBe(200)
    expect((await admin.call('DELETE', path)).body.code).toBe('CONFLICT')
    expect((await admin.call('DELETE', `/users/${admin.id}/second-factor`)).body.code).toBe('CONFLICT')
    const action = encodeURIComponent('DELETE /users/:id/second-factor')
    const { items } = (await admin.call('GET', `/audit?targetId=${operator.id}&action=${action}`)).body
    expect(items[0]).toMatchObject({ action: 'DELETE /users/:id/second-factor', actorId: admin.id })
  })

  test('with the account', async () => {
    const desk = await startDesk()
    const [admin, operator] = [await desk.person('admin'), await desk.person('operator')]
    await enrolled(desk, operator)
    expect((await admin.call('DELETE', `/users/${operator.id}`)).status).toBe(204)
    expect(await desk.records.db.selectFrom('secondFactors').selectAll().execute()).toEqual([])
  })
})

test('a second one is not set up beside the first', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  await enrolled(desk, operator)
  expect((await operator.call('POST', URL_OF, { password: PASSWORD })).body.code).toBe('CONFLICT')
  expect((await operator.call('POST', `${URL_OF}/confirm`, { code: '000000' })).body.code).toBe('CONFLICT')
})

test('setting it up anew before it is confirmed voids the first secret', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const begin = async () =>
    (await operator.call('POST', URL_OF, { password: PASSWORD })).body.secret as string
  const [first, second] = [await begin(), await begin()]
  expect((await operator.call('POST', `${URL_OF}/confirm`, { code: codeOf(desk, first) })).status).toBe(400)
  expect((await operator.call('POST', `${URL_OF}/confirm`, { code: codeOf(desk, second) })).status).toBe(200)
})

describe('a hub that demands it', () => {
  test('lets staff without one set it up and do nothing else', async () => {
    const desk = await startDesk({ requiresSecondFactor: true })
    const operator = await desk.person('operator')
    expect((await operator.call('GET', '/session')).body).toMatchObject({ mustEnrol: true })
    expect(await operator.call('GET', '/alarms')).toMatchObject({
      status: 403,
      body: { code: 'SECOND_FACTOR_MISSING' },
    })
    await expect(desk.follow(operator)).rejects.toThrow('403')
    const { secret } = await enrolled(desk, operator)
    expect((await operator.call('GET', '/session')).body).not.toHaveProperty('mustEnrol')
    expect((await operator.call('GET', '/alarms')).status).toBe(200)
    expect((await desk.follow(operator)).messages).toBeDefined()
    expect((await signIn(desk, 'operator1', { code: codeOf(desk, secret) })).status).toBe(200)
  })

  test('demands it of no program and no family', async () => {
    const desk = await startDesk({ requiresSecondFactor: true })
    const program = await desk.person('integration')
    expect((await program.call('GET', '/alarms')).status).toBe(200)
    expect((await (await desk.person('family')).call('GET', '/session')).body).not.toHaveProperty('mustEnrol')
  })
})

test('a code that was used while the clock was ahead keeps nobody out now that it is right, and counts once still', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const { secret } = await enrolled(desk, operator)
  desk.clock.advance(3_600_000)
  expect((await signIn(desk, 'operator1', { code: codeOf(desk, secret) })).status).toBe(200)
  desk.clock.advance(-3_600_000)
  const code = codeOf(desk, secret)
  expect((await signIn(desk, 'operator1', { code })).status).toBe(200)
  expect((await signIn(desk, 'operator1', { code })).status).toBe(401)
})

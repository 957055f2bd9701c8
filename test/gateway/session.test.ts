import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ensureAdmin } from '../../gateway/admin.ts'
import { type Origin, originOf } from '../../gateway/credentials.ts'
import { startPasswords } from '../../gateway/passwords.ts'
import { testRecords } from '../records/started.ts'
import { call, PASSWORD, startDesk, testClock } from './desk.ts'

const signIn = (url: string, username: string, password = PASSWORD, headers = {}) =>
  call(url, { method: 'POST', path: '/session', body: { username, password }, headers })

test('somebody signs in, is known by the token and by the cookie, signs out and is a stranger again', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const signedIn = await signIn(desk.url, 'operator1')
  expect(signedIn.status).toBe(200)
  expect(signedIn.body.user).toMatchObject({ username: 'operator1', role: 'operator', areaId: 'root' })
  expect(signedIn.body.user).not.toHaveProperty('passwordHash')
  const cookie = signedIn.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^anxin_session=.+; Path=\/; HttpOnly; SameSite=Strict$/)

  const { token } = signedIn.body
  const byToken = await call(desk.url, { path: '/session', token })
  const byCookie = await call(desk.url, { path: '/session', headers: { cookie: cookie.split(';')[0] ?? '' } })
  expect(byToken.body).toEqual({ user: signedIn.body.user })
  expect(byCookie.body).toEqual(byToken.body)

  expect((await call(desk.url, { method: 'DELETE', path: '/session', token })).status).toBe(204)
  expect((await call(desk.url, { path: '/session', token })).body).toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('the cookie stays on https where the browser came by it', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const host = new URL(desk.url).host
  const signedIn = await signIn(desk.url, 'operator1', PASSWORD, {
    origin: `https://${host}`,
    'x-forwarded-proto': 'https',
  })
  expect(signedIn.headers.get('set-cookie')).toContain('; Secure')
})

test('a wrong password and an unknown name look the same', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const wrong = await signIn(desk.url, 'operator1', 'not the password')
  const unknown = await signIn(desk.url, 'nobody', 'not the password')
  expect(wrong).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
  expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' })
})

test('a session ends twelve hours after its last use, not after its first', async () => {
  const desk = await startDesk()
  const { token } = await desk.person('operator')
  const status = async () => (await call(desk.url, { path: '/session', token })).status
  for (let i = 0; i < 3; i++) {
    desk.clock.advance(11 * 3_600_000)
    expect(await status()).toBe(200)
  }
  desk.clock.advance(12 * 3_600_000)
  expect(await status()).toBe(401)
})

const HOST = 'hub.example:8080'
const ORIGINS: [reason: string, headers: Record<string, string>, origin: Origin][] = [
  ['the own page, as current browsers say', { 'sec-fetch-site': 'same-origin' }, 'own'],
  [
    'the own page, behind a proxy that renames the host',
    { 'sec-fetch-site': 'same-origin', origin: 'https://a' },
    'own',
  ],
  ['the own page, where only Origin is sent', { origin: `http://${HOST}` }, 'own'],
  ["another site's page", { 'sec-fetch-site': 'cross-site', origin: `http://${HOST}` }, 'foreign'],
  ["a sibling's page", { 'sec-fetch-site': 'same-site' }, 'foreign'],
  ['another origin', { origin: 'http://evil.example' }, 'foreign'],
  ['another port of the same machine', { origin: 'http://hub.example:9090' }, 'foreign'],
  ['a page without an origin', { origin: 'null' }, 'foreign'],
  ['no browser', {}, 'unknown'],
]

test.each(ORIGINS)('where a request comes from: %s', (_reason, headers, origin) => {
  expect(originOf({ host: HOST, ...headers })).toBe(origin)
})

test('a write that rides on the cookie counts only from the own page; a token counts from anywhere', async () => {
  const desk = await startDesk()
  const { token } = await desk.person('operator')
  const signOut = (headers: Record<string, string>) =>
    call(desk.url, { method: 'DELETE', path: '/session', headers })
  const cookie = `anxin_session=${token}`
  expect(await signOut({ cookie })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  expect((await signOut({ cookie, origin: 'http://evil.example' })).status).toBe(403)
  expect((await signOut({ cookie, origin: desk.url })).status).toBe(204)
  const other = await desk.person('operator')
  expect(
    (await signOut({ authorization: `Bearer ${other.token}`, origin: 'http://evil.example' })).status,
  ).toBe(204)
})

test('a page of another site cannot sign anybody in', async () => {
  const desk = await startDesk()
  await desk.person('operator')
  const answer = await signIn(desk.url, 'operator1', PASSWORD, { 'sec-fetch-site': 'cross-site' })
  expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
})

test('no answer of the API is kept by browsers or proxies', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const resident = await admin.call('POST', '/residents', { name: '李', medicalNotes: '糖尿病' })
  const answers = [
    resident,
    await admin.call('GET', `/residents/${resident.body.id}`),
    await admin.call('GET', '/alarms'),
    await admin.call('GET', '/nothing'),
    await call(desk.url, { path: '/residents' }),
    await signIn(desk.url, 'admin1'),
  ]
  expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(6).fill('no-store'))
})

test('too many at the door are told so instead of waiting for ever', async () => {
  const passwords = await startPasswords({ atOnce: 1, waiting: 2 })
  const attempts = Array.from({ length: 8 }, () => passwords.verify({ password: 'x', hash: undefined }))
  const outcomes = await Promise.allSettled(attempts)
  expect(outcomes.map(outcome => outcome.status === 'fulfilled')).toEqual([
    ...Array(3).fill(true),
    ...Array(5).fill(false),
  ])
  expect((outcomes[7] as PromiseRejectedResult).reason).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  expect(await passwords.verify({ password: 'x', hash: undefined })).toBe(false)
})

test('capitals make no other user name: not for a new account, and not at the door', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const named = (username: string) =>
    admin.call('POST', '/users', { username, name: '李', role: 'operator', password: PASSWORD })
  expect(await named('Li.Na')).toMatchObject({ status: 201, body: { username: 'Li.Na' } })
  expect(await named('li.na')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  for (const username of ['Li.Na', 'li.na', 'LI.NA']) {
    const answer = await signIn(desk.url, username)
    expect(answer).toMatchObject({ status: 200, body: { user: { username: 'Li.Na' } } })
  }
})

test('of two accounts from before, each signs in as written', async () => {
  const desk = await startDesk()
  const { id } = await desk.person('operator')
  const { db } = desk.records
  await sql`drop index users_name`.execute(db) // it is no unique one where there were two
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  await db
    .insertInto('users')
    .values({ ...row, id: 'twin', username: 'Operator1' })
    .execute()
  expect((await signIn(desk.url, 'Operator1')).body.user.id).toBe('twin')
  expect((await signIn(desk.url, 'operator1')).body.user.id).toBe(id)
})

test('the first start makes an administrator with a password that is told once', async () => {
  const clock = testClock()
  const records = await testRecords(clock)
  const first = await ensureAdmin(records, { clock })
  expect(first).toEqual({ created: true, oneTimePassword: expect.stringMatching(/^[\w-]{16}$/) })
  expect(await ensureAdmin(records, { clock, password: 'another one' })).toEqual({ created: false })
})

test('a password that is given is not told again', async () => {
  const clock = testClock()
  expect(await ensureAdmin(await testRecords(clock), { clock, password: PASSWORD })).toEqual({
    created: true,
  })
})

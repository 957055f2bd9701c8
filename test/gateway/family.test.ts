// A family at its page: whom it sees and whom never, and for how long it is signed in.

import { describe, expect, it } from 'vitest'
import { listAudit } from '../../records/audit.ts'
import { subscriptionsOf } from '../../records/push-subscriptions.ts'
import { pushedContacts } from '../../records/reach.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { FAMILY_SESSION_AGE_MS, FAMILY_SESSION_MS } from '../../records/sessions.ts'
import { raiseAlarm } from './alarm.ts'
import { call, PASSWORD, type Person } from './desk.ts'
import { MINUTE_MS, startFamily } from './family.ts'

describe('whom a family sees', () => {
  it('is the elder it looks after, and never another', async () => {
    const { desk, look, son, mother } = await startFamily()
    const alarm = await raiseAlarm(desk, { residentId: 'wang' })
    expect(await mother()).toMatchObject({
      id: 'wang',
      name: '王秀英',
      relation: '女儿',
      open: [{ id: alarm }],
    })
    const his = await look(son)
    expect(his.items.map(({ id }) => id)).toEqual(['li'])
    expect(JSON.stringify(his)).not.toMatch(/wang|王/)
    expect(await son.call('POST', `/alarms/${alarm}/going`)).toMatchObject({ status: 404 })
  })

  it('is nobody without a link, and nobody any more once it is taken back', async () => {
    const { desk, admin, daughter, look } = await startFamily()
    const alarm = await raiseAlarm(desk, { residentId: 'wang' })
    const stranger = await desk.person('family')
    expect((await look(stranger)).items).toEqual([])
    await admin.call('PATCH', '/contacts/hers', { userId: null })
    expect((await look()).items).toEqual([])
    expect(await daughter.call('POST', `/alarms/${alarm}/going`)).toMatchObject({ status: 404 })
    const { items } = await listAudit(desk.records.db, { scope: WHOLE_HUB, limit: 10 })
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'PATCH /contacts/:id', targetId: 'hers', actorId: admin.id }),
    )
  })

  it('is not who was archived, as a contact or as an elder', async () => {
    const { admin, son, look } = await startFamily()
    await admin.call('DELETE', '/contacts/hers')
    expect((await look()).items).toEqual([])
    await admin.call('DELETE', '/residents/li')
    expect((await look(son)).items).toEqual([])
  })

  it('is nobody who was erased', async () => {
    const { admin, son, look } = await startFamily()
    const asked = { reason: 'deceased', confirm: '李建国' }
    expect((await admin.call('POST', '/residents/li/erasure', asked)).status).toBeLessThan(300)
    expect((await look(son)).items).toEqual([])
  })

  it('is for families alone, and staff are no family', async () => {
    const { desk, admin } = await startFamily()
    const operator = await desk.person('operator')
    await admin.call('PATCH', '/contacts/hers', { userId: operator.id })
    expect(await operator.call('GET', '/family')).toMatchObject({ status: 403 })
    expect(await call(desk.url, { path: '/family' })).toMatchObject({ status: 401 })
  })

  it('is linked by an administrator, and unlinked by whoever keeps the register', async () => {
    const { desk, daughter, look } = await startFamily()
    const other = await desk.person('integration')
    const stranger = await desk.person('family')
    const contact = { residentId: 'li', name: '某某', phone: '9', position: 3, userId: stranger.id }
    expect(await other.call('POST', '/contacts', contact)).toMatchObject({ status: 400 })
    expect(await other.call('PATCH', '/contacts/his', { userId: stranger.id })).toMatchObject({ status: 400 })
    expect((await look(stranger)).items).toEqual([])
    const same = { name: '王小梅', userId: daughter.id }
    expect(await other.call('PATCH', '/contacts/hers', same)).toMatchObject({ status: 200 })
    expect((await other.call('PATCH', '/contacts/hers', { userId: null })).status).toBe(200)
    expect((await look()).items).toEqual([])
  })

  it('is the same person once who is entered as two contacts', async () => {
    const { add, daughter, look } = await startFamily()
    await add('/contacts', { residentId: 'wang', name: '小梅', phone: '3', position: 2, userId: daughter.id })
    expect((await look()).items).toMatchObject([{ id: 'wang', relation: '女儿' }])
  })
})

describe('the session of a family', () => {
  it('outlasts nights and weeks, and not for ever', async () => {
    const { desk, daughter, admin } = await startFamily()
    const status = async (who: Person) => (await who.call('GET', '/session')).status
    desk.clock.advance(FAMILY_SESSION_MS - MINUTE_MS)
    expect(await status(daughter)).toBe(200)
    expect(await status(admin)).toBe(401)
    const rounds = Math.floor(FAMILY_SESSION_AGE_MS / FAMILY_SESSION_MS) - 1
    for (let round = 0; round < rounds; round++) {
      desk.clock.advance(FAMILY_SESSION_MS - MINUTE_MS)
      expect(await status(daughter)).toBe(200)
    }
    expect((await daughter.call('GET', '/sessions')).body.items).toMatchObject([{ isCurrent: true }])
    desk.clock.advance(7 * MINUTE_MS)
    expect(await status(daughter)).toBe(401)
  })

  it('ends when it is not used', async () => {
    const { desk, daughter } = await startFamily()
    desk.clock.advance(FAMILY_SESSION_MS)
    expect((await daughter.call('GET', '/session')).status).toBe(401)
  })

  it('is kept by the telephone, and that of staff goes with the browser', async () => {
    const { desk, add } = await startFamily()
    for (const role of ['family', 'operator'] as const) {
      await add('/users', { username: `a-${role}`, name: role, role, password: PASSWORD })
      const body = { username: `a-${role}`, password: PASSWORD }
      const { headers } = await call(desk.url, { method: 'POST', path: '/session', body })
      const cookie = headers.get('set-cookie') ?? ''
      expect(/Max-Age=(\d+)/.exec(cookie)?.[1], role).toBe(
        role === 'family' ? String(FAMILY_SESSION_AGE_MS / 1_000) : undefined,
      )
    }
  })
})

it("pushes come by the channel of the elder's area, and not by that of the account", async () => {
  const { desk, admin, add, daughter } = await startFamily()
  await add('/areas', { id: 'haibin', parentId: 'root', name: '海滨', level: 'district' })
  await admin.call('PATCH', '/residents/wang', { areaId: 'haibin' })
  const channel = { kind: 'web_push', name: '推送', config: { subject: 'mailto:desk@example.com' } }
  const { id } = await add('/channels', { ...channel, areaId: 'haibin' })
  expect((await daughter.call('GET', '/push')).body).toMatchObject({ channelId: id })
  const subscription = { endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } }
  expect((await daughter.call('POST', '/push', subscription)).status).toBe(204)
  const kept = await desk.records.db.selectFrom('pushSubscriptions').selectAll().execute()
  expect(kept).toMatchObject([{ channelId: id, userId: daughter.id }])
  expect((await daughter.call('DELETE', '/push', { endpoint: subscription.endpoint })).status).toBe(204)
  expect(await desk.records.db.selectFrom('pushSubscriptions').selectAll().execute()).toEqual([])
})

it('a family of two districts is pushed to for each of them, by its one subscription', async () => {
  const { desk, admin, add, daughter } = await startFamily()
  const { db } = desk.records
  await add('/contacts', { residentId: 'li', name: '王小梅', phone: '1', userId: daughter.id })
  const channels: string[] = []
  for (const [elder, area] of [
    ['wang', 'haibin'],
    ['li', 'huancui'],
  ] as const) {
    await add('/areas', { id: area, parentId: 'root', name: area, level: 'district' })
    await admin.call('PATCH', `/residents/${elder}`, { areaId: area })
    const config = { subject: `mailto:${area}@example.com` }
    const made = await add('/channels', { kind: 'web_push', name: area, areaId: area, config })
    channels.push(made.id)
  }
  const subscription = { endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } }
  expect((await daughter.call('POST', '/push', subscription)).status).toBe(204)
  const pushes = async (elder: string) => (await pushedContacts(db, [elder])).get(daughter.id)?.toSorted()
  const reached = async () =>
    Promise.all(channels.map(channelId => subscriptionsOf(db, { userId: daughter.id, channelId })))
  expect([await pushes('wang'), await pushes('li')]).toEqual([channels.toSorted(), channels.toSorted()])
  expect((await reached()).map(some => some.length)).toEqual([1, 1])

  const { publicKey } = (await daughter.call('GET', '/push')).body
  const [one, other] = channels as [string, string]
  expect((await admin.call('DELETE', `/channels/${one}`)).status).toBe(204)
  expect((await daughter.call('GET', '/push')).body).toEqual({ channelId: other, publicKey })
  expect(await pushes('li')).toEqual([other])
  expect((await reached()).map(some => some.length)).toEqual([0, 1])
})

// Ladders and deliveries over HTTP, and the page behind a contact's link.

import { describe, expect, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { UNANSWERED } from '../../alerts/escalate.ts'
import { replyLinks } from '../../alerts/reply-link.ts'
import { tellAlert } from '../../alerts/tell-alert.ts'
import { readTellDesk } from '../../alerts/tell-desk.ts'
import type { Delivery } from '../../model/delivery.ts'
import { incidentInScope } from '../../records/casework.ts'
import { writeDesk } from '../../records/db.ts'
import { replyKey } from '../../records/reply-key.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { runEach } from '../../records/whole.ts'
import { deliveriesOf } from '../alerts/deliveries.ts'
import { finding } from '../alerts/desk.ts'
import { startDesk, type TestDesk } from './desk.ts'

async function open() {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const area = { id: 'wh', parentId: 'root', name: '威海', level: 'city' }
  expect((await admin.call('POST', '/areas', area)).status).toBe(201)
  return { desk, admin, operator: await desk.person('operator', 'wh') }
}

const LADDER = {
  areaId: 'wh',
  class: 'emergency',
  because: 'unanswered',
  steps: [
    { afterMs: 0, audience: 'console', contacts: 'first' },
    { afterMs: 20_000, audience: 'everyone', contacts: 'all', breached: true },
  ],
  repeatMs: 60_000,
}

describe('ladders', () => {
  test('are made, changed and archived; an area has one for each case', async () => {
    const { admin } = await open()
    const made = await admin.call('POST', '/ladders', { ...LADDER, id: 'wh-sos' })
    expect(made).toMatchObject({ status: 201, body: { id: 'wh-sos', severity: null, repeatMs: 60_000 } })
    expect((await admin.call('POST', '/ladders', LADDER)).status).toBe(409)
    expect((await admin.call('POST', '/ladders', { ...LADDER, severity: 'critical' })).status).toBe(201)
    const changed = await admin.call('PATCH', '/ladders/wh-sos', { repeatMs: 30_000 })
    expect(changed.body).toMatchObject({ repeatMs: 30_000, steps: made.body.steps })
    expect((await admin.call('DELETE', '/ladders/wh-sos')).status).toBe(204)
    expect((await admin.call('GET', '/ladders')).body.items).toHaveLength(1)
    expect((await admin.call('POST', '/ladders', LADDER)).status).toBe(201)
  })

  test('by which nobody is told are refused, also as a change', async () => {
    const { admin } = await open()
    await admin.call('POST', '/ladders', { ...LADDER, id: 'l' })
    for (const steps of [[], [LADDER.steps[0]], [LADDER.steps[1], LADDER.steps[0]]])
      expect((await admin.call('PATCH', '/ladders/l', { steps })).status, JSON.stringify(steps)).toBe(400)
    expect((await admin.call('PATCH', '/ladders/l', { repeatMs: 0 })).status).toBe(400)
    expect((await admin.call('POST', '/ladders', { ...LADDER, class: 'technical' })).status).toBe(400)
  })

  test('one that was broken by hand is shown, and can be mended', async () => {
    const { desk, admin } = await open()
    await admin.call('POST', '/ladders', { ...LADDER, id: 'l' })
    await desk.records.db
      .updateTable('ladders')
      .set({ stepsJson: '{', repeatMs: 0 })
      .where('id', '=', 'l')
      .execute()
    expect(await admin.call('GET', '/ladders/l')).toMatchObject({ status: 200, body: { steps: [] } })
    const mended = await admin.call('PATCH', '/ladders/l', { steps: LADDER.steps, repeatMs: 60_000 })
    expect(mended).toMatchObject({ status: 200, body: { repeatMs: 60_000 } })
  })

  test('are for whoever runs the desk', async () => {
    const { operator } = await open()
    expect((await operator.call('GET', '/ladders')).status).toBe(403)
    expect((await operator.call('POST', '/ladders', LADDER)).status).toBe(403)
  })
})

/** Mrs Li pressed the red key, and her daughter is to be told by text message. */
async function pressed(desk: TestDesk, language: 'zh' | 'en' = 'zh') {
  const { records, clock } = desk
  const at = { createdAt: 0, archivedAt: null }
  const unsaid = {
    gender: null,
    birthYear: null,
    phone: null,
    address: null,
    accessNotes: null,
    medicalNotes: null,
  }
  await records.db
    .insertInto('residents')
    .values({ id: 'li', areaId: 'wh', name: '李秀英', ...unsaid, wandering: 0, livesAlone: 0, ...at })
    .execute()
  await records.db
    .insertInto('devices')
    .values({ id: 'b-li', kind: 'bracelet', protocol: 'mqtt', areaId: 'wh', secretHash: '', ...at })
    .execute()
  const worn = { id: 'a', deviceId: 'b-li', residentId: 'li', fromAt: 0, toAt: null }
  await records.db.insertInto('assignments').values(worn).execute()
  await records.db
    .insertInto('contacts')
    .values({
      id: 'mei',
      residentId: 'li',
      name: '李梅',
      relation: null,
      phone: '19900000001',
      position: 1,
      language,
      archivedAt: null,
    })
    .execute()
  await records.db
    .insertInto('channels')
    .values({
      id: 'sms',
      kind: 'aliyun_sms',
      name: 'sms',
      areaId: 'root',
      configJson: '{}',
      enabled: 1,
      changedAt: 0,
      archivedAt: null,
    })
    .execute()
  const now = clock.now()
  await writeDesk(records, tx => applyFindings(tx, [finding({ receivedAt: now })], now))
  const { id } = await records.db.selectFrom('incidents').select('id').executeTakeFirstOrThrow()
  const delivery = await writeDesk(records, async tx => {
    const incident = (await incidentInScope(tx, { id, scope: WHOLE_HUB })) ?? expect.fail('no alarm')
    const telling = await readTellDesk(tx, [{ incident, audiences: [] }], [])
    tellAlert(telling, { incident, ladder: UNANSWERED.emergency, now, log: undefined })
    await runEach(tx, telling.statements(tx))
    return (await deliveriesOf(tx, id))[0] ?? expect.fail('no delivery')
  })
  const links = replyLinks({ key: await replyKey(records.db), publicUrl: desk.url })
  return { id, delivery, link: links.of(delivery) ?? expect.fail('no link') }
}

describe('deliveries', () => {
  test('stand with their alarm; receipts move them forward only', async () => {
    const { desk, admin, operator } = await open()
    const { id, delivery } = await pressed(desk)
    const list = await operator.call('GET', `/alarms/${id}/deliveries`)
    expect(list.body.items).toMatchObject([
      {
        id: delivery.id,
        recipient: { type: 'contact', name: '李梅' },
        channel: { kind: 'aliyun_sms' },
        state: 'queued',
      },
    ])
    const integration = await desk.person('integration')
    const report = (body: unknown) => integration.call('POST', `/deliveries/${delivery.id}/receipt`, body)
    expect((await report({ state: 'seen' })).body).toMatchObject({ state: 'seen' })
    expect((await report({ state: 'delivered' })).status).toBe(409)
    expect((await report({ state: 'failed' })).status).toBe(409)
    expect((await report({ state: 'accepted' })).status).toBe(400)
    expect((await operator.call('POST', `/deliveries/${delivery.id}/resend`)).status).toBe(409)
    expect((await admin.call('POST', '/deliveries/nothing/resend')).status).toBe(404)
  })

  test('of an alarm that nobody answered all night come in pages, the newest first, in order on each', async () => {
    const { desk, operator } = await open()
    const { id, delivery } = await pressed(desk)
    const row = (await deliveriesOf(desk.records.db, id))[0] ?? expect.fail('no delivery')
    const rounds = Array.from({ length: 1_200 }, (_, n) => n + 2)
    for (const some of [rounds.slice(0, 600), rounds.slice(600)])
      await desk.records.db
        .insertInto('deliveries')
        .values(
          some.map(round => ({
            ...row,
            id: `later-${round}`,
            round,
            code: null,
            queuedAt: row.queuedAt + round * 180_000,
          })),
        )
        .execute()
    const roundsOf = (list: Delivery[]): number[] => list.map(({ round }) => round)
    const page = (query: string) => operator.call('GET', `/alarms/${id}/deliveries${query}`)
    const newest = (await page('')).body
    expect(roundsOf(newest.items)).toEqual(rounds.slice(-1_000))
    const older = (await page(`?cursor=${newest.next}`)).body
    expect(roundsOf(older.items)).toEqual([1, ...rounds.slice(0, 200)])
    expect([older.next, older.items[0].id]).toEqual([null, delivery.id])
    const few = (await page('?limit=2')).body
    expect(roundsOf(few.items)).toEqual([1_200, 1_201])
    expect((await page('?limit=0')).status).toBe(400)
    expect((await page('?limit=1001')).status).toBe(400)
    expect((await page('?cursor=nonsense')).status).toBe(400)
  })

  test('of another area are not there', async () => {
    const { desk } = await open()
    const { id, delivery } = await pressed(desk)
    await desk.records.db
      .insertInto('areas')
      .values({
        id: 'qd',
        parentId: 'root',
        name: '青岛',
        level: 'city',
        path: '/root/qd/',
        archivedAt: null,
      })
      .execute()
    const far = await desk.person('operator', 'qd')
    expect((await far.call('GET', `/alarms/${id}/deliveries`)).status).toBe(404)
    expect((await far.call('POST', `/deliveries/${delivery.id}/resend`)).status).toBe(404)
  })

  test('that failed are sent again', async () => {
    const { desk, operator } = await open()
    const { id, delivery } = await pressed(desk)
    const integration = await desk.person('integration')
    const body = { state: 'failed', reason: 'no_such_number' }
    await integration.call('POST', `/deliveries/${delivery.id}/receipt`, body)
    const again = await operator.call('POST', `/deliveries/${delivery.id}/resend`)
    expect(again.body).toMatchObject({ state: 'queued', failedAt: null })
    const { timeline } = (await operator.call('GET', `/alarms/${id}`)).body
    expect(timeline.map(({ kind }: { kind: string }) => kind)).toEqual([
      'finding',
      'untold',
      'untold',
      'told_again',
    ])
  })
})

test('a receipt names the sending that it is of: one of an earlier sending does not mark a later one', async () => {
  const { desk, operator } = await open()
  const { delivery } = await pressed(desk)
  const integration = await desk.person('integration')
  const report = (body: unknown) => integration.call('POST', `/deliveries/${delivery.id}/receipt`, body)
  expect((await report({ state: 'failed', sending: 2 })).status).toBe(409) // nobody has sent it twice
  expect((await report({ state: 'failed', sending: 1 })).body).toMatchObject({ state: 'failed', sending: 1 })
  const again = await operator.call('POST', `/deliveries/${delivery.id}/resend`)
  expect(again.body).toMatchObject({ state: 'queued', sending: 2 })
  const late = await report({ state: 'failed', sending: 1 })
  expect(late).toMatchObject({ status: 409, body: { detail: 'This delivery is queued, at sending 2.' } })
  expect((await report({ state: 'failed', sending: 2 })).body).toMatchObject({ state: 'failed', sending: 2 })
  expect((await report({ state: 'failed', sending: 0 })).status).toBe(400)
})

describe('the page behind a link', () => {
  const PAGE = { accept: 'text/html,application/xhtml+xml' }

  test('is looked at without consequence, and accepted by its button, once', async () => {
    const { desk, operator } = await open()
    const { id, link } = await pressed(desk)
    for (let i = 0; i < 2; i++) {
      const page = await fetch(link, { headers: PAGE })
      const html = await page.text()
      expect(page.status).toBe(200)
      expect(html).toContain('<button type="submit">我去</button>')
      expect(html).not.toContain('李秀英')
      const policy = page.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
      expect(html).toContain(`<style nonce="${/nonce-([^']+)'/.exec(policy)?.[1]}">`)
      expect(html).not.toMatch(/(src|href)=/)
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    }
    const pressedOnce = await fetch(link, {
      method: 'POST',
      headers: { ...PAGE, 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
    })
    expect(pressedOnce.status).toBe(200)
    expect(await pressedOnce.text()).toContain('已收到')
    const { timeline } = (await operator.call('GET', `/alarms/${id}`)).body
    const going = timeline.filter(({ kind }: { kind: string }) => kind === 'contact_going')
    expect(going).toMatchObject([{ detail: { name: '李梅' } }])

    const twice = await fetch(link, { method: 'POST', headers: PAGE })
    expect(twice.status).toBe(409)
    expect(await twice.text()).toContain('已经用过')
    const asProgram = await fetch(link, { method: 'POST' })
    expect(await asProgram.json()).toMatchObject({ status: 409, code: 'LINK_USED' })
  })

  test('in the language of the contact', async () => {
    const { desk } = await open()
    const { link } = await pressed(desk, 'en')
    const html = await (await fetch(link, { headers: PAGE })).text()
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('I&#39;m going')
  })

  test('expired, or not one of ours', async () => {
    const { desk } = await open()
    const { link } = await pressed(desk)
    const forged = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`
    expect((await fetch(forged, { headers: PAGE })).status).toBe(404)
    expect(await (await fetch(`${desk.url}/r/none`)).json()).toMatchObject({ code: 'NOT_FOUND' })
    desk.clock.advance(13 * 3_600_000)
    expect((await fetch(link, { headers: PAGE })).status).toBe(410)
    const expired = await fetch(link, { method: 'POST' })
    expect(await expired.json()).toMatchObject({ status: 410, code: 'LINK_EXPIRED' })
  })
})

// Who outside of the desk is told of an alarm, and when: stories in virtual time.

import { describe, expect, onTestFinished, test } from 'vitest'
import { noteReceipt, sendAgain } from '../../alerts/receipts.ts'
import { acceptReply, lookAtReply } from '../../alerts/reply.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { HOUR, MINUTE, SECOND } from './desk.ts'
import { KEY, openTelling, PUBLIC_URL } from './telling.ts'

async function open() {
  const desk = await openTelling()
  onTestFinished(desk.close)
  return desk
}

const MEI = ['mail mei@example.com', 'sms 19900000001']
const JUN = ['sms 19900000002']

test('0 s the first contact, 60 s all of them, 180 s again, until somebody accepts', async () => {
  const desk = await open()
  await desk.take({})
  await desk.turn()
  expect(desk.told().sort()).toEqual(MEI)
  await desk.goOn(59 * SECOND)
  expect(desk.told()).toEqual([])
  await desk.goOn(SECOND)
  expect(desk.told().sort()).toEqual([...MEI, ...JUN].sort())
  await desk.goOn(120 * SECOND)
  expect(desk.told()).toHaveLength(3)
  await desk.goOn(180 * SECOND)
  expect(desk.told()).toHaveLength(3) // the last step again: a round of its own
  const { id } = await desk.alarm()
  await desk.does('chen', 'accept', id)
  desk.staysThere(id)
  await desk.goOn(10 * MINUTE)
  expect(desk.told()).toEqual([])
  expect((await desk.kinds(id)).filter(kind => kind === 'told')).toHaveLength(2 + 3 + 3 + 3)
})

test('a message names the elder as strangers may know them, and where to answer', async () => {
  const desk = await open()
  await desk.take({ evidence: { position: { lat: 37.5, lon: 122.1, accuracyM: 15, source: 'gps' } } })
  await desk.turn()
  const [{ message } = expect.fail('nothing was sent')] = desk.sent
  expect(message).toMatchObject({ urgent: true, language: 'zh', template: 'alarm' })
  expect(message.link).toMatch(/^https:\/\/hub\.example\/r\/[A-Za-z0-9_-]{28}$/)
  expect(message.text).not.toContain('李秀英')
  expect(message.map).toContain('amap.com')
})

test.each<[name: string, told: string, why: string]>([
  ['\u202E\u200B\u2066', '一位老人', 'nothing of it can be seen'],
  ['\u202E李\u200B秀英', '李＊＊', 'turned around, and stretched'],
  ['=李秀英', '李＊＊', 'the beginning of a formula'],
  ['محمد علي', 'ع＊＊', 'from right to left'],
])('the name %j costs no message its way: %s (%s)', async (name, told) => {
  const desk = await open()
  await desk.records.db.updateTable('residents').set({ name }).where('id', '=', 'li').execute()
  await desk.take({})
  await desk.turn()
  expect(desk.sent).toHaveLength(2)
  for (const { message } of desk.sent) {
    expect(message.title).toContain(told)
    expect(`${message.title}${message.text}`).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2066\u2067]/u)
  }
})

describe('"I\'m going"', () => {
  const tokenIn = (link: string | undefined) =>
    link?.slice(`${PUBLIC_URL}/r/`.length) ?? expect.fail('no link')

  test('stops the contacts of this alarm and nothing else, and stands on the timeline', async () => {
    const desk = await open()
    await desk.take({})
    await desk.turn()
    const token = tokenIn(desk.sent[0]?.message.link)
    desk.told()
    expect(await acceptReply({ ...desk, key: KEY }, token)).toMatchObject({ state: 'open' })
    await desk.goOn(10 * MINUTE)
    expect(desk.told()).toEqual([])
    const { id, escalation } = await desk.alarm()
    expect(escalation).toBe(3) // the desk still has to answer
    const going = (await desk.timeline(id)).find(({ kind }) => kind === 'contact_going')
    expect(going?.detail).toMatchObject({ contactId: 'mei', name: '李梅' })
    expect((await desk.deliveries(id)).map(({ state }) => state).sort()).toEqual(['accepted', 'sent'])
  })

  test('to look at it changes nothing, however often', async () => {
    const desk = await open()
    await desk.take({})
    await desk.turn()
    const token = tokenIn(desk.sent[0]?.message.link)
    const before = await desk.timeline((await desk.alarm()).id)
    for (let i = 0; i < 3; i++)
      expect(await lookAtReply({ ...desk, key: KEY }, token)).toMatchObject({ state: 'open' })
    expect(await desk.timeline((await desk.alarm()).id)).toEqual(before)
  })

  test.each<[why: string, state: string]>([
    ['used twice', 'used'],
    ['expired', 'expired'],
    ['over', 'over'],
    ['another signature', 'unknown'],
    ['cut short', 'unknown'],
  ])('%s: %s', async (why, state) => {
    const desk = await open()
    await desk.take({})
    await desk.turn()
    let token = tokenIn(desk.sent[0]?.message.link)
    const { id } = await desk.alarm()
    if (why === 'used twice') await acceptReply({ ...desk, key: KEY }, token)
    if (why === 'expired') desk.wait(12 * HOUR)
    if (why === 'another signature') token = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    if (why === 'cut short') token = token.slice(0, -1)
    if (why === 'over') {
      await desk.does('chen', 'accept', id)
      await desk.does('chen', 'resolve', id, { disposition: 'helped_at_home' })
    }
    expect((await acceptReply({ ...desk, key: KEY }, token)).state).toBe(state)
    const going = (await desk.kinds(id)).filter(kind => kind === 'contact_going')
    expect(going).toHaveLength(why === 'used twice' ? 1 : 0)
  })
})

test('a link that arrived before its message was sent again still answers', async () => {
  const desk = await open()
  await desk.take({})
  await desk.turn()
  const [{ message } = expect.fail('nothing was sent')] = desk.sent
  const [id = ''] = message.key.split('.')
  await noteReceipt(desk, { id, scope: WHOLE_HUB, state: 'failed' })
  desk.wait(MINUTE)
  await sendAgain(desk, { id, scope: WHOLE_HUB, by: 'chen' })
  const token = message.link?.slice(`${PUBLIC_URL}/r/`.length) ?? ''
  expect(await acceptReply({ ...desk, key: KEY }, token)).toMatchObject({ state: 'open' })
})

describe('hazard 5: a notification failure that is only a log line', () => {
  test('the next contact is tried at once, and the timeline says who was not told and why', async () => {
    const desk = await open()
    desk.failing.set('19900000001', 'no_such_recipient').set('mei@example.com', 'no_such_recipient')
    await desk.take({})
    await desk.turn()
    expect(desk.told()).toEqual(JUN)
    const { id } = await desk.alarm()
    const untold = (await desk.timeline(id)).filter(({ kind }) => kind === 'untold')
    expect(untold.map(({ detail }) => [detail.reason, detail.channel])).toEqual(
      expect.arrayContaining([
        ['no_such_recipient', 'aliyun_sms'],
        ['no_such_recipient', 'smtp'],
      ]),
    )
    expect(
      (await desk.deliveries(id)).map(({ recipientId, state }) => `${recipientId} ${state}`).sort(),
    ).toEqual(['jun sent', 'mei failed', 'mei failed'])
  })

  test('a text that misses a value is refused by name, and the next contact is told', async () => {
    const desk = await open()
    desk.failing.set('19900000001', 'value_missing').set('mei@example.com', 'value_missing')
    await desk.take({})
    await desk.turn()
    expect(desk.told()).toEqual(JUN)
    const untold = (await desk.timeline((await desk.alarm()).id)).filter(({ kind }) => kind === 'untold')
    expect(untold.map(({ detail }) => detail.reason)).toContain('value_missing')
  })

  test('one of two ways to a contact is enough', async () => {
    const desk = await open()
    desk.failing.set('19900000001', 'no_such_recipient')
    await desk.take({})
    await desk.turn()
    expect(desk.told()).toEqual(['mail mei@example.com'])
  })

  test('an elder without any contact is said to have none, once', async () => {
    const desk = await open()
    await desk.records.db.deleteFrom('contacts').execute()
    await desk.take({})
    await desk.goOn(5 * MINUTE)
    const { id } = await desk.alarm()
    const untold = (await desk.timeline(id)).filter(({ kind }) => kind === 'untold')
    expect(untold.map(({ detail }) => detail)).toEqual([{ reason: 'no_contacts' }])
  })

  test('what fails again and again is failed for good, and when nobody is left that is said', async () => {
    const desk = await open()
    for (const address of ['19900000001', '19900000002', 'mei@example.com'])
      desk.failing.set(address, 'unreachable')
    await desk.take({})
    await desk.goOn(6 * SECOND)
    const { id } = await desk.alarm()
    const untold = (await desk.timeline(id)).filter(({ kind }) => kind === 'untold')
    expect(untold.map(({ detail }) => detail.reason)).toEqual(
      expect.arrayContaining(['unreachable', 'no_channel', 'nobody_left']),
    )
    expect(untold.find(({ detail }) => detail.reason === 'no_channel')?.detail.recipient).toMatchObject({
      id: 'old',
      name: '老张',
    })
    expect((await desk.deliveries(id)).every(({ state }) => state === 'failed')).toBe(true)
  })

  test('a person has it sent again, under another key', async () => {
    const desk = await open()
    desk.failing.set('19900000001', 'out_of_credit')
    await desk.take({})
    await desk.turn()
    const { id } = await desk.alarm()
    const failed = (await desk.deliveries(id)).find(({ state }) => state === 'failed')
    desk.failing.clear()
    desk.sent.splice(0)
    const asked = { id: failed?.id ?? '', scope: WHOLE_HUB, by: 'chen' }
    expect(await sendAgain(desk, asked)).toMatchObject({ ok: true, delivery: { state: 'queued' } })
    expect(await sendAgain(desk, asked)).toMatchObject({ ok: false, code: 'CONFLICT' })
    await desk.turn()
    expect(desk.sent.map(({ message }) => message.key)).toEqual([`${failed?.id}.2`])
    expect(await desk.kinds(id)).toContain('told_again')
  })
})

test('a contact without any channel is named once, whoever else is told', async () => {
  const desk = await open()
  await desk.take({})
  await desk.goOn(8 * MINUTE)
  const untold = (await desk.timeline((await desk.alarm()).id)).filter(({ kind }) => kind === 'untold')
  expect(untold.map(({ detail }) => [detail.reason, detail.recipient])).toEqual([
    ['no_channel', { type: 'contact', id: 'old', name: '老张' }],
  ])
})

test('by availability: who is at work is passed over, and told with all', async () => {
  const desk = await open()
  const nights = JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], from: '18:00', to: '24:00' }])
  await desk.records.db
    .updateTable('contacts')
    .set({ availabilityJson: nights })
    .where('id', '=', 'mei')
    .execute()
  await desk.take({}) // at noon
  await desk.turn()
  expect(desk.told()).toEqual(JUN)
  await desk.goOn(MINUTE)
  expect(desk.told().sort()).toEqual([...MEI, ...JUN].sort())
  await desk.goOn(8 * MINUTE)
  const untold = (await desk.timeline((await desk.alarm()).id)).filter(({ kind }) => kind === 'untold')
  expect(untold.map(({ detail }) => detail)).toContainEqual({
    reason: 'not_available',
    recipient: { type: 'contact', id: 'mei', name: '李梅' },
  })
  expect(
    untold.filter(({ detail }) => detail.reason === 'not_available'),
    'once an alarm',
  ).toHaveLength(1)
})

test('an alarm that is over before its message leaves is not told any more', async () => {
  const desk = await open()
  desk.failing.set('19900000001', 'busy').set('mei@example.com', 'busy')
  await desk.take({})
  await desk.turn()
  const { id } = await desk.alarm()
  await desk.does('chen', 'accept', id)
  await desk.does('chen', 'resolve', id, { disposition: 'false_alarm' })
  desk.failing.clear()
  await desk.goOn(MINUTE)
  expect(desk.told()).toEqual([])
  expect((await desk.deliveries(id)).map(({ reason }) => reason)).toEqual(['over', 'over'])
})

test('an alert to its owner is theirs first; what they do not acknowledge, contacts hear of', async () => {
  const desk = await open()
  await desk.take({ kind: 'no_movement', severity: 'high' })
  await desk.turn()
  const { id } = await desk.alarm()
  await desk.does('chen', 'accept', id)
  desk.told()
  await desk.take({})
  await desk.turn()
  expect(desk.told()).toEqual([])
  // Chen's screen is there, and Chen is not.
  desk.staysThere(id)
  await desk.goOn(MINUTE)
  expect(desk.told().sort()).toEqual([...MEI, ...JUN].sort())
})

describe("an area's own ladder", () => {
  const quick = [
    { afterMs: 0, audience: 'console', contacts: 'none' },
    { afterMs: 10_000, audience: 'operators', contacts: 'next' },
    { afterMs: 20_000, audience: 'everyone', contacts: 'next', breached: true },
  ]
  const row = (stepsJson: string) => ({
    id: 'quick',
    areaId: 'wh',
    class: 'emergency' as const,
    severity: null,
    because: 'unanswered' as const,
    stepsJson,
    repeatMs: 30_000,
    changedAt: 0,
    archivedAt: null,
  })

  test('holds from the alert on, also where it is quicker than the usual one', async () => {
    const desk = await open()
    await desk.records.db
      .insertInto('ladders')
      .values(row(JSON.stringify(quick)))
      .execute()
    await desk.take({})
    await desk.turn()
    expect(desk.told()).toEqual([])
    await desk.goOn(10 * SECOND)
    expect(desk.told().sort()).toEqual(MEI)
    await desk.goOn(10 * SECOND)
    expect(desk.told()).toEqual(JUN)
    await desk.goOn(30 * SECOND)
    expect(desk.told().sort()).toEqual(MEI) // a round of its own: from the first contact on
  })

  test('slower than the usual one: nothing pulls it in', async () => {
    const desk = await open()
    const slow = quick.map(step => ({ ...step, afterMs: step.afterMs * 12 }))
    await desk.records.db
      .insertInto('ladders')
      .values(row(JSON.stringify(slow)))
      .execute()
    await desk.take({})
    await desk.goOn(119 * SECOND)
    expect((await desk.alarm()).escalation).toBe(0)
    await desk.goOn(SECOND)
    expect((await desk.alarm()).escalation).toBe(1)
  })

  test.each(['[]', 'not JSON', '[{"afterMs":0}]'])(
    'that is broken (%s) is the usual one',
    async stepsJson => {
      const desk = await open()
      await desk.records.db.insertInto('ladders').values(row(stepsJson)).execute()
      await desk.take({})
      await desk.goOn(30 * SECOND)
      expect((await desk.alarm()).escalation).toBe(1)
      expect(desk.told().sort()).toEqual(MEI)
    },
  )
})

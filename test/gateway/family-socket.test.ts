// The socket of families: each hears of their own elders, at once, and of nobody who works on it.

import { expect, test } from 'vitest'
import type { FamilyMessage } from '../../model/family.ts'
import { raiseAlarm } from './alarm.ts'
import { follow, type Person, type TestDesk } from './desk.ts'
import { startFamily } from './family.ts'

const socketOf = async ({ url }: TestDesk, { token }: Person) => {
  const { messages, ...follower } = await follow(`${url.replace('http', 'ws')}/ws/family`, token)
  return { ...follower, messages: messages as unknown as FamilyMessage[] }
}

test('a family hears what happens to their elder, and never to another, nor who works on it', async () => {
  const { desk, daughter, son } = await startFamily()
  const [hers, his] = [await socketOf(desk, daughter), await socketOf(desk, son)]
  expect(hers.messages).toEqual([expect.objectContaining({ type: 'hello', oldest: 1 })])
  const id = await raiseAlarm(desk, { residentId: 'wang' })
  await hers.until(() => hers.messages.length === 2)
  expect(hers.messages[1]).toMatchObject({
    type: 'alarm',
    entry: { kind: 'finding' },
    alarm: { id, state: 'raised', subject: { id: 'wang' } },
  })

  const operator = await desk.person('operator')
  await operator.call('POST', `/alarms/${id}/note`, { text: '邻居在路上' })
  expect((await operator.call('POST', `/alarms/${id}/accept`)).status).toBe(200)
  await hers.until(() => hers.messages.length === 3)
  expect(hers.messages[2]).toMatchObject({ entry: { kind: 'accepted' }, alarm: { id, state: 'accepted' } })
  expect(JSON.stringify(hers.messages)).not.toContain(operator.id)

  const other = await raiseAlarm(desk, { residentId: 'li' })
  await his.until(() => his.messages.length === 2)
  expect(his.messages[1]).toMatchObject({ alarm: { id: other } })
  expect(hers.messages).toHaveLength(3)
})

test('what is taken back is not told any more, with the next entry', async () => {
  const { desk, admin, daughter, son } = await startFamily()
  const [hers, his] = [await socketOf(desk, daughter), await socketOf(desk, son)]
  await admin.call('PATCH', '/contacts/hers', { userId: null })
  await raiseAlarm(desk, { residentId: 'wang' })
  await raiseAlarm(desk, { residentId: 'li' })
  await his.until(() => his.messages.length === 2) // told in order: hers would have been there before
  expect(hers.messages).toHaveLength(1)
})

test('staff have no place there, families none at the desk, and who signs out is let go', async () => {
  const { desk, daughter } = await startFamily()
  await expect(socketOf(desk, await desk.person('operator'))).rejects.toThrow('403')
  await expect(desk.follow(daughter)).rejects.toThrow('403')
  const hers = await socketOf(desk, daughter)
  await daughter.call('DELETE', '/session')
  expect(await hers.closed).toBe(4401)
})

test('one account has no room for more than a few sockets: the desk needs its own', async () => {
  const { desk, daughter, son } = await startFamily()
  for (let i = 0; i < 4; i++) await socketOf(desk, daughter)
  expect(await (await socketOf(desk, daughter)).closed).toBe(4429)
  expect((await socketOf(desk, son)).messages).toHaveLength(1)
})

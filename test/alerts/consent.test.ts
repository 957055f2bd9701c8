// What a withdrawn consent changes of what contacts are told, and what it never changes: that they are told.

import { expect, onTestFinished, test } from 'vitest'
import type { ConsentPurpose } from '../../model/consent.ts'
import { recordConsent } from '../../records/consents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { openTelling, type TellingDesk } from './telling.ts'

const EVIDENCE = { position: { lat: 37.5, lon: 122.1, accuracyM: 15, source: 'gps' } }

async function open() {
  const desk = await openTelling()
  onTestFinished(desk.close)
  await desk.records.db.updateTable('residents').set({ address: '竹岛街道 3 号' }).execute()
  return desk
}

const says = async (
  desk: TellingDesk,
  state: 'given' | 'withdrawn',
  purpose: ConsentPurpose = 'family_sharing',
) => {
  const { id: residentId } = await desk.records.db
    .selectFrom('contacts')
    .select('residentId as id')
    .executeTakeFirstOrThrow()
  const said = { purpose, state, by: 'elder', byName: null, relation: null, how: 'phone' } as const
  const consent = { ...said, textVersion: 'family-1' }
  await recordConsent(desk.records, { scope: WHOLE_HUB, residentId, consent, by: 'chen', at: desk.now() })
}

async function toldIn(desk: TellingDesk) {
  await desk.take({ evidence: EVIDENCE })
  await desk.turn()
  const messages = desk.sent.map(({ message }) => message)
  expect(messages).not.toEqual([])
  return messages.sort((a, b) => a.to.localeCompare(b.to))
}

test('nobody has written anything down: contacts are told where', async () => {
  const [message] = await toldIn(await open())
  expect(message?.map).toContain('amap.com')
  expect(message?.text).toContain('竹岛街道 3 号')
})

test('withdrawn: as many are told as before, of the same, but not where', async () => {
  const before = await toldIn(await open())
  const desk = await open()
  await says(desk, 'withdrawn')
  const after = await toldIn(desk)
  expect(after.map(({ to }) => to)).toEqual(before.map(({ to }) => to))
  for (const [index, message] of after.entries()) {
    expect(message).toMatchObject({ urgent: true, title: before[index]?.title, template: 'alarm' })
    expect(message.map).toBeUndefined()
    expect(JSON.stringify(message)).not.toMatch(/竹岛|37\.5|122\.1/)
    expect(message.text).toContain('按老人意愿不提供位置')
  }
})

test('given again: they are told where, and so they are where only something else was withdrawn', async () => {
  const desk = await open()
  await says(desk, 'withdrawn')
  await says(desk, 'given')
  await says(desk, 'withdrawn', 'location')
  expect((await toldIn(desk))[0]?.map).toContain('amap.com')
})

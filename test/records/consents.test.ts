// Consents: said, taken back, never changed.

import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { CONSENT_PURPOSES, type NewConsent } from '../../model/consent.ts'
import { consentStanding, consentsOf, isWithdrawn, recordConsent } from '../../records/consents.ts'
import { createResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { testClock } from '../gateway/desk.ts'
import { testRecords } from './started.ts'

const BY_ELDER = {
  purpose: 'family_sharing',
  state: 'given',
  by: 'elder',
  byName: null,
  relation: null,
  how: 'paper',
  textVersion: 'family-1',
} as const satisfies NewConsent

async function open() {
  const clock = testClock()
  const records = await testRecords(clock)
  const plain = { gender: null, birthYear: null, phone: null, address: null, accessNotes: null }
  await createResident(records, {
    scope: WHOLE_HUB,
    resident: {
      ...plain,
      id: 'r1',
      areaId: 'root',
      name: '李',
      medicalNotes: null,
      wandering: false,
      livesAlone: false,
    },
    at: clock.now(),
  })
  const say = (consent: NewConsent, residentId = 'r1') =>
    recordConsent(records, { scope: WHOLE_HUB, residentId, consent, by: 'user_1', at: clock.now() })
  const stateOf = async (purpose = 'family_sharing') =>
    (await consentStanding(records.read, 'r1')).find(one => one.purpose === purpose)?.state
  return { clock, records, say, stateOf }
}

test('nothing is recorded at first, every purpose by name', async () => {
  const { records } = await open()
  const standing = await consentStanding(records.read, 'r1')
  expect(standing.map(({ purpose, state }) => [purpose, state])).toEqual(
    CONSENT_PURPOSES.map(purpose => [purpose, 'unrecorded']),
  )
  expect(await isWithdrawn(records.read, { residentId: 'r1', purpose: 'family_sharing' })).toBe(false)
})

test('what was said last counts, and all of it stays', async () => {
  const { clock, records, say, stateOf } = await open()
  await say(BY_ELDER)
  clock.advance(1_000)
  await say({ ...BY_ELDER, state: 'withdrawn', how: 'phone' })
  expect(await stateOf()).toBe('withdrawn')
  expect(await stateOf('location')).toBe('unrecorded')
  expect(await isWithdrawn(records.read, { residentId: 'r1', purpose: 'family_sharing' })).toBe(true)
  // A paper that was signed before it was taken back is found afterwards: it changes nothing.
  await say({ ...BY_ELDER, saidAt: clock.now() - 500 })
  expect(await stateOf()).toBe('withdrawn')
  expect(await isWithdrawn(records.read, { residentId: 'r1', purpose: 'family_sharing' })).toBe(true)
  expect((await consentsOf(records.read, 'r1')).map(({ seq, state, how }) => [seq, state, how])).toEqual([
    [1, 'given', 'paper'],
    [2, 'withdrawn', 'phone'],
    [3, 'given', 'paper'],
  ])
})

test('of what was said at one time, what was written down last', async () => {
  const { say, stateOf } = await open()
  await say({ ...BY_ELDER, state: 'withdrawn' })
  await say(BY_ELDER)
  expect(await stateOf()).toBe('given')
})

const GUARDIAN = { ...BY_ELDER, by: 'guardian', byName: '李强', relation: '儿子' } as const

test.each<[string, NewConsent, string]>([
  ['a guardian without a name', { ...GUARDIAN, byName: null }, 'guardian'],
  ['a guardian without a relation', { ...GUARDIAN, relation: null }, 'guardian'],
  ['an elder with the name of somebody else', { ...BY_ELDER, byName: '李强' }, 'themselves'],
  ['what nobody has said yet', { ...BY_ELDER, saidAt: 9e12 }, 'yet'],
])('refuses %s', async (_what, consent, words) => {
  const { records, say } = await open()
  await expect(say(consent)).rejects.toThrow(words)
  expect(await consentsOf(records.read, 'r1')).toEqual([])
})

test('refuses an elder who is not there', async () => {
  const { say } = await open()
  await expect(say(BY_ELDER, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the database refuses every change but that a name is erased', async () => {
  const { records, say } = await open()
  await say(GUARDIAN)
  for (const statement of [
    `update consents set state = 'withdrawn'`,
    `update consents set by_name = '王'`,
    `update consents set recorded_at = 1`,
    'delete from consents',
  ])
    await expect(sql.raw(statement).execute(records.db), statement).rejects.toThrow('only grows')
  await sql`update consents set by_name = null, relation = null`.execute(records.db)
  expect(await consentsOf(records.read, 'r1')).toMatchObject([
    { by: 'guardian', byName: null, relation: null, state: 'given' },
  ])
})

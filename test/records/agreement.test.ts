// Where the two engines are known to differ, and the hub must not: capitals, the order of texts, letters that
// cannot be stored, whole numbers, and cursors that were made up.

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { epochMs } from '../../model/units.ts'
import { type Records, writeDesk } from '../../records/db.ts'
import { listAlarms, timelineOf } from '../../records/incidents.ts'
import { createResident, listResidents } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { createUser, findLogin } from '../../records/users.ts'
import { finding, NOON, settle } from '../alerts/desk.ts'
import { UNSAID } from '../unsaid.ts'
import { newRecords } from './started.ts'

const scope = WHOLE_HUB
let records: Records
beforeAll(async () => {
  records = await newRecords({ now: () => epochMs(NOON) })
  await settle(records.db)
})
afterAll(() => records.close())

/** In the order of their letters' numbers: capitals before small letters, Latin before Chinese. */
const NAMES = ['B_b', 'Zoe', 'a%c', 'abc', 'zoé', 'Éva', '安', '张三', '李四', '𠀀']

describe('texts', () => {
  beforeAll(async () => {
    for (const name of NAMES.toReversed())
      await createResident(records, { scope, at: 1, resident: { ...PERSON, name, areaId: 'qd' } })
  })
  const names = async (given: object) =>
    (await listResidents(records.read, { scope, areaId: 'qd', limit: 100, ...given })).items.map(r => r.name)

  test('have one order', async () => {
    expect((await names({})).filter(name => NAMES.includes(name))).toEqual(NAMES)
  })

  test('are paged in that order', async () => {
    const paged: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await listResidents(records.read, { scope, areaId: 'qd', limit: 3, cursor })
      paged.push(...page.items.map(({ name }) => name))
      if (page.next === null) break
      cursor = page.next
    }
    expect(paged).toEqual(await names({}))
  })

  test.each<[string, string[], string]>([
    ['ZO', ['Zoe', 'zoé'], 'capitals make no difference'],
    ['a%c', ['a%c'], '% is a letter'],
    ['B_', ['B_b'], '_ is a letter'],
    ['é', ['zoé'], 'beyond A to Z capitals are letters of their own'],
    ['张', ['张三'], 'Chinese'],
    ['a\0', [], 'what nothing can hold is in nothing'],
    ['\ud83d', [], 'half a character'],
    ["' or 1=1", [], 'quotes'],
    ['\\', [], 'a backslash'],
  ])('are found by %j: %j, %s', async (text, found, _reason) => {
    expect(await names({ text })).toEqual(found)
  })
})

describe('a user name', () => {
  beforeAll(async () => {
    const user = {
      username: 'Kelvin',
      name: 'k',
      role: 'operator',
      areaId: 'root',
      passwordHash: '',
    } as const
    await createUser(records, { scope, user, at: 1 })
  })

  test.each<[string, boolean]>([
    ['Kelvin', true],
    ['KELVIN', true],
    ['\u212Aelvin', false], // the sign for kelvin, whose small letter is a k
    ['kelvin\0', false],
    ['', false],
  ])('%j signs in: %s', async (username, is) => {
    expect((await findLogin(records.read, { username })) !== undefined).toBe(is)
  })

  test('is held by an index, too', async () => {
    const row = await records.db
      .selectFrom('users')
      .selectAll()
      .where('username', '=', 'Kelvin')
      .executeTakeFirstOrThrow()
    const twin = records.db.insertInto('users').values({ ...row, id: 'twin', username: 'kelvin' })
    await expect(twin.execute()).rejects.toThrow()
  })
})

test('a finding whose texts hold what cannot be stored is an alarm', async () => {
  const bad = finding({
    receivedAt: NOON,
    deviceId: 'b-zhao',
    eventId: 'e\0\ud83d',
    bytesHash: 'h\0',
    evidence: { raw: '\0{"kind":"sos"\0', '\0key': ['\udc00'] },
  })
  const outcomes = await writeDesk(records, tx => applyFindings(tx, [bad], NOON))
  expect(outcomes.map(({ reason }) => reason)).toEqual(['first'])
  const row = await records.db
    .selectFrom('timeline')
    .selectAll()
    .where('findingId', '=', bad.id)
    .executeTakeFirstOrThrow()
  const [entry] = await timelineOf(records.read, row.incidentId)
  expect(entry?.eventId).toBe('e\ufffd\ufffd')
  expect(JSON.stringify(entry?.detail)).toContain('\ufffd{\\"kind\\":\\"sos\\"\ufffd')
})

test('whole numbers are numbers, also counts, sums and times beyond 32 bits', async () => {
  await records.db.insertInto('cursors').values({ log: 'n', position: '1' }).execute()
  const [row] = await records.db
    .selectFrom('cursors')
    .select(e => [
      e.fn.countAll<number>().as('all'),
      e.fn.sum<number>(sql<number>`cast(9007199254740991 as bigint)`).as('sum'),
      records.now().as('now'),
    ])
    .execute()
  expect(row).toEqual({ all: 1, sum: Number.MAX_SAFE_INTEGER, now: NOON })
})

test('a cursor that was made up is refused, not a failure of the hub', async () => {
  const list = JSON.stringify(['alarms', ['rank', 'alertedAt', 'id'], { state: 'open' }])
  const mark = createHash('sha256').update(list).digest('base64url').slice(0, 12)
  const page = (...key: unknown[]) => {
    const cursor = Buffer.from(JSON.stringify([mark, ...key])).toString('base64url')
    return listAlarms(records.read, { scope, limit: 1, state: 'open', cursor })
  }
  for (const key of [
    ['a', 1, 'id'],
    [1, 12.5, 'id'],
    [1, 1e300, 'id'],
    [1, 1, 1],
    [1, 1],
    [null, 1, 'id'],
  ])
    await expect(page(...key)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await page(-1, -NOON, 'a\0')).toMatchObject({ next: null })
})

test('a snapshot cannot be written through', async () => {
  const write = readSnapshot(records, async tx => {
    await tx.updateTable('meta').set({ value: 'x' }).execute()
    return {}
  })
  await expect(write).rejects.toThrow(/read-?only/)
})

const PERSON = {
  ...UNSAID,
  wandering: false,
  livesAlone: false,
}

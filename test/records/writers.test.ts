// Several processes write the same records: the feed has no place that is filled later, and what one of them
// looked at before it wrote still holds when it commits.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { handleAlarm } from '../../alerts/handle.ts'
import { renewLeases } from '../../alerts/lease.ts'
import { sweepOnce } from '../../alerts/sweep.ts'
import { ensureAdmin } from '../../gateway/admin.ts'
import { startMetrics } from '../../metrics.ts'
import { epochMs } from '../../model/units.ts'
import { archiveArea, createArea, getArea } from '../../records/areas.ts'
import { type Db, lastSeq, type Records, takeSeq, writeDesk } from '../../records/db.ts'
import { createResident, getResident, updateResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { markSeen } from '../../records/timeline.ts'
import { createUser } from '../../records/users.ts'
import { ACCOUNTS, finding, NOON, settle } from '../alerts/desk.ts'
import { UNSAID } from '../unsaid.ts'
import { ENGINE, newPlace, type Place } from './started.ts'

const WRITERS = 16
const WRITING = Array.from({ length: WRITERS }, (_, n) => n)
const clock = { now: () => epochMs(NOON) }
const scope = WHOLE_HUB

let place: Place
let hubs: Records[]
beforeAll(async () => {
  place = await newPlace(clock)
  hubs = []
  // SQLite's file is one process's alone; its writers share a connection.
  const processes = ENGINE === 'postgres' ? WRITERS : 1
  for (let n = 0; n < processes; n++) hubs.push(await place.open())
  await settle(hub(0).db)
})
afterAll(() => place.remove())

const hub = (n: number): Records => hubs[n % hubs.length] as Records

/** Reads what comes after the last place, again and again, until `end` is there. */
async function follow(db: Db, { from, end }: { from: number; end: number }): Promise<number[]> {
  const seen: number[] = []
  for (let last = from; last < end; ) {
    const rows = await db
      .selectFrom('timeline')
      .select('seq')
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(50)
      .execute()
    seen.push(...rows.map(({ seq }) => seq))
    last = rows.at(-1)?.seq ?? last
  }
  return seen
}

const places = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + 1 + n)

test('16 writers at once: whoever follows the feed never sees a gap that is filled later', async () => {
  const [each, from] = [15, await lastSeq(hub(0).db, 'feed')]
  const sizes = Array.from({ length: WRITERS * each }, (_, n) => 1 + (n % 3))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const write = async (n: number): Promise<void> => {
    for (let i = 0; i < each; i++) {
      await hub(n)
        .db.transaction()
        .execute(async tx => {
          const count = sizes[n * each + i] as number
          const first = await takeSeq(tx, 'feed', count)
          const rows = places(first - 1, count).map(seq => ({ ...NOTE, seq }))
          await tx.insertInto('timeline').values(rows).execute()
        })
    }
  }
  const followers = [0, 1].map(n => follow(hub(n).feed, { from, end: from + total }))
  await Promise.all(WRITING.map(write))
  for (const seen of await Promise.all(followers)) expect(seen).toEqual(places(from, total))
})

const NOTE = {
  incidentId: 'none',
  kind: 'noted',
  at: 0,
  findingId: null,
  eventId: null,
  bytesHash: null,
  byUserId: null,
  detailJson: '{}',
} as const

describe('16 processes work on the same alarms', () => {
  beforeEach(async () => {
    for (const table of ['timeline', 'incidents'] as const) await hub(0).db.deleteFrom(table).execute()
  })

  const take = (n: number, ...given: Parameters<typeof finding>[0][]) =>
    writeDesk(hub(n), tx => applyFindings(tx, given.map(finding), NOON))
  const act = (n: number, who: keyof typeof ACCOUNTS, action: 'accept' | 'note', id: string) =>
    handleAlarm({ records: hub(n), clock }, { id, action, by: ACCOUNTS[who], scope, text: 'x' })
  const open = async () => hub(0).db.selectFrom('incidents').selectAll().orderBy('id').execute()

  test('one incident of a key, and every finding on it', async () => {
    const outcomes = await Promise.all(
      WRITING.map(n => take(n, { receivedAt: NOON }, { receivedAt: NOON, deviceId: 'b-wang' })),
    )
    const reasons = outcomes.flat().map(({ reason }) => reason)
    expect(reasons.filter(reason => reason === 'first')).toHaveLength(2)
    expect((await open()).map(({ findings }) => findings)).toEqual([WRITERS, WRITERS])
  })

  test('of all who accept at once one wins, and each of the others is told who', async () => {
    await take(0, { receivedAt: NOON })
    const id = (await open())[0]?.id as string
    const who = (n: number) => (['chen', 'liu', 'song'] as const)[n % 3] as 'chen'
    const handled = await Promise.all(WRITING.map(n => act(n, who(n), 'accept', id)))
    const owner = (await open())[0]?.ownerId
    for (const [n, one] of handled.entries()) {
      if (who(n) === owner) expect(one).toMatchObject({ ok: true })
      else expect(one).toMatchObject({ code: 'ALARM_TAKEN', owner: { id: owner } })
    }
    const kinds = await hub(0).db.selectFrom('timeline').select('kind').orderBy('seq').execute()
    expect(kinds.map(({ kind }) => kind)).toEqual(['finding', 'accepted'])
  })

  test('everything at once: nobody is in anybody’s way, and the rows agree with the timeline', async () => {
    const devices = ['b-li', 'b-wang', 'b-zhao', 'b-spare']
    await take(0, ...devices.map(deviceId => ({ receivedAt: NOON, deviceId })))
    const ids = (await open()).map(({ id }) => id)
    const { metrics } = startMetrics()
    const work = WRITING.slice(0, 8).flatMap(n => [
      take(n, ...devices.toSorted(() => (n % 2) - 0.5).map(deviceId => ({ receivedAt: NOON, deviceId }))),
      act(n, 'song', 'note', ids[n % 4] as string),
      markSeen(hub(n), { userId: 'song', upTo: 1e9, at: NOON }),
      renewLeases(hub(n), ['chen', 'song']),
      sweepOnce({ records: hub(n), clock, metrics }),
      updateResident(hub(n), { scope, id: 'li', change: { areaId: n % 2 ? 'wh-1' : 'qd' }, at: NOON }),
    ])
    const failed = (await Promise.allSettled(work)).filter(({ status }) => status === 'rejected')
    expect(failed).toEqual([])
    for (const { id, seq, findings } of await open()) {
      const rows = await hub(0).db.selectFrom('timeline').selectAll().where('incidentId', '=', id).execute()
      expect(Math.max(...rows.map(row => row.seq))).toBe(seq)
      expect(rows.filter(({ kind }) => kind === 'finding')).toHaveLength(findings)
    }
    const li = await getResident(hub(0).db, { scope, id: 'li' })
    expect((await open()).find(({ subjectId }) => subjectId === 'li')?.areaId).toBe(li?.areaId)
  })
})

describe('the registry', () => {
  test('hangs nothing on an area that is archived at the same time', async () => {
    for (let round = 0; round < 8; round++) {
      const id = `gone-${round}`
      await createArea(hub(0), { scope, area: { id, parentId: 'root', name: id, level: 'street' } })
      const person = { ...PERSON, id: `in-${id}`, areaId: id }
      await Promise.allSettled([
        archiveArea(hub(1), { scope, id, at: 1 }),
        createResident(hub(2), { scope, resident: person, at: 1 }),
      ])
      const isThere = (await getArea(hub(0).db, { scope, id })) !== undefined
      const isHome = (await getResident(hub(0).db, { scope, id: person.id })) !== undefined
      expect([isThere, isHome]).toEqual(isThere ? [true, true] : [false, false])
    }
  })

  test('gives a user name once, however it is capitalised', async () => {
    const names = ['Zhou', 'zhou', 'ZHOU', 'zHOU']
    const made = await Promise.allSettled(
      names.map((username, n) => createUser(hub(n), { scope, at: 1, user: { ...ACCOUNT, username } })),
    )
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of made)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'CONFLICT' })
  })

  test('makes one administrator when several processes start at once', async () => {
    const ensured = await Promise.all([0, 1, 2, 3].map(n => ensureAdmin(hub(n), { clock, password: 'x' })))
    expect(ensured.map(({ created }) => created).toSorted()).toEqual([false, false, false, true])
  })

  const ACCOUNT = { name: '周', role: 'operator', areaId: 'root', passwordHash: '' } as const
  const PERSON = {
    name: '孙',
    ...UNSAID,
    wandering: false,
    livesAlone: false,
  }
})

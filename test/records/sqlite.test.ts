// What the embedded engine says when it cannot write, and how it finds what an alarm waits for.

import { DatabaseSync } from 'node:sqlite'
import { CompiledQuery, sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { callsOfDesk } from '../../records/calls.ts'
import type { Db, Records, Tx } from '../../records/db.ts'
import { type DeliveryFilter, heldBefore, listDeliveries } from '../../records/deliveries.ts'
import { expireCommands } from '../../records/downlink.ts'
import { trackedAmong } from '../../records/family-elders.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { standingOfDevices } from '../../records/standing.ts'
import { markSeen } from '../../records/timeline.ts'
import {
  askedForOpen,
  endTracking,
  toldOnTimeline,
  trackedFor,
  undosOf,
  wasTracked,
} from '../../records/tracking.ts'
import { createUser } from '../../records/users.ts'
import { testRecords } from './started.ts'

/** Room for `more` pages than there are; undefined for as many as it needs. */
async function fillUp(db: Db, more?: number): Promise<void> {
  const { rows } = await sql<Record<string, number>>`pragma page_count`.execute(db)
  const pages = Object.values(rows[0] ?? {})[0] ?? 0
  await sql.raw(`pragma max_page_count = ${more === undefined ? 1e6 : pages + more}`).execute(db)
}

test('a disk that is full is told as such, and what comes after it has room again is written', async () => {
  const { db } = await testRecords({ now: () => epochMs(0) })
  const write = (key: string, characters: number) =>
    db.transaction().execute(tx =>
      tx
        .insertInto('meta')
        .values({ key, value: 'x'.repeat(characters) })
        .execute(),
    )
  await fillUp(db, 2)
  await expect(write('large', 100_000)).rejects.toThrow('database or disk is full')
  await fillUp(db)
  await write('small', 10)
  const { rows } = await sql`select key from meta where key in ('large', 'small')`.execute(db)
  expect(rows).toEqual([{ key: 'small' }])
})

test('an alarm waits for no look through everything that is open: by device it is found by an index', async ({
  onTestFinished,
}) => {
  const { db, feed } = await testRecords({ now: () => epochMs(0) })
  const plans = await plansOf(db, onTestFinished, () =>
    standingOfDevices(feed, { deviceIds: ['one', 'two'], hashes: ['some bytes'] }),
  )
  expect(plans).toHaveLength(3)
  for (const details of plans) {
    expect(details).toContain('SEARCH incidents USING INDEX incidents_subject (subject_id=?)')
    expect(details.filter(detail => /SCAN (incidents|timeline|devices|assignments)/.test(detail))).toEqual([])
  }
})

test.each<[what: string, filter: Pick<DeliveryFilter, 'alarmId'>, plan: RegExp]>([
  [
    'of one alarm',
    { alarmId: 'inc_1' },
    /^SEARCH deliveries USING INDEX deliveries_of_alarm \(incident_id=\?/,
  ],
  ['of all alarms', {}, /^S(CAN|EARCH) deliveries USING INDEX deliveries_newest/],
])(
  'messages are listed by an index, so that thousands of them are not sorted for a page: %s',
  async (_what, filter, plan) => {
    const { db, feed } = await testRecords({ now: () => epochMs(0) })
    const [details = [], ...others] = await plansOf(db, onTestFinished, () =>
      listDeliveries(feed, { scope: WHOLE_HUB, limit: 100, ...filter }),
    )
    expect(others).toEqual([])
    expect(details.filter(detail => plan.test(detail))).toHaveLength(1)
    expect(details.filter(detail => /TEMP B-TREE|SCAN incidents/.test(detail))).toEqual([])
  },
)

const INCIDENT = 'inc_1'

// Years of alarms leave hundreds of thousands of entries and commands behind, and others wait for each of these.
test.each<[what: string, ask: (records: Records) => Promise<unknown>]>([
  ['what is noted of one who has seen all', records => markSeen(records, { userId: 'op', upTo: 812, at: 0 })],
  [
    'what is noted of one who has seen some alarms',
    records => markSeen(records, { userId: 'op', upTo: new Map([[INCIDENT, 812]]), at: 0 }),
  ],
  ['what an alarm asked of bands', ({ feed }) => trackedFor(feed, INCIDENT)],
  ['whether it ever asked', ({ feed }) => wasTracked(feed, INCIDENT)],
  ['what open alarms ask', ({ feed }) => askedForOpen(feed)],
  ['which alarms of a family ask', ({ feed }) => trackedAmong(feed, [INCIDENT, 'inc_2'])],
  ['what of that stands on a timeline', ({ feed }) => toldOnTimeline(feed, INCIDENT)],
  [
    'the end of what an alarm asked', // a connection that only reads plans it as well
    ({ feed }) =>
      expect(endTracking(feed as Tx, { incidentId: INCIDENT, at: 0 })).rejects.toThrow('readonly database'),
  ],
  ['what of that has to be taken back', ({ feed }) => undosOf(feed, ['cmd_1', 'cmd_2'])],
  ['what bands did not answer', records => expireCommands(records, 0)],
  ['which calls go on', ({ feed }) => callsOfDesk(feed, { since: 10, openSince: 1, ids: ['call_1'] })],
])('no index leads through all that there ever was: %s', async (_what, ask) => {
  const records = await testRecords({ now: () => epochMs(0) })
  const user = { id: 'op', username: 'op', name: '王', role: 'operator', passwordHash: '' } as const
  await createUser(records, { scope: WHOLE_HUB, at: 0, user: { ...user, areaId: 'root' } })
  const plans = await plansOf(records.db, onTestFinished, () => ask({ ...records, read: records.feed }))
  expect(plans.flat().filter(detail => /commands|entry|timeline|calls/.test(detail))).not.toEqual([])
  const through =
    /SCAN (commands|entry|timeline|calls)|\(undo_of=|USING INDEX timeline_kind|incidents_state \(state=\?\)/
  expect(plans.flat().filter(detail => through.test(detail))).toEqual([])
})

test('those that a channel holds are counted among those that it holds', async () => {
  const { db, feed } = await testRecords({ now: () => epochMs(0) })
  const one = { id: 'del_1', channelId: 'ch_1', urgent: 0, queuedAt: 1 }
  const plans = await plansOf(db, onTestFinished, () => heldBefore(feed, one))
  expect(plans.flat()).toEqual([expect.stringContaining('INDEX deliveries_held')])
})

/** How the engine goes about each query that `ask` makes. */
async function plansOf(
  db: Db,
  finished: (restore: () => void) => void,
  ask: () => Promise<unknown>,
): Promise<string[][]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  finished(() => prepare.mockRestore())
  await ask()
  const plans: string[][] = []
  for (const [query] of [...prepare.mock.calls]) {
    const plan = CompiledQuery.raw(`explain query plan ${query}`)
    plans.push((await db.executeQuery<{ detail: string }>(plan)).rows.map(({ detail }) => detail))
  }
  return plans
}

// What the embedded engine says when it cannot write, and how it finds what an alarm waits for.

import { DatabaseSync } from 'node:sqlite'
import { CompiledQuery, sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { epochMs } from '../../model/units.ts'
import type { Db } from '../../records/db.ts'
import { standingOfDevices } from '../../records/standing.ts'
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
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  onTestFinished(() => prepare.mockRestore())
  await standingOfDevices(feed, { deviceIds: ['one', 'two'], hashes: ['some bytes'] })
  const queries = prepare.mock.calls.map(([sql]) => sql)
  expect(queries).toHaveLength(3)
  for (const sql of queries) {
    const plan = CompiledQuery.raw(`explain query plan ${sql}`)
    const details = (await db.executeQuery<{ detail: string }>(plan)).rows.map(({ detail }) => detail)
    expect(details).toContain('SEARCH incidents USING INDEX incidents_subject (subject_id=?)')
    expect(details.filter(detail => /SCAN (incidents|timeline|devices|assignments)/.test(detail))).toEqual([])
  }
})

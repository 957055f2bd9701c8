// What the embedded engine says when it cannot write.

import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import type { Db } from '../../records/db.ts'
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

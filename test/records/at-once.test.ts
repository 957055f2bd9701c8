// A turn at the desk that is sent as a whole: all of it or nothing, whoever else writes meanwhile.

import { expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { writeDeskAtOnce } from '../../records/at-once.ts'
import { type Db, lastSeq, type Records, takingSeq, writeDesk } from '../../records/db.ts'
import { type NewEntry, timelineStatements } from '../../records/entries.ts'
import { isUniqueViolation } from '../../records/refusal.ts'
import type { Statement } from '../../records/whole.ts'
import { ENGINE, newPlace, testRecords } from './started.ts'

const clock = { now: () => epochMs(0) }
const start = () => testRecords(clock)

const note = (db: Db, key: string): Statement => ({
  query: db.insertInto('meta').values({ key, value: 'x' }).compile(),
})
const change = (db: Db, key: string, must: number): Statement => ({
  query: db.updateTable('meta').set({ value: 'y' }).where('key', '=', key).compile(),
  must: { change: must, otherwise: () => new Error(`${key} is not there`) },
})
const send = ({ db, feed }: Records, ...statements: Statement[]) =>
  writeDeskAtOnce(
    { db, feed },
    { read: async () => undefined, write: () => ({ statements, answer: 'sent' }) },
  )

const notes = async ({ db }: Records): Promise<Record<string, string>> => {
  const rows = await db.selectFrom('meta').selectAll().where('key', 'like', 'note%').orderBy('key').execute()
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

test('writes what follows from what was read, in order', async () => {
  const records = await start()
  await send(records, note(records.db, 'note 1'))
  const answer = await writeDeskAtOnce(records, {
    read: db => db.selectFrom('meta').select('value').where('key', '=', 'note 1').execute(),
    write: read => ({
      answer: read,
      statements: [change(records.db, 'note 1', 1), note(records.db, 'note 2')],
    }),
  })
  expect(answer).toEqual([{ value: 'x' }])
  expect(await notes(records)).toEqual({ 'note 1': 'y', 'note 2': 'x' })
})

test('writes nothing when a statement changes other rows than it must, and says what that means', async () => {
  const records = await start()
  const { db } = records
  const sent = send(records, note(db, 'note 1'), change(db, 'note 2', 1), note(db, 'note 3'))
  await expect(sent).rejects.toThrow('note 2 is not there')
  await expect(send(records, note(db, 'note 1'), change(db, 'note 1', 2))).rejects.toThrow('is not there')
  expect(await notes(records)).toEqual({})
  expect(await send(records, note(db, 'note 1'), change(db, 'note 1', 1), change(db, 'note 2', 0))).toBe(
    'sent',
  )
  expect(await notes(records)).toEqual({ 'note 1': 'y' })
})

test('writes nothing when a row is refused, and the error is of that row', async () => {
  const records = await start()
  const { db } = records
  const twice = await send(records, note(db, 'note 1'), note(db, 'note 1'), note(db, 'note 2')).catch(e => e)
  expect(isUniqueViolation(twice)).toBe(true)
  expect(await notes(records)).toEqual({})
  await send(records, note(db, 'note 3'))
  expect(await notes(records)).toEqual({ 'note 3': 'x' })
})

test('writes nothing when reading or deciding fails, and holds nobody up', async () => {
  const records = await start()
  const unread = writeDeskAtOnce(records, {
    read: db =>
      Promise.all([
        db
          .selectFrom('meta')
          .select('nowhere' as 'key')
          .execute(),
        lastSeq(db, 'feed'),
      ]),
    write: () => ({ answer: undefined, statements: [] }),
  })
  await expect(unread).rejects.toThrow('nowhere')
  const undecided = writeDeskAtOnce(records, {
    read: db => lastSeq(db, 'feed'),
    write: () => {
      throw new RangeError('cannot be decided')
    },
  })
  await expect(undecided).rejects.toThrow('cannot be decided')
  for (let n = 0; n < 5; n++) await send(records, note(records.db, `note ${n}`))
  expect(Object.keys(await notes(records))).toHaveLength(5)
})

test('nobody waits for the reading, and what is written meanwhile is noticed', async () => {
  const records = await start()
  const { db } = records
  await send(records, note(db, 'note 1'))
  const late = writeDeskAtOnce(records, {
    read: async reading => {
      await lastSeq(reading, 'feed')
      await writeDesk(records, tx => tx.deleteFrom('meta').where('key', '=', 'note 1').execute())
    },
    write: () => ({ answer: undefined, statements: [note(db, 'note 2'), change(db, 'note 1', 1)] }),
  })
  await expect(late).rejects.toThrow('note 1 is not there')
  expect(await notes(records)).toEqual({})
})

test('of 16 writers at once each finds what the one before wrote, and the feed has no gap', async () => {
  const place = await newPlace(clock)
  const hubs = [await place.open()]
  if (ENGINE === 'postgres') for (let n = 1; n < 16; n++) hubs.push(await place.open())
  const { db, feed } = hubs[0] as Records
  const [writers, each, from] = [16, 10, await lastSeq(db, 'feed')]
  const entry: NewEntry = { incidentId: 'none', kind: 'noted', at: 0, detail: {} }

  async function write(n: number): Promise<void> {
    const hub = hubs[n % hubs.length] as Records
    for (let i = 0; i < each; i++) {
      const entries = Array.from({ length: 1 + ((n + i) % 3) }, () => entry)
      await writeDeskAtOnce(hub, {
        read: async () => undefined,
        write: () => ({ answer: undefined, statements: timelineStatements(hub.db, entries) }),
      })
    }
  }
  const written = Promise.all(Array.from({ length: writers }, (_, n) => write(n)))
  let isOver = false
  const over = written.finally(() => {
    isOver = true
  })
  const seen: number[] = []
  for (let last = from, isLast = false; !isLast; ) {
    isLast = isOver
    const after = feed.selectFrom('timeline').select('seq').where('seq', '>', last).orderBy('seq')
    for (const { seq } of await after.execute()) seen.push(seq)
    last = seen.at(-1) ?? last
  }
  await over
  expect(seen).toEqual(Array.from({ length: (await lastSeq(db, 'feed')) - from }, (_, n) => from + 1 + n))
  await place.remove()
})

test('of more entries than a statement can carry, each has its place', async () => {
  const records = await start()
  const entries = Array.from(
    { length: 2_500 },
    (_, n): NewEntry => ({
      incidentId: 'none',
      kind: 'noted',
      at: n,
      detail: {},
    }),
  )
  const from = await lastSeq(records.db, 'feed')
  await send(records, { query: takingSeq(records.db, 'feed', 3).compile() })
  await send(records, ...timelineStatements(records.db, entries))
  const rows = await records.db.selectFrom('timeline').select(['seq', 'at']).orderBy('seq').execute()
  expect(rows.map(({ seq, at }) => seq - at)).toEqual(entries.map(() => from + 4))
})

// Requests that share a transaction: one that fails takes nothing with it, and nothing is answered for too early.

import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { performTogether } from '../../broker/stream.sqlite.group.ts'
import type { StreamMessage, StreamRequest } from '../../broker/stream.sqlite.requests.ts'

/** A lease request stands for any write: its name is the row that it adds. */
const add = (id: number, name: string): StreamMessage => ({
  id,
  request: { op: 'lease', name, owner: 'me', ttlMs: 1, nowMs: 0 },
})
const count = (id: number): StreamMessage => ({ id, request: { op: 'usage' } })

function openTable(constraint = '') {
  const db = new DatabaseSync(':memory:')
  db.exec(`CREATE TABLE parent (name TEXT PRIMARY KEY);
    CREATE TABLE row (name TEXT UNIQUE ${constraint}); PRAGMA foreign_keys = ON`)
  const held = [0, 0, 0]
  const rows = () =>
    db
      .prepare('SELECT name FROM row ORDER BY name')
      .all()
      .map(row => row.name)
  const perform = (request: StreamRequest) => {
    if (request.op !== 'lease') return { motionBytes: rows().length, routineBytes: 0 }
    held[0] = (held[0] ?? 0) + 1
    db.prepare('INSERT INTO row (name) VALUES (?)').run(request.name)
    return { fence: 1 }
  }
  return {
    held,
    rows,
    run: (...messages: StreamMessage[]) => performTogether(db, messages, { perform, held }),
  }
}

describe('requests that share a transaction', () => {
  it('one that fails is taken back alone, with what it counted', () => {
    const { held, rows, run } = openTable()
    const replies = run(add(1, 'a'), add(2, 'a'), add(3, 'b'), count(4))
    expect(replies).toEqual([
      { id: 1, answer: { fence: 1 } },
      { id: 2, error: expect.stringContaining('UNIQUE') },
      { id: 3, answer: { fence: 1 } },
      { id: 4, answer: { motionBytes: 2, routineBytes: 0 } },
    ])
    expect(rows()).toEqual(['a', 'b'])
    expect(held).toEqual([2, 0, 0])
  })

  it('a commit that fails fails every write, and reads say what is there', () => {
    // A deferred constraint is only looked at when the transaction ends.
    const { held, rows, run } = openTable('REFERENCES parent DEFERRABLE INITIALLY DEFERRED')
    const replies = run(add(1, 'a'), count(2), add(3, 'b'))
    expect(replies).toEqual([
      { id: 1, error: expect.stringContaining('FOREIGN KEY') },
      { id: 2, answer: { motionBytes: 0, routineBytes: 0 } },
      { id: 3, error: expect.stringContaining('FOREIGN KEY') },
    ])
    expect(rows()).toEqual([])
    expect(held).toEqual([0, 0, 0])
  })
})

// What people displayed is noted when it can be: an outage is said once, and holds up neither the others nor a stop.

import { expect, onTestFinished, test } from 'vitest'
import { startSeenNotes } from '../../gateway/feed/seen.ts'
import { HubError } from '../../model/error.ts'
import type { Records } from '../../records/db.ts'
import { eventually } from '../eventually.ts'
import { type Logged, testClock, testLog } from './desk.ts'

/** Records that are away; `asked` counts how often that was found out. */
function awayRecords() {
  const found = { asked: 0 }
  const records = {
    get read(): never {
      found.asked++
      throw new HubError('UNAVAILABLE', 'the records are away')
    },
  } as unknown as Records
  return { records, found }
}

test('an outage is found out once a round, and said once', async () => {
  const { records, found } = awayRecords()
  const logged: Logged[] = []
  const seen = startSeenNotes({ records, clock: testClock(), log: testLog(logged), everyMs: 20 })
  onTestFinished(() => seen.stop())
  for (let user = 0; user < 100; user++) seen.note(`user-${user}`, { seq: user })
  await eventually(() => expect(found.asked).toBeGreaterThan(2))
  expect(logged).toHaveLength(1)
})

test('a stop asks once more, and does not wait for everybody', async () => {
  const { records, found } = awayRecords()
  const seen = startSeenNotes({ records, clock: testClock(), log: testLog(), everyMs: 60_000 })
  for (let user = 0; user < 100; user++) seen.note(`user-${user}`, { seq: user })
  await seen.stop()
  expect(found.asked).toBe(1)
})

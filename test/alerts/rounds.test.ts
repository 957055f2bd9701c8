// What an alarm waits for on its way from a finding to the screen: the answers of the records, counted. Under load each
// of them comes a turn of the event loop later, however fast the database is.

import { expect, test } from 'vitest'
import { commitFindings } from '../../alerts/commit.ts'
import type { Finding } from '../../model/finding.ts'
import { lastSeq } from '../../records/db.ts'
import { feedAfter } from '../../records/timeline.ts'
import { countRounds } from '../records/rounds.ts'
import { ENGINE } from '../records/started.ts'
import { finding, NOON, openDesk } from './desk.ts'

/** Short reads of the embedded engine are done where they are asked. */
const TO_READ = ENGINE === 'postgres' ? 1 : 0
const TO_WRITE = 1
const press = (given: Partial<Finding> = {}) => finding({ receivedAt: NOON, ...given })

test('a finding is on the desk after one answer for all that is read and one for all that is written', async ({
  onTestFinished,
}) => {
  const desk = await openDesk()
  onTestFinished(desk.close)
  const { records, clock } = desk
  let from: string | null = null
  let place = 0
  const commit = async (...findings: Finding[]) => {
    const to = String(++place)
    const outcomes = await commitFindings({ records, clock }, { findings, moves: [{ log: 'out', from, to }] })
    from = to
    return outcomes.map(({ reason }) => reason)
  }
  await commit() // connections are made with the first use
  await feedAfter(records.feed, { seq: 0, limit: 10 })
  const rounds = countRounds()

  const sos = { bytesHash: 'a press' }
  expect(await commit(press(sos))).toEqual(['first'])
  expect(rounds()).toBe(TO_READ + TO_WRITE)
  expect(await commit(press(sos), press({ kind: 'fall' }))).toEqual(['resent', 'realert'])
  expect(rounds()).toBe(TO_READ + TO_WRITE)
  const many = Array.from({ length: 200 }, (_, n) => press({ deviceId: n % 2 ? 'b-wang' : 'b-zhao' }))
  expect(new Set(await commit(...many))).toEqual(new Set(['first', 'realert']))
  expect(rounds()).toBe(TO_READ + TO_WRITE)
  expect(await commit(press({ deviceId: 'nobody knows it' }))).toEqual(['first'])
  expect(rounds()).toBeLessThanOrEqual(TO_READ + 1 + TO_WRITE)

  const seq = await lastSeq(records.feed, 'feed')
  rounds()
  expect(await feedAfter(records.feed, { seq: seq - 1, limit: 10 })).toHaveLength(1)
  expect(rounds()).toBe(TO_READ)
})

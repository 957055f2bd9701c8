// What is put into the queues again, and what is not: a message that is on its way must not become two.

import { expect, onTestFinished, test } from 'vitest'
import type { NewJob } from '../../alerts/jobs.ts'
import { enqueueDeliveries, MADE_SURE_AFTER_MS } from '../../alerts/notify-queue.ts'
import { startSettling } from '../../alerts/notify-settle.ts'
import { epochMs } from '../../model/units.ts'
import { testLog } from '../gateway/desk.ts'
import { HOUR, MINUTE, SECOND } from './desk.ts'
import { openTelling } from './telling.ts'

/** An SOS whose first message is in its queue and has been tried once. `look` goes through the queue once more. */
async function openTried() {
  const desk = await openTelling()
  onTestFinished(desk.close)
  await desk.take({})
  await desk.follow()
  const { id } = await desk.alarm()
  const [row = expect.fail('nobody is told')] = await desk.deliveries(id)
  const added: string[] = []
  const jobs = {
    add: async (_queue: string, some: readonly NewJob[]) => void added.push(...some.map(job => job.id)),
  }
  const look = async (behindMs = 0): Promise<string[]> => {
    added.splice(0)
    const clock = { now: () => epochMs(desk.now() - behindMs) }
    await enqueueDeliveries({ ...desk, clock, jobs }, { urgent: true, mostMs: MINUTE })
    return added.filter(job => job.startsWith(row.id))
  }
  expect(await look()).toEqual([`${row.id}.1.0`])
  const settle = startSettling({ ...desk, log: testLog([]), defaults: [] })
  const end = { end: 'tried', reason: 'busy' } as const
  await settle(row, { ...end, enqueueAt: desk.now() + MINUTE + MADE_SURE_AFTER_MS })
  return { desk, row, look }
}

test.each([
  [0, 'the try ends before it'],
  [1, 'the try ends a moment after the time was read'],
  [5 * SECOND, 'another process has its clock a little ahead'],
])('a look that began %d ms earlier brings no second job beside the one that waits: %s', async behindMs => {
  const { row, look } = await openTried()
  expect(await look(behindMs)).toEqual([])
  expect(await look()).toEqual([]) // what is pulled in would be found here
  expect(row.enqueued).toBe(0)
})

test('by a clock that was an hour ahead it would wait for an hour: a fresh job is put into the queue', async () => {
  const { row, look } = await openTried()
  expect(await look(HOUR)).toEqual([])
  expect(await look()).toEqual([`${row.id}.1.1`])
})

// What is told of jobs, and what a clock that is set back does to those of the embedded engine.

import { expect, it, onTestFinished } from 'vitest'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import type { QueueCounts } from '../../alerts/jobs.ts'
import { jobsCheck } from '../../gateway/checks.ts'
import { startLog } from '../../log.ts'
import { startMetrics } from '../../metrics.ts'
import { epochMs } from '../../model/units.ts'
import { eventually } from '../eventually.ts'
import { testRecords } from '../records/started.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const HOUR_MS = 3_600_000
const QUICK = { concurrency: 2, attempts: 3, backoff: { firstMs: 1, mostMs: 5 } }

async function opened() {
  const time = { now: NOON }
  const clock = { now: () => epochMs(time.now) }
  const records = await testRecords(clock)
  const jobs = openSqliteJobs({ records, clock, log: startLog({ level: 'silent' }), lockMs: 300 })
  onTestFinished(jobs.close)
  return { jobs, records, time }
}

it('a clock that was ahead delays no job: it is due as long from now as it was then', async () => {
  const { jobs, time } = await opened()
  time.now = NOON + HOUR_MS
  await jobs.add('sms', [
    { id: 'now', data: {} },
    { id: 'later', data: {}, delayMs: 60_000 },
  ])
  time.now = NOON
  const runs: string[] = []
  jobs.work('sms', { ...QUICK, handle: async ({ id }) => void runs.push(id) })
  await eventually(() => expect(runs).toEqual(['now']))
  time.now = NOON + 60_000
  await jobs.add('sms', [{ id: 'wakes', data: {} }])
  await eventually(() => expect(runs.toSorted()).toEqual(['later', 'now', 'wakes']))
})

it('a clock that is set back while somebody works delays no job either', async () => {
  const { jobs, time } = await opened()
  const runs: string[] = []
  time.now = NOON + HOUR_MS
  jobs.work('sms', {
    ...QUICK,
    backoff: { firstMs: 50, mostMs: 50 },
    async handle({ attempt }) {
      runs.push(`#${attempt}`)
      if (attempt > 1) return
      throw new Error('no')
    },
  })
  await jobs.add('sms', [{ id: 'a', data: {} }])
  await eventually(async () => expect(await jobs.counts()).toMatchObject([{ delayed: 1 }]))
  time.now = NOON
  // The clock stands still: it moves on only once the job has been pulled in.
  await eventually(
    async () => {
      time.now += 1
      expect(runs).toEqual(['#1', '#2'])
    },
    { interval: 5 },
  )
  expect(time.now).toBeLessThan(NOON + HOUR_MS / 2)
})

it('how many jobs there are is told to whoever watches, also that there are none any more', async () => {
  const { metrics, registry } = startMetrics()
  let counts: QueueCounts[] = [
    { queue: 'sms', waiting: 3, delayed: 2, running: 1, dead: 4 },
    { queue: 'push', waiting: 1, delayed: 0, running: 0, dead: 0 },
  ]
  const { check } = jobsCheck({ jobs: { counts: async () => counts }, metrics })
  expect(await check()).toEqual({ ok: true, detail: 'warning: 4 are dead; 4 wait' })
  const text = await registry.metrics()
  for (const line of ['waiting{queue="sms"} 3', 'delayed{queue="sms"} 2', 'dead{queue="sms"} 4'])
    expect(text).toContain(`anxin_jobs_${line}`)
  counts = []
  expect(await check()).toEqual({ ok: true, detail: '0 wait' })
  expect(await registry.metrics()).toContain('anxin_jobs_dead{queue="sms"} 0')
})

it('a job whose row is broken is dead, and takes neither the process nor the others with it', async () => {
  const { jobs, records } = await opened()
  await jobs.add('sms', [
    { id: 'broken', data: { of: 1 } },
    { id: 'whole', data: { of: 2 } },
  ])
  await records.db.updateTable('jobs').set({ dataJson: 'not JSON' }).where('id', '=', 'broken').execute()
  const runs: string[] = []
  jobs.work('sms', { ...QUICK, handle: async ({ id, data }) => void runs.push(`${id} ${data.of}`) })
  await eventually(async () => expect(await jobs.dead('sms')).toMatchObject([{ id: 'broken', data: {} }]))
  expect(runs).toEqual(['whole 2'])
  // Its row brings it back.
  await jobs.add('sms', [{ id: 'broken', data: { of: 1 } }])
  await eventually(() => expect(runs).toEqual(['whole 2', 'broken 1']))
})

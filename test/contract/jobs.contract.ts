// What every engine of the jobs must do. Each engine's test opens a real one in a fresh place and runs this.

import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { LOST_MOST } from '../../alerts/attempt.ts'
import { Held, type Job, type Jobs } from '../../alerts/jobs.ts'
import {
  A_LOCK,
  gate,
  type JobsPlace,
  jobsNamed,
  noting,
  openerFor,
  QUICK,
  SHORT_LOCK,
  startChild,
  until,
} from './jobs.place.ts'

/** `place` is asked for when the tests run. */
export function describeJobs(engine: string, place: () => JobsPlace): void {
  const opened = (): Jobs => openerFor({ onTestFinished }, place())()

  describe(`jobs on ${engine}: what is handed out`, () => {
    beforeEach(() => place().clear())

    it('hands out each job once, with its data, and forgets it when it is done', async () => {
      const jobs = opened()
      const handed: Pick<Job, 'id' | 'data' | 'attempt'>[] = []
      const data = { of: '王', list: [1, 2.5, null, true], deep: { a: 'b' } }
      jobs.work('sms', {
        ...QUICK,
        handle: async ({ id, data, attempt }) => void handed.push({ id, data, attempt }),
      })
      await jobs.add('sms', [{ id: 'a:1', data }, ...jobsNamed('7', 'wait', 'é/%')])
      await until(() => expect(handed).toHaveLength(4))
      expect(handed).toContainEqual({ id: 'a:1', data, attempt: 1 })
      expect(handed.map(({ id }) => id).sort()).toEqual(['7', 'a:1', 'wait', 'é/%'])
      await until(async () => expect(await jobs.counts()).toEqual([]))
    })

    it('hands out what was added before anybody worked, and keeps queues apart', async () => {
      await opened().add('sms', jobsNamed('a', 'b'))
      const jobs = opened()
      await jobs.add('push', jobsNamed('a'))
      const sms = noting()
      jobs.work('sms', { ...QUICK, ...sms })
      await until(() => expect(sms.runs.sort()).toEqual(['a#1', 'b#1']))
      const [push] = await jobs.counts()
      expect(push).toEqual({ queue: 'push', waiting: 1, delayed: 0, running: 0, dead: 0 })
    })

    it('hands out a delayed job when it is due and not before, also when nothing else wakes anybody', async () => {
      const jobs = opened()
      const { runs, handle } = noting()
      jobs.work('sms', { ...QUICK, handle })
      const addedAt = performance.now()
      await jobs.add('sms', [{ id: 'later', data: {}, delayMs: 300 }])
      await jobs.add('sms', [{ id: 'much later', data: {}, delayMs: 3_600_000 }])
      await until(() => expect(runs).toEqual(['later#1']))
      expect(performance.now() - addedAt).toBeGreaterThan(290)
      expect(await jobs.counts()).toMatchObject([{ delayed: 1 }])
    })

    it.each([
      ['waiting', undefined],
      ['delayed', 3_600_000],
    ])('does not add a job again that is %s, and leaves it as it is', async (state, delayMs) => {
      const jobs = opened()
      await jobs.add('sms', [
        { id: 'a', data: { n: 1 }, delayMs },
        { id: 'a', data: { n: 2 } },
      ])
      await jobs.add('sms', [
        { id: 'a', data: { n: 3 } },
        { id: 'b', data: { n: 4 }, delayMs },
      ])
      expect(await jobs.counts()).toMatchObject([{ [state]: 2, dead: 0 }])
      if (delayMs !== undefined) return
      const handed: unknown[] = []
      jobs.work('sms', { ...QUICK, handle: async ({ data }) => void handed.push(data) })
      await until(() => expect(handed).toHaveLength(2))
      expect(handed).toEqual(expect.arrayContaining([{ n: 1 }, { n: 4 }]))
    })

    it('does not add a job again that runs, also not from another process; a finished one begins anew', async () => {
      const [jobs, other] = [opened(), opened()]
      const { passed, open } = gate()
      const { runs, handle } = noting(() => passed)
      jobs.work('sms', { ...QUICK, handle })
      await jobs.add('sms', jobsNamed('a'))
      await until(() => expect(runs).toEqual(['a#1']))
      await Promise.all([jobs, other, jobs, other].map(each => each.add('sms', jobsNamed('a'))))
      expect(await other.counts()).toMatchObject([{ waiting: 0, running: 1 }])
      open()
      await until(async () => expect(await jobs.counts()).toEqual([]))
      expect(runs).toEqual(['a#1'])
      await other.add('sms', jobsNamed('a'))
      await jobs.add('sms', jobsNamed('b')) // on one engine nobody hears what another process adds
      await until(() => expect(runs.sort()).toEqual(['a#1', 'a#1', 'b#1']))
    })

    it('adds the same job once when many add it at once', async () => {
      const several = [opened(), opened(), opened()]
      await Promise.all(
        Array.from({ length: 30 }, (_, n) => several[n % 3]?.add('sms', jobsNamed('a', `b${n % 5}`))),
      )
      expect(await several[0]?.counts()).toMatchObject([{ waiting: 6 }])
    })

    it('takes no name of a queue that another engine would refuse', async () => {
      const jobs = opened()
      await expect(jobs.add('sms:urgent', jobsNamed('a'))).rejects.toMatchObject({ code: 'INTERNAL' })
      expect(() => jobs.work('', { ...QUICK, handle: async () => undefined })).toThrow('cannot be called')
    })

    it('runs no more at once than it may', async () => {
      const jobs = opened()
      let [now, most, done] = [0, 0, 0]
      jobs.work('sms', {
        ...QUICK,
        concurrency: 5,
        async handle() {
          most = Math.max(most, ++now)
          await wait(2)
          now--
          done++
        },
      })
      await jobs.add('sms', many(60))
      await until(() => expect(done).toBe(60))
      expect(most).toBe(5)
    })
  })

  describe(`jobs on ${engine}: what fails`, () => {
    beforeEach(() => place().clear())

    it('tries again, later and later, and counts the attempts', async () => {
      const jobs = opened()
      const at: number[] = []
      const { runs, handle } = noting(async ({ attempt }) => {
        at.push(performance.now())
        if (attempt < 4) throw new Error('no')
      })
      jobs.work('sms', { ...QUICK, attempts: 9, backoff: { firstMs: 50, mostMs: 400 }, handle })
      await jobs.add('sms', jobsNamed('a'))
      await until(() => expect(runs).toEqual(['a#1', 'a#2', 'a#3', 'a#4']))
      const pauses = at.slice(1).map((time, i) => time - (at[i] as number))
      for (const [i, least] of [25, 50, 100].entries()) expect(pauses[i]).toBeGreaterThanOrEqual(least - 5)
      await until(async () => expect(await jobs.counts()).toEqual([]))
    })

    it('does not come back before it was asked to', async () => {
      const jobs = opened()
      const at: number[] = []
      const handle = async ({ attempt }: Job): Promise<void> => {
        at.push(performance.now())
        if (attempt === 1) throw Object.assign(new Error('busy'), { retryAfterMs: 250 })
      }
      jobs.work('sms', { ...QUICK, handle })
      await jobs.add('sms', jobsNamed('a'))
      await until(() => expect(at).toHaveLength(2))
      expect((at[1] as number) - (at[0] as number)).toBeGreaterThan(240)
    })

    it('shows the dead with their reason, tells of each before, and sends one again', async () => {
      const jobs = opened()
      let isBroken = true
      const told: string[] = []
      const { runs, handle } = noting(async ({ id }) => {
        if (isBroken) throw new Error(`nobody is called ${id}`)
      })
      jobs.work('sms', {
        ...QUICK,
        handle,
        onDead: async ({ id, attempt }, reason) => void told.push(`${id}#${attempt} ${reason}`),
      })
      await jobs.add('sms', jobsNamed('a'))
      await until(async () => expect(await jobs.dead('sms')).toHaveLength(1))
      await jobs.add('sms', jobsNamed('b'))
      await until(async () => expect(await jobs.dead('sms')).toHaveLength(2))
      expect(told).toEqual(['a#3 nobody is called a', 'b#3 nobody is called b'])
      const [last, first] = await jobs.dead('sms')
      expect([last?.id, first?.id]).toEqual(['b', 'a'])
      expect(first).toMatchObject({ data: { of: 'a' }, attempts: 3, reason: 'nobody is called a' })
      expect(Date.now() - (first?.diedAt ?? 0)).toBeLessThan(20_000)
      expect(await jobs.dead('sms', { limit: 1 })).toEqual([last])
      expect(await jobs.counts()).toMatchObject([{ dead: 2 }])
      isBroken = false
      runs.length = 0
      const both = await Promise.all([jobs.again('sms', 'a'), jobs.again('sms', 'a')])
      expect(both.sort()).toEqual([false, true])
      await until(() => expect(runs).toEqual(['a#1']))
      expect((await jobs.dead('sms')).map(({ id }) => id)).toEqual(['b'])
      expect(await jobs.again('sms', 'nobody')).toBe(false)
    })

    it('lets a dead job begin anew that is added again, with its new data', async () => {
      const jobs = opened()
      const handed: string[] = []
      const worker = jobs.work('sms', {
        ...QUICK,
        attempts: 1,
        async handle({ data, attempt }) {
          handed.push(`${data.of}#${attempt}`)
          if (data.of === 'a') throw new Error('no')
        },
      })
      await jobs.add('sms', jobsNamed('a'))
      await until(async () => expect(await jobs.dead('sms')).toHaveLength(1))
      await jobs.add('sms', [{ id: 'a', data: { of: 'new' } }])
      await until(async () => expect(await jobs.counts()).toEqual([]))
      expect(handed).toEqual(['a#1', 'new#1'])
      await worker.stop()
    })

    it('does not let a job die of which nobody could be told', async () => {
      const jobs = opened()
      const { runs, handle } = noting(async () => {
        throw new Error('no')
      })
      jobs.work('sms', {
        ...QUICK,
        attempts: 1,
        handle,
        async onDead({ attempt }) {
          if (attempt < 3) throw new Error('the records are away')
        },
      })
      await jobs.add('sms', jobsNamed('a'))
      await until(async () => expect(await jobs.dead('sms')).toMatchObject([{ id: 'a', attempts: 3 }]))
      expect(runs).toEqual(['a#1', 'a#2', 'a#3'])
    })
  })

  // Side by side, each in a queue of its own: these stories have to wait for something.
  describe.concurrent(`jobs on ${engine}: what takes its time`, { timeout: 90_000 }, () => {
    beforeAll(() => place().clear())
    const countsOf = async (jobs: Jobs, queue: string) =>
      (await jobs.counts()).find(counts => counts.queue === queue)

    it('hands out what was held when it may begin; that was no attempt, however often', async test => {
      const jobs = openerFor(test, place())()
      const at: number[] = []
      const { runs, handle } = noting(async () => {
        if (at.push(performance.now()) <= LOST_MOST + 2) throw new Held(100)
      })
      jobs.work('held', { ...QUICK, attempts: 1, handle })
      await jobs.add('held', jobsNamed('a'))
      await until(async () => expect(await countsOf(jobs, 'held')).toMatchObject({ delayed: 1 }))
      await jobs.add('held', jobsNamed('a')) // it is there
      await until(async () => expect(await countsOf(jobs, 'held')).toBeUndefined())
      expect(runs).toEqual(Array.from({ length: LOST_MOST + 3 }, () => 'a#1'))
      const pauses = at.slice(1).map((time, i) => time - (at[i] as number))
      for (const pause of pauses) expect(pause).toBeGreaterThan(90)
    })

    it('keeps what was held beside what failed: only that is counted, also by one that begins anew', async test => {
      const jobs = openerFor(test, place())()
      const ends = [new Held(5), new Error('no'), new Held(5), new Error('no'), new Held(5)]
      const { runs, handle } = noting(async () => {
        const end = ends.shift()
        if (end) throw end
      })
      jobs.work('both', { ...QUICK, attempts: 2, handle })
      await jobs.add('both', jobsNamed('a'))
      await until(async () => expect(await jobs.dead('both')).toMatchObject([{ id: 'a', attempts: 2 }]))
      expect(runs).toEqual(['a#1', 'a#1', 'a#2', 'a#2'])
      await jobs.again('both', 'a')
      await until(async () => expect(await countsOf(jobs, 'both')).toBeUndefined())
      expect(runs.slice(4)).toEqual(['a#1', 'a#1'])
    })

    it('hands out a thousand, of which each fails once, as often as it says and not once more', async test => {
      const jobs = openerFor(test, place())()
      const { runs, handle } = noting(async ({ attempt }) => {
        if (attempt === 1) throw new Error('no')
      })
      jobs.work('storm', { ...QUICK, concurrency: 32, handle })
      await jobs.add('storm', many(1_000))
      await until(async () => expect(await countsOf(jobs, 'storm')).toBeUndefined(), 80_000)
      expect(runs).toHaveLength(2_000)
      expect(new Set(runs).size).toBe(2_000)
    })

    it('finishes what runs before it stops, and takes no more', async test => {
      const jobs = openerFor(test, place())()
      const { passed, open } = gate()
      const { runs, handle } = noting(() => passed)
      const worker = jobs.work('stop', { ...QUICK, concurrency: 1, handle })
      await jobs.add('stop', jobsNamed('a', 'b'))
      await until(() => expect(runs).toHaveLength(1))
      const stopped = worker.stop()
      await jobs.add('stop', jobsNamed('c'))
      open()
      await stopped
      expect(await countsOf(jobs, 'stop')).toMatchObject({ waiting: 2, running: 0, dead: 0 })
      expect(runs).toHaveLength(1)
    })

    it('asks what does not end to go back to the queue, where it has not failed', async test => {
      const jobs = openerFor(test, place())(SHORT_LOCK)
      const { runs, handle } = noting(async ({ attempt, signal }) => {
        if (attempt === 1) await wait(60_000, undefined, { signal })
      })
      const worker = jobs.work('back', { ...QUICK, attempts: 1, handle })
      await jobs.add('back', jobsNamed('a'))
      await until(() => expect(runs).toHaveLength(1))
      await worker.stop()
      expect(await countsOf(jobs, 'back')).toMatchObject({ running: 0, dead: 0 })
      jobs.work('back', { ...QUICK, attempts: 1, handle })
      await until(() => expect(runs).toEqual(['a#1', 'a#2']))
      await until(async () => expect(await countsOf(jobs, 'back')).toBeUndefined())
    })

    it('keeps a job for as long as it runs, however long that is', async test => {
      const open = openerFor(test, place())
      const [jobs, other] = [open(A_LOCK), open(A_LOCK)]
      const { runs, handle } = noting(() => wait(4_500))
      jobs.work('long', { ...QUICK, handle })
      other.work('long', { ...QUICK, handle })
      await jobs.add('long', jobsNamed('a'))
      await until(() => expect(runs).toHaveLength(1))
      await until(async () => expect(await countsOf(jobs, 'long')).toBeUndefined())
      expect(runs).toEqual(['a#1'])
    })

    it('hands out again what was left to its lock, and who left it changes nothing any more', async test => {
      const open = openerFor(test, place())
      const [deaf, other] = [open(SHORT_LOCK), open(SHORT_LOCK)]
      const first = gate()
      const left = deaf.work('left', { ...QUICK, handle: () => first.passed })
      await deaf.add('left', jobsNamed('a'))
      await until(async () => expect(await countsOf(deaf, 'left')).toMatchObject({ running: 1 }))
      await left.stop()
      const second = gate()
      const { runs, handle } = noting(() => second.passed)
      other.work('left', { ...QUICK, handle })
      await until(() => expect(runs).toEqual(['a#2']))
      first.open()
      await deaf.close() // what was left has every chance to be written
      expect(await countsOf(other, 'left')).toMatchObject({ running: 1 })
      second.open()
      await until(async () => expect(await countsOf(other, 'left')).toBeUndefined())
      expect(runs).toEqual(['a#2'])
    })

    it('loses nothing with a process that is killed, and doubles nothing that does not say so', {
      timeout: 90_000,
    }, async test => {
      const jobs = openerFor(test, place())(SHORT_LOCK)
      await jobs.add('kill', jobsNamed('a', 'b', 'c'))
      const child = startChild(test, { place: place(), queue: 'kill' })
      await until(() => expect(child.runs()).toHaveLength(2), 60_000)
      await jobs.add('kill', jobsNamed('a', 'b', 'c'))
      await child.kill()
      const { runs, handle } = noting()
      jobs.work('kill', { ...QUICK, attempts: 1, handle })
      await until(async () => expect(await countsOf(jobs, 'kill')).toBeUndefined())
      const [left] = ['a', 'b', 'c'].filter(id => !child.runs().includes(`${id}#1`))
      expect(runs.sort()).toEqual(['a', 'b', 'c'].map(id => (id === left ? `${id}#1` : `${id}#2`)))
    })

    it('lets a job die that is cut off again and again, and tells', async test => {
      const open = openerFor(test, place())
      const times = { lockMs: 200, stopWithinMs: 1 }
      const told: string[] = []
      const seen: string[] = []
      await open().add('lost', jobsNamed('a'))
      for (let run = 0; run <= LOST_MOST; run++) {
        const { runs, handle } = noting(() => new Promise(() => undefined))
        const worker = open(times).work('lost', { ...QUICK, handle })
        await until(() => expect(runs).toHaveLength(1))
        seen.push(...runs)
        await worker.stop()
      }
      const jobs = open(times)
      jobs.work('lost', {
        ...QUICK,
        handle: async () => void seen.push('once more'),
        onDead: async (_job, reason) => void told.push(reason),
      })
      await until(async () => expect(await jobs.dead('lost')).toHaveLength(1))
      expect(seen).toEqual(['a#1', 'a#2', 'a#3', 'a#4'])
      expect(told).toEqual([`it was cut off ${LOST_MOST + 1} times`])
    })
  })
}

const many = (count: number) => jobsNamed(...Array.from({ length: count }, (_, n) => `j${n}`))

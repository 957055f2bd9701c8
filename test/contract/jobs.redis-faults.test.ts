import { describe, expect, it, onTestFinished } from 'vitest'
import { openBullJobs } from '../../alerts/jobs.bullmq.ts'
import { connectRedis } from '../../redis.ts'
import { needs } from '../needs.ts'
import { startRedisCluster, startRedisServer } from '../servers/redis.ts'
import { gate, jobsNamed, noting, QUICK, SHORT_LOCK, until } from './jobs.place.ts'
import { silent } from './redis.place.ts'

/** Jobs on the Redis at `url`; `remove` takes that away after them. */
async function opened({ url, remove }: { url: string; remove(): Promise<void> }) {
  const redis = await connectRedis({ url, log: silent })
  const jobs = openBullJobs({ redis: redis.client, log: silent, ...SHORT_LOCK })
  onTestFinished(async () => {
    await jobs.close()
    await redis.close()
    await remove()
  })
  return jobs
}

describe.runIf(needs('redis-server'))('jobs on a Redis', () => {
  it('that is away say so to whoever adds, and go on by themselves when it is back', async () => {
    const server = await startRedisServer()
    const jobs = await opened(server)
    const { passed, open } = gate()
    const { runs, handle } = noting(({ id }) => (id === 'runs' ? passed : Promise.resolve()))
    jobs.work('sms', { ...QUICK, concurrency: 2, handle })
    await jobs.add('sms', [...jobsNamed('runs'), { id: 'later', data: {}, delayMs: 500 }])
    await until(() => expect(runs).toEqual(['runs#1']))
    await server.kill()
    await expect(jobs.add('sms', jobsNamed('new'))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(jobs.counts()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    open() // it has ended while nobody can write that down
    await server.start()
    await until(() => jobs.add('sms', jobsNamed('new')))
    await until(async () => expect(await jobs.counts()).toEqual([]), 20_000)
    const told = new Set(runs.map(run => run.split('#')[0]))
    expect([...told].sort()).toEqual(['later', 'new', 'runs'])
    // Handed out twice only where it says so.
    expect(new Set(runs).size).toBe(runs.length)
  })

  it('that is away let go all the same when they are closed', async () => {
    const server = await startRedisServer()
    const redis = await connectRedis({ url: server.url, log: silent })
    const jobs = openBullJobs({ redis: redis.client, log: silent, ...SHORT_LOCK })
    const { passed, open } = gate()
    const { runs, handle } = noting(() => passed)
    jobs.work('sms', { ...QUICK, handle })
    await jobs.add('sms', jobsNamed('a'))
    await until(() => expect(runs).toEqual(['a#1']))
    await server.kill()
    const closed = jobs.close()
    open()
    await closed
    await redis.close()
    await server.remove()
  })

  it('Cluster of three masters are handed out, tried again and buried as on one', async () => {
    const cluster = await startRedisCluster()
    const jobs = await opened(cluster)
    const { runs, handle } = noting(async ({ id, attempt }) => {
      if (id === 'dies' || attempt === 1) throw new Error('no')
    })
    jobs.work('sms', { ...QUICK, handle })
    await jobs.add('sms', jobsNamed('a', 'dies'))
    await jobs.add('push', jobsNamed('other'))
    await until(async () => expect(await jobs.dead('sms')).toMatchObject([{ id: 'dies', attempts: 3 }]))
    expect(runs.sort()).toEqual(['a#1', 'a#2', 'dies#1', 'dies#2', 'dies#3'])
    expect(await jobs.counts()).toMatchObject([
      { queue: 'push', waiting: 1 },
      { queue: 'sms', dead: 1 },
    ])
    expect(await jobs.again('sms', 'dies')).toBe(true)
  })
})

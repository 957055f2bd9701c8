// What a Redis does to the stream that dies, hangs, runs out of memory, or cuts its replies off.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeEntry } from '../../broker/entry.ts'
import { type OpenStream, ownerLease, START } from '../../broker/stream.ts'
import { epochMs } from '../../model/units.ts'
import { connectRedis } from '../../redis.ts'
import { openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { type EngineLine, openLine } from '../servers/line.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'
import { openOn, redisPlace, silent } from './redis.place.ts'

const sos = { partition: 1, lane: 'urgent', data: Buffer.from('sos') } as const
const fromStart = { partition: 1, side: 'in', after: { urgent: START }, maxBytes: 10_000, waitMs: 0 } as const
const failed = { code: 'STREAM_FAILED' }

describe.runIf(needs('redis-server'))('the stream when Redis', () => {
  let server: RedisServer
  let line: EngineLine
  let open: OpenStream
  beforeAll(async () => {
    server = await startRedisServer()
    line = await openLine(server)
  })
  afterAll(async () => {
    await line.close()
    await server.remove()
  })
  beforeEach(async () => {
    await (await redisPlace(server.url)).remove()
    open = await openOn(`redis://127.0.0.1:${line.port}`)
    // Scripts are loaded: a reply that is cut off is that of a command which was executed.
    const nothing = { ...sos, partition: 0 }
    await open.stream.append([nothing])
    await open.stream.commit({ ...nothing, fence: -1, expected: START, cursor: START, findings: [] })
    await open.stream.lease({ name: 'nothing', owner: 'nobody', ttlMs: 0 })
  })
  afterEach(() => open.close())

  const storedSos = async () =>
    (await open.stream.read(fromStart)).map(({ data }) => Buffer.from(data).toString())
  /** Until Redis is there again nothing else can be expected. */
  const back = () => eventually(() => open.usage(), { interval: 20 })

  it('is killed and started again: nothing acknowledged is lost, and the stream goes on by itself', async () => {
    await open.stream.append([sos, { ...sos, data: Buffer.from('second') }])
    await open.stream.lease({ name: ownerLease(1), owner: 'a', ttlMs: 60_000 })
    await server.kill()
    await expect(open.stream.append([sos])).rejects.toMatchObject(failed)
    await server.start()
    await back()
    expect(await storedSos()).toEqual(['sos', 'second'])
    await open.stream.append([{ ...sos, data: Buffer.from('third') }]) // scripts are loaded anew
    expect(await storedSos()).toEqual(['sos', 'second', 'third'])
    expect(await open.owners()).toEqual([null, 'a', null, null])
    await expect(Promise.race([open.failed, 'the same data'])).resolves.toBe('the same data')
  })

  it('is killed while a reader waits: the wait fails at once, and the next one works', async () => {
    const waiting = open.stream.read({ ...fromStart, waitMs: 25_000 }).catch((error: unknown) => error)
    await eventually(async () => expect(await blockedClients(server)).toBe(1))
    await server.restart()
    expect(await waiting).toMatchObject(failed)
    await back()
    const next = open.stream.read({ ...fromStart, waitMs: 25_000 })
    await open.stream.append([sos])
    expect(await next).toHaveLength(1)
  })

  it('is stopped (SIGSTOP): commands and waits fail within their deadline and work again afterwards', async () => {
    process.kill(server.pid, 'SIGSTOP')
    const waiting = open.stream.read({ ...fromStart, waitMs: 100 }).catch((error: unknown) => error)
    await expect(open.stream.append([sos])).rejects.toMatchObject(failed)
    expect(await waiting).toMatchObject(failed)
    process.kill(server.pid, 'SIGCONT')
    await back()
    await open.stream.append([{ ...sos, data: Buffer.from('again') }])
    expect(await storedSos()).toContain('again') // and the first one, executed late, or not
  })

  it('comes back without its data: the hub is told to start anew', async () => {
    await server.kill()
    const other = await startRedisServer({ port: server.port })
    try {
      expect(await open.failed).toMatchObject({ ...failed, message: expect.stringContaining('start anew') })
    } finally {
      await other.remove()
      await server.start()
    }
  })

  it('cuts the reply to an append off: it is stored twice, and folded once', async () => {
    const records = [
      { kind: 'event', deviceId: 'd1', receivedAt: epochMs(1), payload: Buffer.from('{"kind":"sos"}') },
    ] as const
    const data = encodeEntry({ run: 'r', batch: 1, records: records.map(one => ({ ...one, cut: false })) })
    const cut = line.cutReplyTo('evalsha')
    await expect(open.stream.append([{ ...sos, data }])).rejects.toMatchObject(failed)
    await cut
    await back()
    await open.stream.append([{ ...sos, data }])
    const entries = await open.stream.read(fromStart)
    expect(entries).toHaveLength(2)
    const fold = openFold({ rules: [], stored: new Map() })
    const folded = emptyFolded()
    for (const entry of entries) fold.apply(entry.data, folded)
    expect(folded.records).toBe(1)
  })

  it('cuts the reply to a commit off: the second try is answered `already`', async () => {
    const lease = await open.stream.lease({ name: ownerLease(1), owner: 'a', ttlMs: 60_000 })
    await open.stream.append([sos])
    const [entry] = await open.stream.read(fromStart)
    const commit = {
      ...sos,
      fence: lease?.fence ?? 0,
      expected: START,
      cursor: entry?.position ?? '',
      findings: [Buffer.from('found')],
      state: { set: [['k', 'v'] as const], delete: [] },
    }
    const cut = line.cutReplyTo('evalsha')
    await expect(open.stream.commit(commit)).rejects.toMatchObject(failed)
    await cut
    await back()
    expect(await open.stream.commit(commit)).toBe('already')
    expect(await open.stream.read({ ...fromStart, side: 'out' })).toHaveLength(1)
  })

  it('cuts the reply to a lease off: the second try keeps it by the same fence', async () => {
    const cut = line.cutReplyTo('evalsha')
    const lease = { name: ownerLease(1), owner: 'a', ttlMs: 60_000 }
    await expect(open.stream.lease(lease)).rejects.toMatchObject(failed)
    await cut
    await back()
    expect(await open.stream.lease(lease)).toEqual({ fence: 1 })
  })

  it('is full (maxmemory): routine is shed and counted, urgent, notes, commits and trims go on', async () => {
    const { client, close } = await connectRedis({ url: server.url, log: silent })
    const routine = { partition: 1, lane: 'routine', data: Buffer.alloc(500) } as const
    await open.stream.append([routine, sos])
    try {
      await client.call('CONFIG', ['SET', 'maxmemory', '1mb'])
      await expect(client.set('x', 'y')).rejects.toThrow('OOM')
      expect(await open.stream.append([routine, sos, routine])).toEqual({ shed: [0, 2], routineFill: 1 })
      expect((await open.stream.append([routine])).shed).toEqual([0])
      expect((await open.stream.append([sos])).shed).toEqual([])
      expect((await open.stream.append([{ ...routine, kept: true }])).shed).toEqual([])
      expect(await storedSos()).toEqual(['sos', 'sos', 'sos'])
      expect((await open.usage()).routineBytes).toBe(1_000)

      const lease = await open.stream.lease({ name: ownerLease(1), owner: 'a', ttlMs: 60_000 })
      expect(await open.rollCall({ group: 'g', member: 'a', ttlMs: 60_000 })).toEqual(['a'])
      const log = { ...fromStart, after: { routine: START } }
      const cursor = (await open.stream.read(log)).at(-1)?.position ?? ''
      const state = { set: [['k', 'v'] as const], delete: [] }
      const commit = { ...routine, fence: lease?.fence ?? 0, expected: START, cursor, findings: [], state }
      expect(await open.stream.commit(commit)).toBe('committed')
      await open.stream.trim({ partition: 1, lane: 'routine', side: 'in' })
      expect(await open.usage()).toEqual({ routineBytes: 0, motionBytes: 0 })
    } finally {
      await client.call('CONFIG', ['SET', 'maxmemory', '0'])
      await close()
    }
  })
})

async function blockedClients({ url }: RedisServer): Promise<number> {
  const { client, close } = await connectRedis({ url, log: silent })
  const info = await client.info('clients')
  await close()
  return Number(/blocked_clients:(\d+)/.exec(info)?.[1])
}

// The stream engine at scale: Redis Streams, on one Redis or on a Redis Cluster. Keys stand in
// stream.redis.keys.ts, the scripts that make changes atomic in stream.redis.scripts.ts, and what a command does
// that is sent twice in docs/decisions/0013.

import { Cluster } from 'ioredis'
import type { Log } from '../model/log.ts'
import { openAppends, toBuffer } from './stream.redis.append.ts'
import { type Argument, type Calls, createCalls, type RedisClient } from './stream.redis.call.ts'
import { bytesKey, foldKey, leaseKey, logKey, readersKey, rollKey, stateKey } from './stream.redis.keys.ts'
import { openLives } from './stream.redis.life.ts'
import { openReads } from './stream.redis.read.ts'
import { openWaits } from './stream.redis.waits.ts'
import {
  type Committed,
  type FoldStart,
  type Lease,
  type OpenStream,
  ownerLease,
  type Position,
  START,
} from './stream.ts'

/** Entries deleted at a time, so that an append never waits long behind a trim; above twice the entries of a node. */
const TRIM_SLICE = 500
const SCAN_COUNT = 2_000

/**
 * Opens the stream in Redis, making it for `partitions` partitions. The bounded lanes hold at most `boundBytes`
 * each, an even share of it in every partition. `redis` stays its owner's, who closes it after this.
 * @throws HubError PARTITIONS_CHANGED when it was made for another number; STREAM_FAILED when Redis is away.
 */
export async function openRedisStream({
  redis,
  partitions,
  boundBytes,
  log,
}: {
  redis: RedisClient
  partitions: number
  boundBytes: number
  log: Log
}): Promise<OpenStream> {
  const calls = createCalls(redis)
  const lives = await openLives({ redis, calls, partitions, log })
  const waits = openWaits(redis)
  const isCluster = redis instanceof Cluster
  const all = Array.from({ length: partitions }, (_, partition) => partition)

  return {
    partitions,
    epoch: lives.epoch,
    failed: lives.failed,
    stream: {
      append: openAppends({ calls, isCluster, partitions, boundBytes }),
      read: openReads({ calls, waits }),

      async commit({ partition, lane, fence, expected, cursor, findings, state, checkpoint = cursor }) {
        const keys = [
          leaseKey(ownerLease(partition)),
          foldKey(partition, lane),
          logKey({ partition, lane, side: 'out' }),
          stateKey(partition, lane),
        ]
        const args: Argument[] = [fence, expected, cursor, state ? checkpoint : '', findings.length]
        args.push(state?.set.length ?? 0)
        for (const finding of findings) args.push(toBuffer(finding))
        for (const [key, value] of state?.set ?? []) args.push(key, value)
        for (const key of state?.delete ?? []) args.push(key)
        return (await calls.script('commit', keys, args)) as Committed
      },

      load: fold => load(calls, fold),

      async lease({ name, owner, ttlMs }) {
        const fence = (await calls.script('lease', [leaseKey(name)], [owner, ttlMs])) as number | null
        return fence === null ? null : ({ fence } satisfies Lease)
      },

      async trim({ reader, ...name }) {
        const { partition, lane, side } = name
        const keys = [logKey(name), readersKey(name), foldKey(partition, lane), bytesKey(partition)]
        const args: Argument[] = [side, lane, TRIM_SLICE]
        if (reader) {
          if ('removed' in reader) args.push('removed', reader.name)
          else args.push('upTo', reader.name, reader.upTo)
        }
        while ((await calls.script('trim', keys, args)) === 1);
      },
    },

    async reaches(name, position) {
      return position === START || !isBefore(await newest(calls, logKey(name)), position)
    },

    async rollCall({ group, member, ttlMs }) {
      return ((await calls.script('rollCall', [rollKey(group)], [member, ttlMs])) as string[]).sort()
    },

    async owners() {
      const ask = (partition: number) => calls.script('owner', [leaseKey(ownerLease(partition))], [])
      const asked = await Promise.allSettled(all.map(ask))
      // A node that is down must not keep anybody from taking over what lies on the others.
      const [first] = asked
      if (first?.status === 'rejected' && asked.every(({ status }) => status === 'rejected'))
        throw first.reason
      return asked.map(one => (one.status === 'fulfilled' ? (one.value as string | null) : null))
    },

    async readerAt(name, reader) {
      return ((await calls.command('HGET', [readersKey(name), reader])) as string | null) ?? undefined
    },

    async usage() {
      const counts = await Promise.all(all.map(partition => calls.command('GET', [bytesKey(partition)])))
      let motionBytes = 0
      let routineBytes = 0
      for (const count of counts) {
        const [motionIn = 0, motionOut = 0, routineIn = 0, routineOut = 0] = String(count ?? '')
          .split(' ')
          .map(Number)
        motionBytes += motionIn - motionOut
        routineBytes += routineIn - routineOut
      }
      return { motionBytes, routineBytes }
    },

    async close() {
      lives.close()
      waits.close()
    },
  }
}

type FoldName = Parameters<OpenStream['stream']['load']>[0]

/**
 * Cursor, checkpoint and state as they were together. State is large, and one command that reads all of it would
 * hold up every append: it is read in pieces, and anew when a commit came in between.
 */
async function load(calls: Calls, { partition, lane }: FoldName): Promise<FoldStart> {
  for (;;) {
    const before = await positions(calls, partition, lane)
    const state: [string, string][] = []
    let scan = '0'
    do {
      const [next, pairs] = (await calls.command('HSCAN', [
        stateKey(partition, lane),
        scan,
        'COUNT',
        SCAN_COUNT,
      ])) as [string, string[]]
      for (let i = 0; i < pairs.length; i += 2) state.push([pairs[i] as string, pairs[i + 1] as string])
      scan = next
    } while (scan !== '0')
    const after = await positions(calls, partition, lane)
    if (before.cursor !== after.cursor) continue
    state.sort(([a], [b]) => (a < b ? -1 : 1))
    return { ...after, state: new Map(state) }
  }
}

async function positions(calls: Calls, partition: number, lane: FoldName['lane']) {
  const fields = ['cursor', 'checkpoint']
  const [cursor, checkpoint] = (await calls.command('HMGET', [foldKey(partition, lane), ...fields])) as (
    | string
    | null
  )[]
  return { cursor: cursor ?? START, checkpoint: checkpoint ?? START }
}

/** The newest position that a log ever had. */
async function newest(calls: Calls, key: string): Promise<Position> {
  if ((await calls.command('EXISTS', [key])) === 0) return START
  const facts = (await calls.command('XINFO', ['STREAM', key])) as unknown[]
  return String(facts[facts.indexOf('last-generated-id') + 1])
}

function isBefore(a: Position, b: Position): boolean {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number)
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number)
  return aMs === bMs ? aSeq < bSeq : aMs < bMs
}

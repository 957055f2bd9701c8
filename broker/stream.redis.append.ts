// Appends of the Redis engine: one script call a node, so that one fsync covers a whole batch.
//
// On a single Redis an append is all or nothing. On a cluster it is so for each partition: when one node fails
// the append fails, and a second try of the same entries (the same array) stores what is not stored yet. What is
// stored twice all the same, because its reply was lost, the fold drops by (run, batch).

import { HubError } from '../model/error.ts'
import { type Argument, type Calls, isReply } from './stream.redis.call.ts'
import { bytesKey, logKey } from './stream.redis.keys.ts'
import type { Append, Appended } from './stream.ts'

type Indexed = Append & { index: number }

/** `boundBytes` of a lane are shared evenly by its partitions: devices are spread by a hash of their ids. */
export function openAppends({
  calls,
  isCluster,
  partitions,
  boundBytes,
}: {
  calls: Calls
  isCluster: boolean
  partitions: number
  boundBytes: number
}) {
  const shareBytes = boundBytes / partitions

  async function store(script: 'appendAny' | 'appendAlways', entries: readonly Indexed[]): Promise<Appended> {
    const touched = [...new Set(entries.map(({ partition }) => partition))]
    const keys = [...touched.map(bytesKey), ...entries.map(entry => logKey({ ...entry, side: 'in' }))]
    const args: Argument[] = [touched.length, Math.floor(shareBytes)]
    for (const { partition, lane, kept, data } of entries) {
      args.push(touched.indexOf(partition) + 1, lane, kept ? 1 : 0, toBuffer(data))
    }
    const [fullest = 0, ...shed] = (await calls.script(script, keys, args)) as number[]
    return { routineFill: fullest / shareBytes, shed: shed.map(at => entries[at]?.index ?? -1) }
  }

  /** Above `maxmemory` Redis takes nothing that may be shed; the rest is stored all the same. */
  async function appendTo(entries: readonly Indexed[]): Promise<Appended> {
    const needed = entries.filter(isNeeded)
    if (needed.length === entries.length) return store('appendAlways', entries)
    try {
      return await store('appendAny', entries)
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
    }
    if (needed.length > 0) await store('appendAlways', needed)
    return { routineFill: 1, shed: entries.filter(entry => !isNeeded(entry)).map(({ index }) => index) }
  }

  /**
   * What is stored of appends that failed, by part. While a node is down an append is tried again and again: stored
   * each time, it would fill the other nodes with what nobody folds.
   */
  const storedOf = new WeakMap<readonly Append[], Map<number, Appended>>()

  return async function append(entries: readonly Append[]): Promise<Appended> {
    const indexed = entries.map(({ partition, lane, data, kept }, index) => ({
      partition,
      lane,
      data,
      index,
      ...(kept && { kept }),
    }))
    const parts = isCluster ? [...Map.groupBy(indexed, ({ partition }) => partition).values()] : [indexed]
    const before = storedOf.get(entries)
    // All have ended before a failure is told, so that a second try never overtakes the first.
    const ended = await Promise.allSettled(parts.map((part, at) => before?.get(at) ?? appendTo(part)))
    const done = new Map(
      ended.flatMap((end, at) => (end.status === 'fulfilled' ? [[at, end.value] as const] : [])),
    )
    if (done.size < parts.length) storedOf.set(entries, done)
    else storedOf.delete(entries)
    const stored = ended.map(end => {
      if (end.status === 'rejected') throw end.reason
      return end.value
    })
    return {
      shed: stored.flatMap(({ shed }) => shed).sort((a, b) => a - b),
      routineFill: Math.max(0, ...stored.map(({ routineFill }) => routineFill)),
    }
  }
}

const isNeeded = ({ lane, kept }: Append): boolean => lane === 'urgent' || kept === true

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof HubError && isReply(new Error(String(error.context.reply)), 'OOM')

/** ioredis sends a Buffer as it is and makes a string of every other array. */
export const toBuffer = (data: Uint8Array): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength)

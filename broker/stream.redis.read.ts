// Reads of the Redis engine: XREAD over the lanes of one partition, in the order in which they are drained.

import { LANES } from '../model/lane.ts'
import type { Argument, Calls } from './stream.redis.call.ts'
import { logKey } from './stream.redis.keys.ts'
import type { Waits } from './stream.redis.waits.ts'
import type { LogEntry, ReadRequest } from './stream.ts'

/** [[log, [[position, ['d', data, …]], …]], …], as XREAD answers; null: nothing. */
type Answer = [log: Buffer, entries: [position: Buffer, fields: Buffer[]][]][] | null

/** What an entry is taken to be before one of its log was seen, and how many are read then at least. */
const FIRST_ENTRY_BYTES = 4_096
const FIRST_ENTRIES = 8
const ENTRIES_MAX = 1_000

export function openReads({ calls, waits }: { calls: Calls; waits: Waits }) {
  /** Bytes of an entry as they were lately, by log: XREAD counts entries, its caller bytes. */
  const entryBytes = new Map<string, number>()

  return async function read({ partition, side, after, maxBytes, waitMs }: ReadRequest): Promise<LogEntry[]> {
    const logs = LANES.filter(lane => after[lane] !== undefined).map(lane => ({
      lane,
      key: logKey({ partition, lane, side }),
      after: after[lane] ?? '',
    }))
    const [first] = logs
    if (!first) return []
    const largest = Math.max(...logs.map(({ key }) => entryBytes.get(key) ?? FIRST_ENTRY_BYTES))
    const least = logs.every(({ key }) => entryBytes.has(key)) ? 1 : FIRST_ENTRIES
    const count = Math.min(Math.max(least, Math.floor(maxBytes / largest)), ENTRIES_MAX)
    const block: Argument[] = waitMs > 0 ? ['BLOCK', Math.ceil(waitMs)] : []
    const args = [
      'COUNT',
      count,
      ...block,
      'STREAMS',
      ...logs.map(({ key }) => key),
      ...logs.map(log => log.after),
    ]
    const answer = (await (waitMs > 0
      ? waits.wait({ key: first.key, name: 'XREAD', args, waitMs })
      : calls.bytes('XREAD', args))) as Answer

    const found = new Map((answer ?? []).map(([key, entries]) => [key.toString(), entries]))
    return logs.flatMap(({ lane, key }) => {
      const entries = found.get(key) ?? []
      noteSize(key, entries)
      return upToBytes(entries, maxBytes).map(([position, fields]) => ({
        lane,
        position: position.toString(),
        data: fields[1] ?? new Uint8Array(),
      }))
    })
  }

  function noteSize(key: string, entries: readonly [Buffer, Buffer[]][]): void {
    if (entries.length === 0) return
    const bytes = entries.reduce((sum, [, fields]) => sum + (fields[1]?.length ?? 0), 0)
    const lately = entryBytes.get(key) ?? bytes / entries.length
    entryBytes.set(key, Math.ceil((lately + bytes / entries.length) / 2) + 1)
  }
}

/** The first entries, as many as bring `maxBytes` together; at least one where there is any. */
function upToBytes<E extends [Buffer, Buffer[]]>(entries: readonly E[], maxBytes: number): readonly E[] {
  let bytes = 0
  const last = entries.findIndex(([, fields]) => {
    bytes += fields[1]?.length ?? 0
    return bytes >= maxBytes
  })
  return last < 0 ? entries : entries.slice(0, last + 1)
}

// What the stories of the stream contract stand on: a place where an engine keeps its data, opened and opened
// again, and the few things that every story does.

import { onTestFinished } from 'vitest'
import { type LogEntry, type OpenStream, ownerLease, START, type Stream } from '../../broker/stream.ts'
import type { Lane } from '../../model/lane.ts'

export const CONTRACT_PARTITIONS = 4
export const CONTRACT_BOUND_BYTES = 10_000

/** One place where an engine keeps its data; it can be opened again, as after a crash. */
export type StreamPlace = {
  open(): Promise<OpenStream>
  /** Resolves when this much time has passed on the engine's clock. */
  passes(ms: number): Promise<void>
  remove(): Promise<void>
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)
export const texts = (entries: readonly LogEntry[]): string[] =>
  entries.map(entry => Buffer.from(entry.data).toString())

/** An engine in a fresh place, closed and removed after the test. */
export type Opened = {
  readonly stream: Stream
  readonly engine: OpenStream
  reopen(): Promise<void>
  passes: StreamPlace['passes']
}

export async function openIn(makePlace: () => Promise<StreamPlace>): Promise<Opened> {
  const place = await makePlace()
  let open = await place.open()
  onTestFinished(async () => {
    await open.close()
    await place.remove()
  })
  return {
    get stream(): Stream {
      return open.stream
    },
    get engine(): OpenStream {
      return open
    },
    async reopen() {
      await open.close()
      open = await place.open()
    },
    passes: place.passes,
  }
}

export const append = (stream: Stream, lane: Lane, ...data: string[]) =>
  stream.append(data.map(text => ({ partition: 1, lane, data: bytes(text) })))

export const readAll = (stream: Stream, lane: Lane, after = START) =>
  stream.read({ partition: 1, side: 'in', after: { [lane]: after }, maxBytes: 1_000_000, waitMs: 0 })

/** The fence under which `owner` may commit to partition 1. */
export async function owned(stream: Stream, owner = 'a') {
  const lease = await stream.lease({ name: ownerLease(1), owner, ttlMs: 60_000 })
  if (!lease) throw new Error('the lease was not given')
  return lease.fence
}

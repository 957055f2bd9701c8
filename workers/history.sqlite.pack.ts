// Entries on their way to the thread that writes them: all in one block, which is given away. They are copied once:
// others hold the same bytes, and a view that is sent as it is takes the whole buffer behind it along.

import type { Lane } from '../model/lane.ts'
import type { LoggedEntry } from './history.ts'

/** Where the entries are within `bytes`, one behind the other: of each write in turn. */
export type PackedWrites = {
  writes: readonly (readonly PackedEntry[])[]
  bytes: Uint8Array<ArrayBuffer>
}
type PackedEntry = { lane: Lane; length: number }

export function packWrites(writes: readonly (readonly LoggedEntry[])[]): PackedWrites {
  const bytes = new Uint8Array(writes.reduce((sum, entries) => sum + bytesOf(entries), 0))
  let at = 0
  for (const { data } of writes.flat()) {
    bytes.set(data, at)
    at += data.length
  }
  return {
    bytes,
    writes: writes.map(entries => entries.map(({ lane, data }) => ({ lane, length: data.length }))),
  }
}

/** The entries of each write, as views into the block. */
export function unpackWrites({ writes, bytes }: PackedWrites): LoggedEntry[][] {
  let at = 0
  return writes.map(entries =>
    entries.map(({ lane, length }) => {
      const data = bytes.subarray(at, at + length)
      at += length
      return { lane, data }
    }),
  )
}

export function bytesOf(entries: readonly LoggedEntry[]): number {
  let bytes = 0
  for (const { data } of entries) bytes += data.length
  return bytes
}

// How the bytes of an entry stand in a log: packed where that is shorter. A log is written twice or thrice (the database's
// own log, its table, the disk's journal), and an alarm waits for each fsync until all of it is on the disk.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Below it the time that packing takes is more than what the disk saves. */
const WORTH_BYTES = 2_048
/** How a packed one begins (RFC 8878). An entry begins with its version, a finding with a brace. */
const ZSTD_MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd)
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** No entry is longer; bytes that say they are were not written here. */
const LONGEST = { maxOutputLength: 64 * 1024 * 1024 }

/** The bytes as they are stored. */
export function pack(data: Uint8Array): Uint8Array {
  const isMistakable = isPacked(data)
  if (data.length < WORTH_BYTES && !isMistakable) return data
  const packed = zstdCompressSync(data, FASTEST)
  return packed.length < data.length || isMistakable ? packed : data
}

/** The bytes as they were given. What cannot be unpacked is returned as it is: whoever reads it says that it is broken. */
export function unpack(stored: Uint8Array): Uint8Array {
  if (!isPacked(stored)) return stored
  try {
    return zstdDecompressSync(stored, LONGEST)
  } catch {
    return stored
  }
}

const isPacked = (bytes: Uint8Array): boolean =>
  bytes.length >= ZSTD_MAGIC.length && ZSTD_MAGIC.every((byte, place) => bytes[place] === byte)

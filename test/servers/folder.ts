// Where the tests of a run keep their folders: in memory where the machine has room for them, because an fsync there costs
// nothing. A process that is killed loses as little there as on a disk; what a disk does is for the benchmark.

import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const MEMORY = '/dev/shm'
/** A run holds some databases of a few megabytes at a time. */
const ROOM_BYTES = 2 * 1024 ** 3

/** The folder for temporary folders. */
export const quickFolder = (): string => (hasRoom(MEMORY) ? MEMORY : tmpdir())

function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return false // no such file system here
  }
}

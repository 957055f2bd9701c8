// Folders for databases whose tests ask nothing of a disk: in memory where the machine has room for them, because an
// fsync there costs nothing. What is about a disk (test/faults, test/e2e) takes the usual temporary folder.

import { mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** A run holds some databases of a few megabytes at a time. */
const ROOM_BYTES = 2 * 1024 ** 3

/** Makes a new folder; whoever asks for it removes it. */
export const quickFolder = (prefix: string): string =>
  mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), prefix))

function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return false // no such file system here
  }
}

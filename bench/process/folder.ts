// A temporary folder for the data of one target; it also goes when the benchmark is interrupted.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Folder = { path: string; remove(): Promise<void> }

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'anxin-bench-'))
  const remove = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    async remove() {
      process.off('exit', remove)
      remove()
    },
  }
}

// What a figure was measured on and with: without it a number says nothing.

import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'

export type Machine = {
  cpu: string
  memoryGb: number
  kernel: string
  node: string
  /** Of the folder that holds the data. */
  fileSystem: string
  programs: readonly string[]
  /** What else kept it busy in the minute before. */
  loadBefore: number
}

export function describeMachine(programs: readonly string[]): Machine {
  return {
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    fileSystem: fileSystem(),
    programs,
    loadBefore: loadavg()[0] ?? 0,
  }
}

/** Of the folder where targets keep their data. */
export const fileSystem = (): string => ask('findmnt', ['-n', '-o', 'FSTYPE', '-T', tmpdir()])

/** The first line that a program answers; its absence is told, not hidden. */
export function ask(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8' }).split('\n')[0]?.trim() ?? ''
  } catch {
    return `${program}: not there`
  }
}

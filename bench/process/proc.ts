// What Linux says about processes: their CPU time, what they had written to a disk, their memory. Children count
// with their parents, also those that are gone: Redis and PostgreSQL work in processes of their own.

import { readdirSync, readFileSync } from 'node:fs'

export type Usage = {
  /** User and system time, microseconds; Linux counts it in steps of ten milliseconds. */
  cpuMicros: number
  /** `write_bytes` of /proc/<pid>/io: what was caused to be written to storage. Processes that are gone are missed. */
  writtenBytes: number
}

export type Stat = { pid: number; parentPid: number; cpuTicks: number }

/** USER_HZ: what /proc counts in on every Linux. */
const TICK_MICROS = 10_000

/** Reads /proc/<pid>/stat; `cpuTicks` includes children that have ended and were waited for. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ') // a program's name may hold spaces and brackets
  const [, parentPid] = fields
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) // utime stime cutime cstime
  return { pid: Number.parseInt(text, 10), parentPid: Number(parentPid), cpuTicks: ticks }
}

/** The number behind `name:` in a file of /proc such as `io` or `status`; 0 when it is not there. */
export function parseField(text: string, name: string): number {
  const line = text.split('\n').find(line => line.startsWith(`${name}:`))
  return line === undefined ? 0 : Number.parseInt(line.slice(name.length + 1), 10)
}

/** These processes and everything below them. */
export function familyOf(roots: readonly number[], stats: readonly Stat[]): Stat[] {
  const wanted = new Set(roots)
  const found = stats.filter(({ pid }) => wanted.has(pid))
  for (const member of found) {
    for (const stat of stats) {
      if (stat.parentPid !== member.pid || wanted.has(stat.pid)) continue
      wanted.add(stat.pid)
      found.push(stat) // its own children follow when the loop comes to it
    }
  }
  return found
}

/** What the families of these processes have used since they began. */
export function usageOf(roots: readonly number[]): Usage {
  const family = familyOf(roots, allStats())
  const cpuMicros = family.reduce((sum, { cpuTicks }) => sum + cpuTicks * TICK_MICROS, 0)
  const writtenBytes = family.reduce((sum, { pid }) => sum + parseField(read(pid, 'io'), 'write_bytes'), 0)
  return { cpuMicros, writtenBytes }
}

/** Resident memory of one process that is its own and no file's, bytes. */
export const ownMemoryOf = (pid: number): number => parseField(read(pid, 'status'), 'RssAnon') * 1024

/** Waits until these families have been almost idle for a while: what they began on their own is done. */
export async function settled(
  roots: readonly number[],
  { forMs = 500, busyShare = 0.2, withinMs = 20_000 } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs
  for (let before = usageOf(roots); performance.now() < deadline; ) {
    const startedAt = performance.now()
    await new Promise(resolve => setTimeout(resolve, forMs))
    const now = usageOf(roots)
    const share = (now.cpuMicros - before.cpuMicros) / 1_000 / (performance.now() - startedAt)
    if (share < busyShare) return
    before = now
  }
}

function allStats(): Stat[] {
  return readdirSync('/proc')
    .filter(name => /^[0-9]+$/.test(name))
    .flatMap(name => {
      const text = read(Number(name), 'stat')
      return text === '' ? [] : [parseStat(text)]
    })
}

/** A file of a process; empty when the process has just ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

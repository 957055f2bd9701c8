// The disk alarm: a full disk stops everything that the hub promises, so it is said long before.

import { statfs } from 'node:fs/promises'
import type { HealthName } from '../model/health.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Check } from './readiness.ts'

const MIB = 2 ** 20

/** Free bytes for us on the disk that holds `path`. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

/** A check that is red while less than `minFreeBytes` are free on the disk of `dataDir`. */
export function diskCheck({
  dataDir,
  minFreeBytes,
  metrics,
  measure = freeBytes,
}: {
  dataDir: string
  minFreeBytes: number
  metrics: Metrics
  measure?: (path: string) => Promise<number>
}): Check {
  return {
    name: 'disk' satisfies HealthName,
    async check() {
      const free = await measure(dataDir)
      metrics.diskFreeBytes.set(free)
      const ok = free >= minFreeBytes
      const detail = `${mib(free)} MiB free${ok ? '' : `, at least ${mib(minFreeBytes)} MiB are needed`}`
      return ok ? { ok, detail } : { ok, reason: 'little_room', detail }
    },
  }
}

const mib = (bytes: number): number => Math.floor(bytes / MIB)

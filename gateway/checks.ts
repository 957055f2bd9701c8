// What a process of the hub stands on, as checks of its readiness: the records and the stream.

import type { OpenStream } from '../broker/stream.ts'
import type { Metrics } from '../model/metrics.ts'
import { lastSeq, proveWritable, type Records } from '../records/db.ts'
import type { Check } from './readiness.ts'

/** Writes as well as reads: a database that only answers cannot take an alarm. */
export const recordsCheck = (records: Records): Check => ({
  name: 'records',
  async check() {
    await proveWritable(records.db)
    return { ok: true, detail: `${await lastSeq(records.read, 'feed')} timeline entries` }
  },
})

/** From here on entries may no longer fit, and samples are dropped. */
const FULL_PERCENT = 99

/** Red when the stream does not answer, and when the lanes that have a bound are full. */
export function streamCheck({
  engine,
  metrics,
  boundBytes,
}: {
  engine: Pick<OpenStream, 'usage'>
  metrics: Metrics
  boundBytes: number
}): Check {
  return {
    name: 'stream',
    async check() {
      const { motionBytes, routineBytes } = await engine.usage()
      metrics.routineBytes.set(routineBytes)
      const percent = Math.round((Math.max(motionBytes, routineBytes) / boundBytes) * 100)
      const ok = percent < FULL_PERCENT
      const dropped = ok ? '' : ': they are dropped'
      return { ok, detail: `${percent} % of the room for routine messages is used${dropped}` }
    },
  }
}

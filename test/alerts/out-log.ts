// Findings as workers leave them: entries of the `out` logs of a real embedded stream.

import { openSqliteStream } from '../../broker/stream.sqlite.ts'
import { ownerLease } from '../../broker/stream.ts'
import type { Finding } from '../../model/finding.ts'
import type { Lane } from '../../model/lane.ts'
import type { Clock } from '../../model/time.ts'

export const PARTITIONS = 4

export type OutLog = Awaited<ReturnType<typeof openOutLog>>

export async function openOutLog({ dataDir, clock }: { dataDir: string; clock: Clock }) {
  const opened = await openSqliteStream({ dataDir, partitions: PARTITIONS, boundBytes: 1e9, clock })
  const { stream } = opened
  const fences = new Map<number, number>()
  const cursors = new Map<string, number>()

  /** One commit, with these entries. */
  async function commit(partition: number, lane: Lane, findings: readonly Uint8Array[]): Promise<void> {
    const lease = await stream.lease({ name: ownerLease(partition), owner: 'a-worker', ttlMs: 60_000 })
    const fence = lease?.fence ?? fences.get(partition) ?? 0
    fences.set(partition, fence)
    const expected = cursors.get(`${partition}/${lane}`) ?? 0
    cursors.set(`${partition}/${lane}`, expected + 1)
    const committed = await stream.commit({
      partition,
      lane,
      fence,
      expected: String(expected),
      cursor: String(expected + 1),
      findings,
    })
    if (committed !== 'committed') throw new Error(`a worker's commit was ${committed}`)
  }

  return {
    stream,
    close: opened.close,
    say: (partition: number, lane: Lane, ...findings: Finding[]) =>
      commit(partition, lane, [Buffer.from(JSON.stringify(findings))]),
    /** Many entries in one commit. */
    flood: (partition: number, lane: Lane, entries: readonly (readonly Finding[])[]) =>
      commit(
        partition,
        lane,
        entries.map(findings => Buffer.from(JSON.stringify(findings))),
      ),
    sayBytes: (partition: number, lane: Lane, text: string) => commit(partition, lane, [Buffer.from(text)]),
    /** How many entries are still kept. */
    async kept(partition: number, lane: Lane): Promise<number> {
      const all = await stream.read({
        partition,
        side: 'out',
        after: { [lane]: '0' },
        maxBytes: 1e9,
        waitMs: 0,
      })
      return all.length
    },
  }
}
